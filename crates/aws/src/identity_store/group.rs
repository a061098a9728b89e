//! Groups.

use super::{PAGE, Reader, Writer, attribute, by_name, text};
use crate::error::Error;
use crate::pages::pages;
use glidepath_model::identity_center::Group;

impl Reader {
    /// Every group, without its members.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_groups(&self) -> Result<Vec<Group>, Error> {
        const OPERATION: &str = "identitystore:ListGroups";
        let told = pages(OPERATION, |token| async move {
            let send = || {
                let ask = self.client.list_groups().identity_store_id(&self.store);
                ask.max_results(PAGE).set_next_token(token.clone()).send()
            };
            let page = self.session.read(OPERATION, send).await?;
            Ok((page.groups, page.next_token))
        });
        let group = |told: aws_sdk_identitystore::types::Group| Group {
            id: told.group_id,
            name: told.display_name.unwrap_or_default(),
            description: told.description.unwrap_or_default(),
            members: None,
        };
        Ok(told.await?.into_iter().map(group).collect())
    }

    /// The id of the group of a name; none if there is none.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn group_id(&self, name: &str) -> Result<Option<String>, Error> {
        const OPERATION: &str = "identitystore:GetGroupId";
        let named = by_name(OPERATION, "displayName", name)?;
        let send = || {
            let ask = self.client.get_group_id().identity_store_id(&self.store);
            ask.alternate_identifier(named.clone()).send()
        };
        match self.session.read(OPERATION, send).await {
            Ok(told) => Ok(Some(told.group_id)),
            Err(error) => error.settled("ResourceNotFoundException", None),
        }
    }

    /// The name of a group; none where it is gone.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn group_name(&self, id: &str) -> Result<Option<String>, Error> {
        const OPERATION: &str = "identitystore:DescribeGroup";
        let send = || self.client.describe_group().identity_store_id(&self.store).group_id(id).send();
        match self.session.read(OPERATION, send).await {
            Ok(told) => Ok(told.display_name),
            Err(error) => error.settled("ResourceNotFoundException", None),
        }
    }
}

impl Writer {
    /// Makes a group, and gives its id. One of the same name is told by `ConflictException`.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn create_group(&self, name: &str, description: &str) -> Result<String, Error> {
        const OPERATION: &str = "identitystore:CreateGroup";
        let described = (!description.is_empty()).then(|| description.to_owned());
        let send = || {
            let ask = self.client.create_group().identity_store_id(&self.store).display_name(name);
            ask.set_description(described.clone()).send()
        };
        self.write(OPERATION, send).await.map(|told| told.group_id)
    }

    /// Gives a group another description; an empty one takes it away.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn describe_group(&self, id: &str, description: &str) -> Result<(), Error> {
        const OPERATION: &str = "identitystore:UpdateGroup";
        let change = attribute(OPERATION, "description", text(description))?;
        let send = || {
            let ask = self.client.update_group().identity_store_id(&self.store).group_id(id);
            ask.operations(change.clone()).send()
        };
        self.write(OPERATION, send).await.map(drop)
    }

    /// Deletes a group; one that is gone is no error.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn delete_group(&self, id: &str) -> Result<(), Error> {
        const OPERATION: &str = "identitystore:DeleteGroup";
        let send = || self.client.delete_group().identity_store_id(&self.store).group_id(id).send();
        match self.write(OPERATION, send).await {
            Ok(_) => Ok(()),
            Err(error) => error.settled("ResourceNotFoundException", ()),
        }
    }
}

//! Who is in a group.

use super::{PAGE, Reader, Writer, malformed};
use crate::error::Error;
use crate::pages::pages;
use aws_sdk_identitystore::types::MemberId;

/// One user in one group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Membership {
    /// Its id.
    pub id: String,
    /// The user's id.
    pub user: String,
}

impl Reader {
    /// Everybody in a group; nobody where the group is gone.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_memberships(&self, group: &str) -> Result<Vec<Membership>, Error> {
        const OPERATION: &str = "identitystore:ListGroupMemberships";
        let told = pages(OPERATION, |token| async move {
            let send = || {
                let ask = self.client.list_group_memberships().identity_store_id(&self.store).group_id(group);
                ask.max_results(PAGE).set_next_token(token.clone()).send()
            };
            let page = self.session.read(OPERATION, send).await?;
            Ok((page.group_memberships, page.next_token))
        });
        let told = match told.await {
            Ok(told) => told,
            Err(error) => return error.settled("ResourceNotFoundException", Vec::new()),
        };
        told.into_iter()
            .map(|told| {
                let user = match told.member_id {
                    Some(MemberId::UserId(user)) => user,
                    Some(_) | None => return Err(malformed(OPERATION, "`MemberId` is missing")),
                };
                Ok(Membership { id: told.membership_id, user })
            })
            .collect()
    }
}

impl Writer {
    /// Puts a user into a group. One who is in it already is told by `ConflictException`.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn create_membership(&self, group: &str, user: &str) -> Result<(), Error> {
        const OPERATION: &str = "identitystore:CreateGroupMembership";
        let send = || {
            let ask = self.client.create_group_membership().identity_store_id(&self.store).group_id(group);
            ask.member_id(MemberId::UserId(user.to_owned())).send()
        };
        match self.write(OPERATION, send).await {
            Ok(_) => Ok(()),
            Err(error) => error.settled("ConflictException", ()),
        }
    }

    /// Takes a user out of a group, by the membership's id; one that is gone is no error.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn delete_membership(&self, id: &str) -> Result<(), Error> {
        const OPERATION: &str = "identitystore:DeleteGroupMembership";
        let send =
            || self.client.delete_group_membership().identity_store_id(&self.store).membership_id(id).send();
        match self.write(OPERATION, send).await {
            Ok(_) => Ok(()),
            Err(error) => error.settled("ResourceNotFoundException", ()),
        }
    }
}

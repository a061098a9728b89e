//! Users.

use super::{PAGE, Reader, Writer, attribute, by_name, text};
use crate::error::Error;
use crate::pages::pages;
use aws_sdk_identitystore::types::{Email, Name};
use aws_smithy_types::Document;
use glidepath_model::identity_center::User;
use std::collections::HashMap;

impl Reader {
    /// Every user.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_users(&self) -> Result<Vec<User>, Error> {
        const OPERATION: &str = "identitystore:ListUsers";
        let told = pages(OPERATION, |token| async move {
            let send = || {
                let ask = self.client.list_users().identity_store_id(&self.store);
                ask.max_results(PAGE).set_next_token(token.clone()).send()
            };
            let page = self.session.read(OPERATION, send).await?;
            Ok((page.users, page.next_token))
        });
        Ok(told.await?.into_iter().map(user).collect())
    }

    /// The id of the user of a name; none if there is none.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn user_id(&self, name: &str) -> Result<Option<String>, Error> {
        const OPERATION: &str = "identitystore:GetUserId";
        let named = by_name(OPERATION, "userName", name)?;
        let send = || {
            let ask = self.client.get_user_id().identity_store_id(&self.store);
            ask.alternate_identifier(named.clone()).send()
        };
        match self.session.read(OPERATION, send).await {
            Ok(told) => Ok(Some(told.user_id)),
            Err(error) => error.settled("ResourceNotFoundException", None),
        }
    }

    /// The user name of a user; none where the user is gone.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn user_name(&self, id: &str) -> Result<Option<String>, Error> {
        const OPERATION: &str = "identitystore:DescribeUser";
        let send = || self.client.describe_user().identity_store_id(&self.store).user_id(id).send();
        match self.session.read(OPERATION, send).await {
            Ok(told) => Ok(told.user_name),
            Err(error) => error.settled("ResourceNotFoundException", None),
        }
    }
}

impl Writer {
    /// Makes a user, and gives the id. One of the same name is told by `ConflictException`. What `user` says of an id
    /// is not looked at.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn create_user(&self, user: &User) -> Result<String, Error> {
        const OPERATION: &str = "identitystore:CreateUser";
        let name = Name::builder().given_name(&user.given).family_name(&user.family).build();
        let emails = (!user.email.is_empty()).then(|| vec![email(&user.email)]);
        let send = || {
            let ask = self.client.create_user().identity_store_id(&self.store).user_name(&user.name);
            let ask = ask.display_name(&user.display).name(name.clone());
            ask.set_emails(emails.clone()).send()
        };
        self.write(OPERATION, send).await.map(|told| told.user_id)
    }

    /// Gives a user other names and another e-mail address; the user name stays.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn update_user(&self, id: &str, user: &User) -> Result<(), Error> {
        const OPERATION: &str = "identitystore:UpdateUser";
        let email = |address: &str| {
            Document::Object(HashMap::from([
                ("value".to_owned(), Document::String(address.to_owned())),
                ("type".to_owned(), Document::String(WORK.to_owned())),
                ("primary".to_owned(), Document::Bool(true)),
            ]))
        };
        let emails = (!user.email.is_empty()).then(|| Document::Array(vec![email(&user.email)]));
        let changes = [
            ("displayName", text(&user.display)),
            ("name.givenName", text(&user.given)),
            ("name.familyName", text(&user.family)),
            ("emails", emails),
        ];
        let changes: Result<Vec<_>, Error> =
            changes.into_iter().map(|(path, value)| attribute(OPERATION, path, value)).collect();
        let changes = changes?;
        let send = || {
            let ask = self.client.update_user().identity_store_id(&self.store).user_id(id);
            ask.set_operations(Some(changes.clone())).send()
        };
        self.write(OPERATION, send).await.map(drop)
    }

    /// Deletes a user; one who is gone is no error.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn delete_user(&self, id: &str) -> Result<(), Error> {
        const OPERATION: &str = "identitystore:DeleteUser";
        let send = || self.client.delete_user().identity_store_id(&self.store).user_id(id).send();
        match self.write(OPERATION, send).await {
            Ok(_) => Ok(()),
            Err(error) => error.settled("ResourceNotFoundException", ()),
        }
    }
}

/// The kind of the one e-mail address that is looked after.
const WORK: &str = "work";

fn email(address: &str) -> Email {
    Email::builder().value(address).r#type(WORK).primary(true).build()
}

fn user(told: aws_sdk_identitystore::types::User) -> User {
    let (given, family) = told.name.map(|name| (name.given_name, name.family_name)).unwrap_or_default();
    let emails = told.emails.unwrap_or_default();
    let primary = emails.iter().find(|email| email.primary).or_else(|| emails.first());
    User {
        id: told.user_id,
        name: told.user_name.unwrap_or_default(),
        display: told.display_name.unwrap_or_default(),
        given: given.unwrap_or_default(),
        family: family.unwrap_or_default(),
        email: primary.and_then(|email| email.value.clone()).unwrap_or_default(),
    }
}

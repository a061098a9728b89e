//! Alternate contacts, of the Account Management service: read as the account they belong to, each account at its own
//! rate; written by the management account, which names the member.
//!
//! API reference: <https://docs.aws.amazon.com/accounts/latest/reference/api-reference.html>

use crate::core::AccessMode;
use crate::error::Error;
use crate::permit::WritePermit;
use crate::session::Session;
use crate::signed::Request;
use crate::watch::Ticket;
use glidepath_model::AccountId;
use glidepath_model::account_settings::{AlternateContact, ContactKind};
use glidepath_model::operations::Access;
use http::Method;
use serde_json::{Value, json};

/// What the service answers where there is no such contact.
const NO_CONTACT: &str = "ResourceNotFoundException";

/// Reads the contacts of the session's account.
#[derive(Debug, Clone)]
pub struct Reader {
    session: Session,
}

impl Reader {
    /// A reader that calls as this session.
    #[must_use]
    pub fn new(session: &Session) -> Self {
        Self { session: session.clone() }
    }

    /// The contact of a kind; none where there is none.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn contact(&self, kind: ContactKind) -> Result<Option<AlternateContact>, Error> {
        const OPERATION: &str = "account:GetAlternateContact";
        let ticket = Ticket { operation: OPERATION, access: Access::Read };
        let body = json!({"AlternateContactType": kind.api_name()});
        let request = Request::rest_json("account", Method::POST, "/getAlternateContact", &body);
        let region = self.session.control_region();
        let told = match self.session.signed(ticket, region.as_ref(), &request).await {
            Ok(told) => told,
            Err(error) => return error.settled(NO_CONTACT, None),
        };
        let malformed = |problem: String| Error::Malformed { operation: OPERATION, problem };
        let told: Value = serde_json::from_slice(&told).map_err(|error| malformed(error.to_string()))?;
        let text = |member: &str| {
            let found = told.pointer(&format!("/AlternateContact/{member}")).and_then(Value::as_str);
            found.map(str::to_owned).ok_or_else(|| malformed(format!("`{member}` is missing")))
        };
        Ok(Some(AlternateContact {
            name: text("Name")?,
            title: text("Title")?,
            email: text("EmailAddress")?,
            phone: text("PhoneNumber")?,
        }))
    }
}

/// Changes contacts, as the management account.
#[derive(Debug, Clone)]
pub struct Writer {
    session: Session,
}

impl Writer {
    /// A writer that calls as this session.
    ///
    /// # Errors
    /// [`Error::WriteRefused`] in a run that was connected with [`AccessMode::ReadOnly`].
    pub fn new(session: &Session, _: &WritePermit) -> Result<Self, Error> {
        match session.core().access {
            AccessMode::ReadOnly => Err(Error::WriteRefused { operation: "account:*".to_owned() }),
            AccessMode::ReadWrite => Ok(Self { session: session.clone() }),
        }
    }

    /// Gives an account a contact, in place of the one it had. `member` is none for the account that calls: AWS refuses
    /// the management account that names itself.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn put(
        &self,
        member: Option<&AccountId>,
        kind: ContactKind,
        contact: &AlternateContact,
    ) -> Result<(), Error> {
        let ticket = Ticket { operation: "account:PutAlternateContact", access: Access::Write };
        let AlternateContact { name, title, email, phone } = contact;
        let mut body = json!({
            "AlternateContactType": kind.api_name(), "Name": name, "Title": title, "EmailAddress": email,
            "PhoneNumber": phone,
        });
        if let (Some(member), Some(members)) = (member, body.as_object_mut()) {
            members.insert("AccountId".to_owned(), member.as_str().into());
        }
        let request = Request::rest_json("account", Method::POST, "/putAlternateContact", &body);
        let region = self.session.control_region();
        self.session.signed(ticket, region.as_ref(), &request).await.map(drop)
    }
}

//! What an account has once in a Region, of six services: a [`Reader`] that tells whether it is there and how, and a
//! [`Writer`] that takes away those that hold settings alone.
//!
//! API references: <https://docs.aws.amazon.com/config/latest/APIReference/>,
//! <https://docs.aws.amazon.com/guardduty/latest/APIReference/>,
//! <https://docs.aws.amazon.com/securityhub/1.0/APIReference/>,
//! <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/>,
//! <https://docs.aws.amazon.com/systems-manager/latest/APIReference/>

use crate::core::AccessMode;
use crate::error::Error;
use crate::permit::WritePermit;
use crate::session::Session;
use crate::signed::Request;
use crate::watch::Ticket;
use glidepath_model::operations::Access;
use glidepath_model::singleton::{Existing, SESSION_PREFERENCES, Singleton};
use http::Method;
use serde_json::{Map, Value, json};

/// What AWS Config calls its operations.
const CONFIG: &str = "StarlingDoveService";
/// What Systems Manager calls its operations.
const SSM: &str = "AmazonSSM";
/// What Security Hub answers where nobody enabled it.
const NOT_ENABLED: &str = "InvalidAccessException";
const NO_HUB: &str = "ResourceNotFoundException";
/// What Systems Manager answers where there is no such document.
const NO_DOCUMENT: &str = "InvalidDocument";

/// Tells what is there of an account and Region.
#[derive(Debug, Clone)]
pub struct Reader {
    session: Session,
    region: String,
}

impl Reader {
    /// A reader that calls as this session, in a Region.
    #[must_use]
    pub fn new(session: &Session, region: &str) -> Self {
        Self { session: session.clone(), region: region.to_owned() }
    }

    /// The one that is there; none where there is none.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn find(&self, singleton: Singleton) -> Result<Option<Existing>, Error> {
        match singleton {
            Singleton::ConfigRecorder => self.recorder().await,
            Singleton::DeliveryChannel => self.channel().await,
            Singleton::Detector => self.detector().await,
            Singleton::Hub => self.hub().await,
            Singleton::Analyzer => self.analyzer().await,
            Singleton::SessionPreferences => self.preferences().await,
        }
    }

    async fn ask(&self, operation: &'static str, request: &Request) -> Result<Value, Error> {
        let ticket = Ticket { operation, access: Access::Read };
        let body = self.session.signed(ticket, &self.region, request).await?;
        serde_json::from_slice(&body)
            .map_err(|error| Error::Malformed { operation, problem: error.to_string() })
    }

    async fn recorder(&self) -> Result<Option<Existing>, Error> {
        const OPERATION: &str = "config:DescribeConfigurationRecorders";
        const STATUS: &str = "config:DescribeConfigurationRecorderStatus";
        let request =
            Request::json("config", &format!("{CONFIG}.DescribeConfigurationRecorders"), &json!({}));
        let told = self.ask(OPERATION, &request).await?;
        // One that a service made for itself stands beside that of the customer.
        let own =
            list(&told, "ConfigurationRecorders").iter().find(|one| one.get("servicePrincipal").is_none());
        let Some(found) = own else { return Ok(None) };
        let name = text(OPERATION, found, "name")?;
        let request =
            Request::json("config", &format!("{CONFIG}.DescribeConfigurationRecorderStatus"), &json!({}));
        let told = self.ask(STATUS, &request).await?;
        let status = list(&told, "ConfigurationRecordersStatus")
            .iter()
            .find(|one| one.get("name").and_then(Value::as_str) == Some(&name));
        let recording = status.and_then(|status| status.get("recording")).and_then(Value::as_bool);
        let mut properties = capitalized(found);
        if let Value::Object(members) = &mut properties {
            members.insert("StartedOnCreate".to_owned(), recording.unwrap_or_default().into());
        }
        Ok(Some(Existing { id: name, properties }))
    }

    async fn channel(&self) -> Result<Option<Existing>, Error> {
        const OPERATION: &str = "config:DescribeDeliveryChannels";
        let request = Request::json("config", &format!("{CONFIG}.DescribeDeliveryChannels"), &json!({}));
        let told = self.ask(OPERATION, &request).await?;
        let Some(found) = list(&told, "DeliveryChannels").first() else { return Ok(None) };
        Ok(Some(Existing { id: text(OPERATION, found, "name")?, properties: capitalized(found) }))
    }

    async fn detector(&self) -> Result<Option<Existing>, Error> {
        const LIST: &str = "guardduty:ListDetectors";
        const GET: &str = "guardduty:GetDetector";
        let told = self.ask(LIST, &Request::rest("guardduty", Method::GET, "/detector")).await?;
        let Some(id) = list(&told, "detectorIds").first().and_then(Value::as_str) else { return Ok(None) };
        if !id.chars().all(|character| character.is_ascii_alphanumeric()) {
            return Err(Error::Malformed { operation: LIST, problem: "a detector's id is no id".to_owned() });
        }
        let found =
            self.ask(GET, &Request::rest("guardduty", Method::GET, format!("/detector/{id}"))).await?;
        let mut properties = capitalized(&found);
        if let Value::Object(members) = &mut properties {
            let enabled = found.get("status").and_then(Value::as_str) == Some("ENABLED");
            members.insert("Enable".to_owned(), enabled.into());
        }
        Ok(Some(Existing { id: id.to_owned(), properties }))
    }

    async fn hub(&self) -> Result<Option<Existing>, Error> {
        const OPERATION: &str = "securityhub:DescribeHub";
        match self.ask(OPERATION, &Request::rest("securityhub", Method::GET, "/accounts")).await {
            Ok(found) => Ok(Some(Existing { id: text(OPERATION, &found, "HubArn")?, properties: found })),
            Err(error) if [Some(NOT_ENABLED), Some(NO_HUB)].contains(&error.code()) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn analyzer(&self) -> Result<Option<Existing>, Error> {
        const OPERATION: &str = "access-analyzer:ListAnalyzers";
        let request = Request::rest("access-analyzer", Method::GET, "/analyzer?type=ACCOUNT");
        let told = self.ask(OPERATION, &request).await?;
        let Some(found) = list(&told, "analyzers").first() else { return Ok(None) };
        Ok(Some(Existing { id: text(OPERATION, found, "name")?, properties: capitalized(found) }))
    }

    async fn preferences(&self) -> Result<Option<Existing>, Error> {
        const OPERATION: &str = "ssm:GetDocument";
        let request =
            Request::json("ssm", &format!("{SSM}.GetDocument"), &json!({"Name": SESSION_PREFERENCES}));
        let found = match self.ask(OPERATION, &request).await {
            Ok(found) => found,
            Err(error) => return error.settled(NO_DOCUMENT, None),
        };
        let content = text(OPERATION, &found, "Content")?;
        // One that is no JSON is as different as any.
        let content: Value = serde_json::from_str(&content).unwrap_or(Value::String(content));
        Ok(Some(Existing { id: SESSION_PREFERENCES.to_owned(), properties: json!({"Content": content}) }))
    }
}

/// Takes away what holds settings alone.
#[derive(Debug, Clone)]
pub struct Writer {
    session: Session,
    region: String,
}

impl Writer {
    /// A writer that calls as this session, in a Region.
    ///
    /// # Errors
    /// [`Error::WriteRefused`] in a run that was connected with [`AccessMode::ReadOnly`].
    pub fn new(session: &Session, region: &str, _: &WritePermit) -> Result<Self, Error> {
        match session.core().access {
            AccessMode::ReadOnly => Err(Error::WriteRefused { operation: "config:*".to_owned() }),
            AccessMode::ReadWrite => Ok(Self { session: session.clone(), region: region.to_owned() }),
        }
    }

    async fn tell(
        &self,
        operation: &'static str,
        (service, target): (&'static str, &str),
        body: &Value,
    ) -> Result<(), Error> {
        let ticket = Ticket { operation, access: Access::Write };
        let request = Request::json(service, target, body);
        self.session.signed(ticket, &self.region, &request).await.map(drop)
    }

    /// Stops a recorder of AWS Config: only then its channel can be deleted. One that is gone is stopped.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn stop_recorder(&self, name: &str) -> Result<(), Error> {
        let target = format!("{CONFIG}.StopConfigurationRecorder");
        let body = json!({"ConfigurationRecorderName": name});
        let done = self.tell("config:StopConfigurationRecorder", ("config", &target), &body).await;
        done.or_else(|error| error.settled("NoSuchConfigurationRecorderException", ()))
    }

    /// Deletes a recorder of AWS Config. What it recorded stays.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn delete_recorder(&self, name: &str) -> Result<(), Error> {
        let target = format!("{CONFIG}.DeleteConfigurationRecorder");
        let body = json!({"ConfigurationRecorderName": name});
        let done = self.tell("config:DeleteConfigurationRecorder", ("config", &target), &body).await;
        done.or_else(|error| error.settled("NoSuchConfigurationRecorderException", ()))
    }

    /// Deletes a delivery channel of AWS Config. What it delivered stays.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn delete_channel(&self, name: &str) -> Result<(), Error> {
        let target = format!("{CONFIG}.DeleteDeliveryChannel");
        let body = json!({"DeliveryChannelName": name});
        let done = self.tell("config:DeleteDeliveryChannel", ("config", &target), &body).await;
        done.or_else(|error| error.settled("NoSuchDeliveryChannelException", ()))
    }

    /// Deletes the preferences of Session Manager.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn delete_preferences(&self) -> Result<(), Error> {
        let target = format!("{SSM}.DeleteDocument");
        let body = json!({"Name": SESSION_PREFERENCES});
        let done = self.tell("ssm:DeleteDocument", ("ssm", &target), &body).await;
        done.or_else(|error| error.settled(NO_DOCUMENT, ()))
    }
}

fn list<'a>(told: &'a Value, member: &str) -> &'a [Value] {
    told.get(member).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn text(operation: &'static str, told: &Value, member: &str) -> Result<String, Error> {
    let found = told.get(member).and_then(Value::as_str).map(str::to_owned);
    found.ok_or_else(|| Error::Malformed { operation, problem: format!("`{member}` is missing") })
}

/// A value with every member's name begun by a capital letter, as CloudFormation writes them.
fn capitalized(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let named = members.iter().map(|(name, member)| {
                let mut letters = name.chars();
                let first = letters.next().map(|first| first.to_ascii_uppercase());
                (first.into_iter().chain(letters).collect::<String>(), capitalized(member))
            });
            Value::Object(named.collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.iter().map(capitalized).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

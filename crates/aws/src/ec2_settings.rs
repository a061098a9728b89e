//! What EC2 keeps of an account in a Region: defaults for volumes, instances, snapshots, images and serial consoles. Its
//! default VPC is in `default_vpc`.
//!
//! API reference: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Welcome.html>

mod default_vpc;

use crate::core::AccessMode;
use crate::error::Error;
use crate::permit::WritePermit;
use crate::session::Session;
use crate::signed::Request;
use crate::watch::Ticket;
use crate::xml::{self, Element};
use glidepath_model::account_settings::{HttpTokens, InstanceMetadata, Preference, SnapshotBlock};
use glidepath_model::operations::Access;

/// The state of images that cannot be shared with everybody any more.
const BLOCKED: &str = "block-new-sharing";
/// What clears the hop limit.
const NO_LIMIT: &str = "-1";

/// Reads the settings of the session's account in a Region.
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

    /// Whether new volumes are encrypted.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn ebs_encryption(&self) -> Result<bool, Error> {
        const OPERATION: &str = "ec2:GetEbsEncryptionByDefault";
        let told = self.ask(OPERATION, "GetEbsEncryptionByDefault", &[]).await?;
        flag(OPERATION, &told, "ebsEncryptionByDefault")
    }

    /// The key that encrypts new volumes, as AWS names it: an ARN, an id or an alias.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn ebs_key(&self) -> Result<String, Error> {
        const OPERATION: &str = "ec2:GetEbsDefaultKmsKeyId";
        let told = self.ask(OPERATION, "GetEbsDefaultKmsKeyId", &[]).await?;
        text(OPERATION, &told, "kmsKeyId").map(str::to_owned)
    }

    /// Defaults for the metadata of new instances. A member without a preference says so, but for the hop limit, which is
    /// left out.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn instance_metadata(&self) -> Result<InstanceMetadata, Error> {
        const OPERATION: &str = "ec2:GetInstanceMetadataDefaults";
        let told = self.ask(OPERATION, "GetInstanceMetadataDefaults", &[]).await?;
        let level = told.child("accountLevel");
        let word =
            |member: &str| level.and_then(|level| level.text_of(member)).filter(|word| !word.is_empty());
        let unknown = |member: &str| malformed(OPERATION, format!("`{member}` is none that is known"));
        let preference = |member: &str| match word(member) {
            None => Ok(Preference::NoPreference),
            Some(word) => Preference::from_word(word).ok_or_else(|| unknown(member)),
        };
        let http_tokens = match word("httpTokens") {
            None => HttpTokens::NoPreference,
            Some(word) => HttpTokens::from_word(word).ok_or_else(|| unknown("httpTokens"))?,
        };
        let hop_limit = match word("httpPutResponseHopLimit").filter(|limit| *limit != NO_LIMIT) {
            None => None,
            Some(limit) => Some(limit.parse().map_err(|_| unknown("httpPutResponseHopLimit"))?),
        };
        Ok(InstanceMetadata {
            http_tokens: Some(http_tokens),
            hop_limit,
            endpoint: Some(preference("httpEndpoint")?),
            tags: Some(preference("instanceMetadataTags")?),
        })
    }

    /// Whether instances can be reached by their serial consoles.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn serial_console(&self) -> Result<bool, Error> {
        const OPERATION: &str = "ec2:GetSerialConsoleAccessStatus";
        let told = self.ask(OPERATION, "GetSerialConsoleAccessStatus", &[]).await?;
        flag(OPERATION, &told, "serialConsoleAccessEnabled")
    }

    /// Whether snapshots can be shared with everybody.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn snapshot_block(&self) -> Result<SnapshotBlock, Error> {
        const OPERATION: &str = "ec2:GetSnapshotBlockPublicAccessState";
        let told = self.ask(OPERATION, "GetSnapshotBlockPublicAccessState", &[]).await?;
        let state = SnapshotBlock::from_word(text(OPERATION, &told, "state")?);
        state.ok_or_else(|| malformed(OPERATION, "`state` is none that is known"))
    }

    /// Whether sharing of images with everybody is blocked.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn image_block(&self) -> Result<bool, Error> {
        const OPERATION: &str = "ec2:GetImageBlockPublicAccessState";
        let told = self.ask(OPERATION, "GetImageBlockPublicAccessState", &[]).await?;
        Ok(text(OPERATION, &told, "imageBlockPublicAccessState")? == BLOCKED)
    }

    async fn ask(
        &self,
        operation: &'static str,
        action: &str,
        members: &[(&str, &str)],
    ) -> Result<Element, Error> {
        let ticket = Ticket { operation, access: Access::Read };
        let told = self.session.signed(ticket, &self.region, &Request::ec2(action, members)).await?;
        xml::parse(&told).map_err(|problem| malformed(operation, problem))
    }
}

fn text<'a>(operation: &'static str, told: &'a Element, member: &str) -> Result<&'a str, Error> {
    let found = told.text_of(member).filter(|text| !text.is_empty());
    found.ok_or_else(|| malformed(operation, format!("`{member}` is missing")))
}

fn flag(operation: &'static str, told: &Element, member: &str) -> Result<bool, Error> {
    match text(operation, told, member)? {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(malformed(operation, format!("`{member}` is neither true nor false"))),
    }
}

fn malformed(operation: &'static str, problem: impl Into<String>) -> Error {
    Error::Malformed { operation, problem: problem.into() }
}

/// Changes the settings of the session's account in a Region.
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
            AccessMode::ReadOnly => Err(Error::WriteRefused { operation: "ec2:*".to_owned() }),
            AccessMode::ReadWrite => Ok(Self { session: session.clone(), region: region.to_owned() }),
        }
    }

    /// Says whether new volumes are encrypted. Those that are there stay as they are.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn set_ebs_encryption(&self, on: bool) -> Result<(), Error> {
        let (operation, action) = match on {
            true => ("ec2:EnableEbsEncryptionByDefault", "EnableEbsEncryptionByDefault"),
            false => ("ec2:DisableEbsEncryptionByDefault", "DisableEbsEncryptionByDefault"),
        };
        self.tell(operation, action, &[]).await
    }

    /// Says which key encrypts new volumes, by its ARN, id or alias.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn set_ebs_key(&self, key: &str) -> Result<(), Error> {
        self.tell("ec2:ModifyEbsDefaultKmsKeyId", "ModifyEbsDefaultKmsKeyId", &[("KmsKeyId", key)]).await
    }

    /// Sets the defaults that are given; the others stay.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn set_instance_metadata(&self, metadata: &InstanceMetadata) -> Result<(), Error> {
        let limit = metadata.hop_limit.map(|limit| limit.to_string());
        let members = [
            ("HttpTokens", metadata.http_tokens.map(HttpTokens::word)),
            ("HttpPutResponseHopLimit", limit.as_deref()),
            ("HttpEndpoint", metadata.endpoint.map(Preference::word)),
            ("InstanceMetadataTags", metadata.tags.map(Preference::word)),
        ];
        let members: Vec<(&str, &str)> =
            members.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        self.tell("ec2:ModifyInstanceMetadataDefaults", "ModifyInstanceMetadataDefaults", &members).await
    }

    /// Says whether instances can be reached by their serial consoles.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn set_serial_console(&self, on: bool) -> Result<(), Error> {
        let (operation, action) = match on {
            true => ("ec2:EnableSerialConsoleAccess", "EnableSerialConsoleAccess"),
            false => ("ec2:DisableSerialConsoleAccess", "DisableSerialConsoleAccess"),
        };
        self.tell(operation, action, &[]).await
    }

    /// Says whether snapshots can be shared with everybody.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn set_snapshot_block(&self, block: SnapshotBlock) -> Result<(), Error> {
        match block {
            SnapshotBlock::Unblocked => {
                let action = "DisableSnapshotBlockPublicAccess";
                self.tell("ec2:DisableSnapshotBlockPublicAccess", action, &[]).await
            }
            SnapshotBlock::BlockAllSharing | SnapshotBlock::BlockNewSharing => {
                let action = "EnableSnapshotBlockPublicAccess";
                self.tell("ec2:EnableSnapshotBlockPublicAccess", action, &[("State", block.word())]).await
            }
        }
    }

    /// Says whether sharing of images with everybody is blocked. AWS may take ten minutes until it shows.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn set_image_block(&self, on: bool) -> Result<(), Error> {
        if on {
            let action = "EnableImageBlockPublicAccess";
            let members = [("ImageBlockPublicAccessState", BLOCKED)];
            self.tell("ec2:EnableImageBlockPublicAccess", action, &members).await
        } else {
            self.tell("ec2:DisableImageBlockPublicAccess", "DisableImageBlockPublicAccess", &[]).await
        }
    }

    async fn tell(
        &self,
        operation: &'static str,
        action: &str,
        members: &[(&str, &str)],
    ) -> Result<(), Error> {
        let ticket = Ticket { operation, access: Access::Write };
        self.session.signed(ticket, &self.region, &Request::ec2(action, members)).await.map(drop)
    }
}

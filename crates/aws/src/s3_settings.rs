//! What Amazon S3 keeps of an account as a whole: what none of its buckets may make public. Set once for all Regions.
//!
//! API reference: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_AWS_S3_Control.html>

use crate::core::AccessMode;
use crate::error::Error;
use crate::permit::WritePermit;
use crate::session::Session;
use crate::signed::Request;
use crate::watch::Ticket;
use crate::xml;
use glidepath_model::AccountId;
use glidepath_model::account_settings::PublicAccessBlock;
use glidepath_model::operations::Access;
use http::Method;

/// Where the settings are.
const PATH: &str = "/v20180820/configuration/publicAccessBlock";
/// What S3 answers where nobody has set any.
const NOT_SET: &str = "NoSuchPublicAccessBlockConfiguration";

/// Reads the settings of the session's account.
#[derive(Debug, Clone)]
pub struct Reader {
    session: Session,
    account: AccountId,
    region: String,
}

impl Reader {
    /// A reader that calls as this session, which is one in `account`. `region` is where it asks; all answer the same.
    #[must_use]
    pub fn new(session: &Session, account: &AccountId, region: &str) -> Self {
        Self { session: session.clone(), account: account.clone(), region: region.to_owned() }
    }

    /// What none of the account's buckets may make public: nothing where nobody has set it.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn public_access_block(&self) -> Result<PublicAccessBlock, Error> {
        const OPERATION: &str = "s3control:GetPublicAccessBlock";
        let ticket = Ticket { operation: OPERATION, access: Access::Read };
        let request = Request::s3_control(&self.account, Method::GET, PATH, String::new());
        let told = match self.session.signed(ticket, &self.region, &request).await {
            Ok(told) => told,
            Err(error) => return error.settled(NOT_SET, PublicAccessBlock::default()),
        };
        let told = xml::parse(&told).map_err(|problem| Error::Malformed { operation: OPERATION, problem })?;
        // What is left out is off.
        let is_on = |name: &str| told.text_of(name).is_some_and(|text| text.eq_ignore_ascii_case("true"));
        Ok(PublicAccessBlock {
            block_public_acls: is_on("BlockPublicAcls"),
            ignore_public_acls: is_on("IgnorePublicAcls"),
            block_public_policy: is_on("BlockPublicPolicy"),
            restrict_public_buckets: is_on("RestrictPublicBuckets"),
        })
    }
}

/// Changes the settings of the session's account.
#[derive(Debug, Clone)]
pub struct Writer {
    session: Session,
    account: AccountId,
    region: String,
}

impl Writer {
    /// A writer that calls as this session, which is one in `account`.
    ///
    /// # Errors
    /// [`Error::WriteRefused`] in a run that was connected with [`AccessMode::ReadOnly`].
    pub fn new(session: &Session, account: &AccountId, region: &str, _: &WritePermit) -> Result<Self, Error> {
        match session.core().access {
            AccessMode::ReadOnly => Err(Error::WriteRefused { operation: "s3control:*".to_owned() }),
            AccessMode::ReadWrite => {
                Ok(Self { session: session.clone(), account: account.clone(), region: region.to_owned() })
            }
        }
    }

    /// Sets what none of the account's buckets may make public.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn put_public_access_block(&self, block: PublicAccessBlock) -> Result<(), Error> {
        let ticket = Ticket { operation: "s3control:PutPublicAccessBlock", access: Access::Write };
        // Nothing in it comes from outside, so there is nothing to escape.
        let body = format!(
            "<PublicAccessBlockConfiguration xmlns=\"http://awss3control.amazonaws.com/doc/2018-08-20/\">\
             <BlockPublicAcls>{}</BlockPublicAcls><IgnorePublicAcls>{}</IgnorePublicAcls>\
             <BlockPublicPolicy>{}</BlockPublicPolicy><RestrictPublicBuckets>{}</RestrictPublicBuckets>\
             </PublicAccessBlockConfiguration>",
            block.block_public_acls,
            block.ignore_public_acls,
            block.block_public_policy,
            block.restrict_public_buckets
        );
        let request = Request::s3_control(&self.account, Method::PUT, PATH, body);
        self.session.signed(ticket, &self.region, &request).await.map(drop)
    }
}

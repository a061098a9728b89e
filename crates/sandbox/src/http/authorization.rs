//! Who signed a request: the access key in the `Authorization` header, and the caller behind it.
//!
//! Two forms of keys are known. `AKIASANDBOX` and anything after it is the administrator of the management account,
//! unless twelve digits follow: then of that account. `ASIA…` keys come from `AssumeRole`, with their session token.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html>

use crate::codec::Common;
use crate::service::Caller;
use crate::service::sts::{Session, SessionError};
use crate::world::World;
use glidepath_model::AccountId;

/// What the access keys of administrators begin with: `AKIASANDBOX444455556666` is the administrator of that account,
/// the bare word (or with anything else after it) that of the management account.
pub const ADMINISTRATOR_KEY: &str = "AKIASANDBOX";

/// What a signed request tells about its signer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Signed {
    pub(crate) access_key: String,
    pub(crate) region: String,
    pub(crate) token: Option<String>,
}

/// Why nobody could be found behind a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) common: Common,
    pub(crate) message: &'static str,
}

/// Reads `AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/SERVICE/aws4_request, SignedHeaders=…, Signature=…`.
pub(crate) fn read_authorization(header: Option<&str>, token: Option<&str>) -> Result<Signed, Refused> {
    let missing = Refused { common: Common::MissingToken, message: "Missing Authentication Token" };
    let incomplete = Refused {
        common: Common::IncompleteSignature,
        message: "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters",
    };
    let header = header.ok_or(missing)?;
    let parameters = header.strip_prefix("AWS4-HMAC-SHA256").ok_or_else(|| incomplete.clone())?;
    let find = |name: &str| {
        let parameter =
            parameters.split(',').find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='));
        parameter.filter(|value| !value.is_empty()).ok_or_else(|| incomplete.clone())
    };
    let credential = find("Credential")?;
    find("SignedHeaders")?;
    find("Signature")?;
    match credential.split('/').collect::<Vec<_>>().as_slice() {
        [access_key, _date, region, _service, "aws4_request"] => Ok(Signed {
            access_key: (*access_key).to_owned(),
            region: (*region).to_owned(),
            token: token.map(str::to_owned),
        }),
        _ => Err(incomplete),
    }
}

/// The caller behind an access key.
pub(crate) fn caller(world: &World, access_key: &str, token: Option<&str>) -> Result<Caller, Refused> {
    let unknown = Refused {
        common: Common::UnknownKey,
        message: "The security token included in the request is invalid.",
    };
    if let Some(rest) = access_key.strip_prefix(ADMINISTRATOR_KEY) {
        let account = AccountId::parse(rest).unwrap_or_else(|_| world.seed().management.id.clone());
        return Ok(Caller::administrator(account));
    }
    let token = token.filter(|_| access_key.starts_with("ASIA")).ok_or_else(|| unknown.clone())?;
    match Session::read(world, access_key, token) {
        Ok(session) => Ok(session.caller()),
        Err(SessionError::Invalid) => Err(unknown),
        Err(SessionError::Expired) => Err(Refused {
            common: Common::ExpiredToken,
            message: "The security token included in the request is expired",
        }),
    }
}

/// The caller that a person names: an account's twelve digits or an administrator's key.
pub(crate) fn caller_by_name(world: &World, name: &str) -> Option<Caller> {
    match AccountId::parse(name) {
        Ok(account) => Some(Caller::administrator(account)),
        Err(_) => caller(world, name, None).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_read_missing_or_incomplete() {
        let header = "AWS4-HMAC-SHA256 Credential=AKIASANDBOX1/20261124/us-east-1/sts/aws4_request, \
                      SignedHeaders=host;x-amz-date, Signature=00ff";
        let signed = read_authorization(Some(header), Some("token")).unwrap();
        assert_eq!((signed.access_key.as_str(), signed.region.as_str()), ("AKIASANDBOX1", "us-east-1"));
        assert_eq!(read_authorization(None, None).unwrap_err().common, Common::MissingToken);
        for garbled in
            ["Bearer x", "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=h, Signature=s", "AWS4-HMAC-SHA256 "]
        {
            assert_eq!(
                read_authorization(Some(garbled), None).unwrap_err().common,
                Common::IncompleteSignature
            );
        }
    }
}

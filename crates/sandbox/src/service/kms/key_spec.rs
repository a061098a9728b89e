//! What a key is made of and for: specs, usages, and the algorithms and grants that follow from them.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html>

use super::super::ServiceError;
use super::refusal::{invalid, unsupported};
use serde::{Deserialize, Serialize};

/// What a key is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Usage {
    EncryptDecrypt,
    SignVerify,
    GenerateVerifyMac,
    KeyAgreement,
}

/// What a key is made of: AWS's word for it, which the shape data has let through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Spec(pub(super) String);

/// The kinds of specs, as far as they differ in what a key can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Symmetric,
    Rsa,
    Nist,
    Secg,
    Edwards,
    Lattice,
    Hmac,
}

impl Spec {
    pub(super) fn symmetric() -> Self {
        Self("SYMMETRIC_DEFAULT".to_owned())
    }

    pub(super) fn is_symmetric(&self) -> bool {
        self.family() == Family::Symmetric
    }

    fn family(&self) -> Family {
        match self.0.as_str() {
            rsa if rsa.starts_with("RSA_") => Family::Rsa,
            "ECC_NIST_EDWARDS25519" => Family::Edwards,
            nist if nist.starts_with("ECC_NIST_") => Family::Nist,
            "ECC_SECG_P256K1" => Family::Secg,
            lattice if lattice.starts_with("ML_DSA_") => Family::Lattice,
            hmac if hmac.starts_with("HMAC_") => Family::Hmac,
            _ => Family::Symmetric,
        }
    }

    /// The older member of a key's metadata, which knows no spec that came after it.
    pub(super) fn older_name(&self) -> Option<&str> {
        let newer = matches!(self.family(), Family::Edwards | Family::Lattice);
        (!newer).then_some(self.0.as_str())
    }

    /// The last part of a name such as `RSA_2048`.
    fn size(&self) -> &str {
        self.0.rsplit_once('_').map_or("", |(_, size)| size)
    }
}

/// The spec and usage of a new key.
pub(super) fn chosen(
    spec: Option<String>,
    older: Option<String>,
    usage: Option<Usage>,
) -> Result<(Spec, Usage), ServiceError> {
    let spec = match (spec, older) {
        (Some(spec), Some(older)) if spec != older => {
            return Err(invalid("KeySpec and CustomerMasterKeySpec name different specs: give KeySpec only"));
        }
        (Some(spec), _) | (None, Some(spec)) => Spec(spec),
        (None, None) => Spec::symmetric(),
    };
    if spec.0 == "SM2" {
        return Err(unsupported("SM2 keys exist in the China Regions only."));
    }
    let usage = match usage {
        Some(usage) => usage,
        None if spec.is_symmetric() => Usage::EncryptDecrypt,
        None => {
            return Err(invalid(format!("You must specify a KeyUsage value for the key spec {}.", spec.0)));
        }
    };
    let possible: &[Usage] = match spec.family() {
        Family::Symmetric => &[Usage::EncryptDecrypt],
        Family::Rsa => &[Usage::EncryptDecrypt, Usage::SignVerify],
        Family::Nist => &[Usage::SignVerify, Usage::KeyAgreement],
        Family::Secg | Family::Edwards | Family::Lattice => &[Usage::SignVerify],
        Family::Hmac => &[Usage::GenerateVerifyMac],
    };
    if possible.contains(&usage) {
        Ok((spec, usage))
    } else {
        Err(invalid(format!("KeyUsage is not compatible with KeySpec {}.", spec.0)))
    }
}

/// The algorithms of a key, in the members of its metadata.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Algorithms {
    #[serde(skip_serializing_if = "Option::is_none")]
    encryption_algorithms: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signing_algorithms: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_agreement_algorithms: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mac_algorithms: Option<Vec<&'static str>>,
}

impl Algorithms {
    pub(super) fn of(spec: &Spec, usage: Usage) -> Self {
        let mut algorithms = Self::default();
        match usage {
            Usage::EncryptDecrypt if spec.is_symmetric() => {
                algorithms.encryption_algorithms = Some(vec!["SYMMETRIC_DEFAULT"]);
            }
            Usage::EncryptDecrypt => {
                algorithms.encryption_algorithms = Some(vec!["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"]);
            }
            Usage::SignVerify => algorithms.signing_algorithms = Some(signing(spec)),
            Usage::KeyAgreement => algorithms.key_agreement_algorithms = Some(vec!["ECDH"]),
            Usage::GenerateVerifyMac => {
                algorithms.mac_algorithms = Some(match spec.size() {
                    "224" => vec!["HMAC_SHA_224"],
                    "256" => vec!["HMAC_SHA_256"],
                    "384" => vec!["HMAC_SHA_384"],
                    _ => vec!["HMAC_SHA_512"],
                });
            }
        }
        algorithms
    }
}

fn signing(spec: &Spec) -> Vec<&'static str> {
    match (spec.family(), spec.size()) {
        (Family::Rsa, _) => vec![
            "RSASSA_PSS_SHA_256",
            "RSASSA_PSS_SHA_384",
            "RSASSA_PSS_SHA_512",
            "RSASSA_PKCS1_V1_5_SHA_256",
            "RSASSA_PKCS1_V1_5_SHA_384",
            "RSASSA_PKCS1_V1_5_SHA_512",
        ],
        (Family::Edwards, _) => vec!["ED25519_SHA_512", "ED25519_PH_SHA_512"],
        (Family::Lattice, _) => vec!["ML_DSA_SHAKE_256"],
        (Family::Nist, "P384") => vec!["ECDSA_SHA_384"],
        (Family::Nist, "P521") => vec!["ECDSA_SHA_512"],
        (Family::Nist | Family::Secg | Family::Symmetric | Family::Hmac, _) => vec!["ECDSA_SHA_256"],
    }
}

/// Whether a grant on a key of this usage can allow an operation.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/developerguide/grants.html#terms-grant-operations>
pub(super) fn grantable(spec: &Spec, usage: Usage, operation: &str) -> bool {
    let asymmetric = !spec.is_symmetric() && usage != Usage::GenerateVerifyMac;
    match operation {
        "CreateGrant" | "DescribeKey" | "RetireGrant" => true,
        "GetPublicKey" => asymmetric,
        "Encrypt" | "Decrypt" | "ReEncryptFrom" | "ReEncryptTo" => usage == Usage::EncryptDecrypt,
        "GenerateDataKey"
        | "GenerateDataKeyWithoutPlaintext"
        | "GenerateDataKeyPair"
        | "GenerateDataKeyPairWithoutPlaintext" => spec.is_symmetric(),
        "Sign" | "Verify" => usage == Usage::SignVerify,
        "GenerateMac" | "VerifyMac" => usage == Usage::GenerateVerifyMac,
        "DeriveSharedSecret" => usage == Usage::KeyAgreement,
        _ => false,
    }
}

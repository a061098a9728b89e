//! Things that an account has once in a Region, so that a stack which makes one fails where it is there already.
//!
//! Sources, in the order of the list: <https://docs.aws.amazon.com/config/latest/developerguide/configlimits.html>,
//! <https://docs.aws.amazon.com/config/latest/APIReference/API_PutDeliveryChannel.html>,
//! <https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_limits.html>,
//! <https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_EnableSecurityHub.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-quotas.html>,
//! <https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-getting-started-configure-preferences.html>

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The name that Session Manager's preferences have in every account and Region.
pub const SESSION_PREFERENCES: &str = "SSM-SessionManagerRunShell";

/// A thing that an account has once in a Region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Singleton {
    /// The recorder of AWS Config that customers manage.
    ConfigRecorder,
    /// The delivery channel of AWS Config.
    DeliveryChannel,
    /// The detector of Amazon GuardDuty.
    Detector,
    /// The hub of AWS Security Hub CSPM.
    Hub,
    /// The analyzer of IAM Access Analyzer for external access to the account.
    Analyzer,
    /// The preferences of Session Manager.
    SessionPreferences,
}

impl Singleton {
    /// The one that a resource of a template is, if it is one.
    #[must_use]
    pub fn of_resource(ty: &str, properties: &Value) -> Option<Self> {
        let is =
            |property: &str, value: &str| properties.get(property).and_then(Value::as_str) == Some(value);
        match ty {
            "AWS::Config::ConfigurationRecorder" => Some(Self::ConfigRecorder),
            "AWS::Config::DeliveryChannel" => Some(Self::DeliveryChannel),
            "AWS::GuardDuty::Detector" => Some(Self::Detector),
            "AWS::SecurityHub::Hub" => Some(Self::Hub),
            "AWS::AccessAnalyzer::Analyzer" if is("Type", "ACCOUNT") => Some(Self::Analyzer),
            "AWS::SSM::Document" if is("Name", SESSION_PREFERENCES) => Some(Self::SessionPreferences),
            _ => None,
        }
    }

    /// The words for it, with its article.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::ConfigRecorder => "a recorder of AWS Config",
            Self::DeliveryChannel => "a delivery channel of AWS Config",
            Self::Detector => "a detector of GuardDuty",
            Self::Hub => "a hub of Security Hub",
            Self::Analyzer => "an analyzer of IAM Access Analyzer",
            Self::SessionPreferences => "preferences of Session Manager",
        }
    }

    /// Whether it holds settings alone, so that one can be deleted and another made without losing what it found.
    #[must_use]
    pub fn is_replaceable(self) -> bool {
        match self {
            Self::ConfigRecorder | Self::DeliveryChannel | Self::SessionPreferences => true,
            Self::Detector | Self::Hub | Self::Analyzer => false,
        }
    }
}

/// One that is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Existing {
    /// Its name, or AWS's id of it.
    pub id: String,
    /// What AWS tells of it, in the names that CloudFormation gives its properties.
    pub properties: Value,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn analyzers_of_the_account_and_documents_of_that_name_alone_are_there_once() {
        let of = |ty: &str, properties: Value| Singleton::of_resource(ty, &properties);
        let analyzer = "AWS::AccessAnalyzer::Analyzer";
        assert_eq!(of(analyzer, json!({"Type": "ACCOUNT"})), Some(Singleton::Analyzer));
        assert_eq!(of(analyzer, json!({"Type": "ORGANIZATION"})), None);
        let document = "AWS::SSM::Document";
        assert_eq!(of(document, json!({"Name": SESSION_PREFERENCES})), Some(Singleton::SessionPreferences));
        assert_eq!(of(document, json!({"Name": "Other"})), None);
        assert_eq!(of("AWS::S3::Bucket", json!({})), None);
    }
}

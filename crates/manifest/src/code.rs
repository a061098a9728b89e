//! The stable codes of diagnostics. What each means stands in `data/codes.yaml`; a test holds the two
//! together. Those that begin with `GP07` are found when the landing zone is resolved, which needs the
//! catalogue, and so are `GP1010` to `GP1012` and `GP1203` to `GP1206`, which need the day; those that begin with `GP08` are found by the
//! linter of policy documents; all others are found here.

use crate::diagnostic::Severity;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A code with the severity of its diagnostics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// The code, `GP0107`.
    pub id: &'static str,
    /// How much its diagnostics matter.
    pub severity: Severity,
}

macro_rules! codes {
    ($($name:ident = $severity:ident $id:literal;)+) => {
        $(
            #[doc = concat!("`", $id, "`; [`explain`] says what it means.")]
            pub const $name: Code = Code { id: $id, severity: Severity::$severity };
        )+

        /// Every code.
        pub(crate) const ALL: &[Code] = &[$($name),+];
    };
}

codes! {
    UNREADABLE = Error "GP0001";
    TOO_LARGE = Error "GP0002";
    NOT_TEXT = Error "GP0003";
    SYNTAX = Error "GP0004";
    DEPTH = Error "GP0005";
    NODES = Error "GP0006";
    ALIAS = Error "GP0007";
    MERGE_KEY = Error "GP0008";
    DUPLICATE_KEY = Error "GP0009";
    KEY_SYNTAX = Error "GP0010";
    DOCUMENTS = Error "GP0011";
    TAG_SYNTAX = Error "GP0012";
    FILE_OUTSIDE = Error "GP0020";
    FILE_UNREADABLE = Error "GP0021";
    FILE_JSON = Error "GP0022";
    MORE = Note "GP0030";

    UNKNOWN_KEY = Error "GP0101";
    MISSING_KEY = Error "GP0102";
    WRONG_TYPE = Error "GP0103";
    NOT_TEXT_TYPE = Error "GP0104";
    UNKNOWN_WORD = Error "GP0105";
    OUT_OF_RANGE = Error "GP0106";
    UNKNOWN_UNIT = Error "GP0107";
    UNKNOWN_ACCOUNT = Error "GP0108";
    UNKNOWN_TAG = Error "GP0109";
    LATER_SECTION = Error "GP0110";
    FORMAT_VERSION = Error "GP0111";
    CONTRADICTION = Error "GP0112";
    REPEATED_ITEM = Warning "GP0113";

    BAD_ID = Error "GP0201";
    BAD_NAME = Error "GP0202";
    RESERVED_NAME = Error "GP0203";
    BAD_EMAIL = Error "GP0204";
    BAD_TAG = Error "GP0205";
    TOO_MANY_TAGS = Error "GP0206";
    UNKNOWN_REGION = Error "GP0207";
    PARTITION = Error "GP0208";
    OPT_IN_REGION = Note "GP0209";
    BAD_ROLE = Error "GP0210";
    BAD_SELECTOR = Error "GP0211";
    BAD_FOREIGN = Error "GP0212";
    BAD_TEXT = Error "GP0213";
    BAD_PRINCIPAL = Error "GP0214";
    REGION_FROM_START = Warning "GP0221";
    BAD_BUDGET = Error "GP0222";

    ACCOUNT_TWICE = Error "GP0301";
    MANAGEMENT_TWICE = Error "GP0302";
    EMAIL_TWICE = Error "GP0303";
    NO_EMAIL = Error "GP0304";
    ID_TWICE = Error "GP0305";
    UNIT_DEPTH = Error "GP0306";
    HOME_NOT_GOVERNED = Error "GP0307";
    WAS_EXISTS = Error "GP0308";
    WAS_ELSEWHERE = Error "GP0309";

    NOT_AN_OBJECT = Error "GP0401";
    POLICY_TOO_LARGE = Error "GP0402";
    TOO_MANY_ATTACHED = Error "GP0403";
    NO_EFFECT = Warning "GP0404";
    UNDETACHABLE = Error "GP0405";
    ABSENT_OWN = Error "GP0406";
    UNKNOWN_AWS_POLICY = Error "GP0407";

    UNKNOWN_SERVICE = Warning "GP0501";
    NOT_A_SWITCH = Error "GP0502";
    ADMIN_UNKNOWN = Error "GP0503";
    ADMIN_MANAGEMENT = Error "GP0504";
    ADMIN_TOO_MANY = Error "GP0505";

    BAD_DATE = Error "GP0601";
    BAD_GUARDRAIL = Error "GP0602";
    EXCEPTION_MANAGEMENT = Error "GP0603";
    EXCEPTION_IDLE = Warning "GP0604";

    UNKNOWN_GUARDRAIL = Error "GP0701";
    UNKNOWN_FRAMEWORK = Error "GP0702";
    BROKEN_GUARDRAIL = Error "GP0703";
    BAD_ARGUMENT = Error "GP0704";
    NOT_CHOSEN = Warning "GP0705";
    CHOOSES_NOTHING = Warning "GP0706";
    NO_EXCEPTION = Error "GP0707";
    EXCEPTION_WITHOUT_ID = Error "GP0708";
    EXCEPTION_OVER = Warning "GP0709";
    EXCEPTION_ENDING = Warning "GP0710";
    EXCEPTION_OVERRULED = Warning "GP0711";
    UNGUARDED_EXEMPTION = Error "GP0712";
    BAD_EXEMPTION = Error "GP0713";
    NOT_EXEMPT = Note "GP0714";
    NO_ROOM = Error "GP0715";
    TWO_VALUES = Error "GP0716";
    TOO_MANY_RULES = Error "GP0717";
    RULE_NOT_OFFERED = Note "GP0718";
    DETECTION_RESOLVED = Note "GP0719";
    DETECTION_UNRECORDED = Warning "GP0720";
    RESPONDER_UNGUARDED = Warning "GP0721";
    TEMPLATE_BREAKS_RULE = Error "GP0722";
    RULES_NOT_APPLIED = Error "GP0723";
    LEFT_TO_SECURITY_HUB = Note "GP0724";

    POLICY_REFUSED = Error "GP0801";
    POLICY_DOUBT = Warning "GP0802";
    POLICY_NOTE = Note "GP0803";

    BAD_BLUEPRINT = Error "GP0901";
    BLUEPRINT_REGION = Error "GP0902";
    BLUEPRINT_UNKNOWN = Error "GP0903";
    BLUEPRINT_BROKEN = Error "GP0904";
    BLUEPRINT_ARGUMENT = Error "GP0905";
    BLUEPRINT_NOWHERE = Error "GP0906";
    BLUEPRINT_ROLE = Error "GP0907";
    BLUEPRINT_NEEDS = Error "GP0908";
    BLUEPRINT_CIRCLE = Error "GP0909";
    BLUEPRINT_UNKNOWN_ID = Warning "GP0910";
    BLUEPRINT_BY_HAND = Note "GP0911";
    BLUEPRINT_TOO_MANY = Error "GP0912";
    BLUEPRINT_KEY = Error "GP0913";

    BAD_LOGGING = Error "GP0951";
    LOGGING_ACCOUNT = Error "GP0952";
    LOGGING_ORDER = Error "GP0953";
    LOGGING_SENDER = Note "GP0954";
    LOGGING_KEY = Error "GP0955";
    LOGGING_KEY_SERVICE = Error "GP0956";
    KEY_REGION = Error "GP0971";
    NO_KEY_FOR = Error "GP0972";
    KEY_ROLE = Error "GP0973";
    BAD_PERIOD = Error "GP0974";

    BAD_PERMISSION_SET = Error "GP1001";
    BAD_SESSION = Error "GP1002";
    PERMISSION_SET_TOO_LARGE = Error "GP1003";
    UNKNOWN_PERMISSION_SET = Error "GP1004";
    UNKNOWN_PRINCIPAL = Error "GP1005";
    ASSIGNED_TWICE = Error "GP1006";
    EXTERNAL_DIRECTORY = Error "GP1007";
    PERMISSION_SET_WAS = Error "GP1008";
    GRANTS_NOTHING = Warning "GP1009";
    ASSIGNMENT_OVER = Warning "GP1010";
    ASSIGNMENT_ENDING = Note "GP1011";
    ASSIGNED_TOO_MUCH = Error "GP1012";

    BAD_SETTING = Error "GP1201";
    ALIAS_TWICE = Error "GP1202";
    SETTING_TWICE = Error "GP1203";
    SETTING_KEY = Error "GP1204";
    SETTING_OWNERS = Error "GP1205";
    SETTING_BY_POLICY = Note "GP1206";
    SETTING_NOTHING = Warning "GP1207";
    ROOT_ACCESS = Error "GP1208";
}

/// What a code means, for `glidepath explain-code` and the reference.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Explanation {
    /// The code, `GP0107`.
    #[serde(skip)]
    pub code: String,
    /// How much its diagnostics matter.
    #[serde(skip)]
    pub severity: Option<Severity>,
    /// What it is, in a few words.
    pub title: String,
    /// What it means.
    pub meaning: String,
    /// Why it matters.
    pub why: String,
    /// What to do.
    pub remedy: String,
    /// A piece of a manifest that provokes it.
    pub wrong: String,
    /// The same, mended.
    pub right: String,
}

/// The table, or why the embedded file could not be read; a test keeps the latter from shipping.
static TABLE: LazyLock<Result<BTreeMap<String, Explanation>, serde_yaml::Error>> = LazyLock::new(|| {
    let mut table: BTreeMap<String, Explanation> = serde_yaml::from_str(include_str!("../data/codes.yaml"))?;
    for (id, row) in &mut table {
        row.code.clone_from(id);
        row.severity = ALL.iter().find(|code| code.id == id).map(|code| code.severity);
    }
    Ok(table)
});

/// What a code means; none if there is no such code. The case of its letters does not matter.
#[must_use]
pub fn explain(code: &str) -> Option<&'static Explanation> {
    TABLE.as_ref().ok()?.get(&code.to_ascii_uppercase())
}

/// Every explanation, by code.
pub fn explanations() -> impl Iterator<Item = &'static Explanation> {
    TABLE.as_ref().ok().into_iter().flat_map(BTreeMap::values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_in_use_and_the_codes_explained_are_the_same() {
        if let Err(error) = TABLE.as_ref() {
            panic!("data/codes.yaml: {error}");
        }
        let used: Vec<&str> = ALL.iter().map(|code| code.id).collect();
        let explained: Vec<&str> = explanations().map(|row| row.code.as_str()).collect();
        assert_eq!(used, explained);
    }

    #[test]
    fn a_code_is_found_in_lower_case_too() {
        assert_eq!(explain("gp0107").map(|row| row.code.as_str()), Some("GP0107"));
        assert!(explain("GP9999").is_none());
    }
}

//! Security Hub controls of a guardrail: as its file has them, and filled in.
//!
//! Where AWS publishes a check only as a control, there is no Config rule to deploy: the control is switched on,
//! with parameters where it takes some.
//! Source: <https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-controls-reference.html>.

use crate::argument::Argument;
use crate::config_rule::names;
use crate::fault::Fault;
use crate::guardrail::Guardrail;
use crate::template::{Bindings, Empty};
use crate::yaml::Node;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Controls by standard.
static STANDARDS: LazyLock<BTreeMap<&'static str, BTreeSet<String>>> = LazyLock::new(|| {
    let mut standards: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let text = include_str!("../data/security-hub-standards.txt");
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split(' ');
        if let (Some(standard), Some(service)) = (words.next(), words.next()) {
            standards.entry(standard).or_default().extend(words.map(|number| format!("{service}.{number}")));
        }
    }
    standards
});

/// The controls that a standard of Security Hub switches on, as far as they are known; none for a standard that is
/// not. `fsbp` is AWS Foundational Security Best Practices.
///
/// Source: <https://docs.aws.amazon.com/securityhub/latest/userguide/fsbp-standard.html>.
#[must_use]
pub fn controls_of_standard(standard: &str) -> Option<&'static BTreeSet<String>> {
    STANDARDS.get(standard)
}

/// A control that shall be on, with everything filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct SecurityControl {
    /// The guardrail it is of.
    pub guardrail: String,
    /// Its id, `CloudWatch.1`.
    pub id: String,
    /// Its parameters by AWS's names, in their own types; AWS's values where there are none.
    pub parameters: BTreeMap<String, Json>,
}

/// A control as the file has it.
#[derive(Debug, Clone)]
pub(crate) struct ControlTemplate {
    pub(crate) node: Node,
    pub(crate) id: String,
    pub(crate) parameters: Vec<(String, Node)>,
}

impl ControlTemplate {
    pub(crate) fn fill(
        &self,
        guardrail: &Guardrail,
        arguments: &BTreeMap<String, Argument>,
    ) -> Result<SecurityControl, Fault> {
        let bindings = Bindings { file: &guardrail.file, arguments, exempt: &[], empty: Empty::Keep };
        let mut parameters = BTreeMap::new();
        for (name, template) in &self.parameters {
            let absent = |parameter: &String| {
                !arguments.contains_key(parameter)
                    && guardrail.parameter(parameter).is_some_and(|known| known.optional)
            };
            if !names(template).iter().any(absent) {
                parameters.insert(name.clone(), bindings.fill(template)?);
            }
        }
        Ok(SecurityControl { guardrail: guardrail.id.clone(), id: self.id.clone(), parameters })
    }
}

/// Whether a text looks like the id of a control: a service's name and a number, `EC2.19`.
pub(crate) fn is_control(text: &str) -> bool {
    text.split_once('.').is_some_and(|(service, number)| {
        !service.is_empty()
            && service.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && !number.is_empty()
            && !number.starts_with('0')
            && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_controls_of_a_standard_are_controls() {
        let controls = controls_of_standard("fsbp").unwrap();
        assert!(controls.len() > 50 && controls.iter().all(|control| is_control(control)));
        assert!(controls.contains("IAM.4") && !controls.contains("IAM.18"));
        assert_eq!(controls_of_standard("none"), None);
    }

    #[test]
    fn a_control_is_a_service_and_a_number() {
        assert!(["EC2.19", "CloudWatch.1", "S3.5"].iter().all(|text| is_control(text)));
        assert!(!["EC2", "EC2.", ".1", "EC2.x", "EC2.01", "ec2 1"].iter().any(|text| is_control(text)));
    }
}

//! A body for fuzzers: any bytes in. It is a plain function, so that tests run it over the saved inputs in `corpus/`.

use crate::resolve::{Place, Resolving, Surroundings};
use std::collections::BTreeMap;

/// Reads a template and does all that can be done with it, which must not panic whatever the bytes are.
///
/// # Errors
/// What does not hold: that what is canonical is read as the same template.
pub fn fuzz_template(bytes: &[u8]) -> Result<(), String> {
    let text = String::from_utf8_lossy(bytes);
    let Ok(template) = crate::read(&text) else { return Ok(()) };
    let canonical = template.canonical();
    match crate::read(&canonical) {
        Ok(again) if again == template && again.canonical() == canonical => {}
        other => return Err(format!("{canonical} is read as {other:?}")),
    }
    let _ = (template.check(), template.order(), template.capabilities(), template.transforms());
    let given = template.parameters().keys().map(|name| (name.clone(), "1".to_owned())).collect();
    let Ok(arguments) = template.arguments(&given) else { return Ok(()) };
    let place = Place {
        account: "111122223333",
        region: "eu-west-1",
        partition: "aws",
        url_suffix: "amazonaws.com",
        stack_name: "fuzz",
        stack_id: "fuzz",
        notification_arns: &[],
    };
    let Ok(resolving) = Resolving::new(&template, place, &arguments, &Nothing) else { return Ok(()) };
    let deployed = BTreeMap::new();
    for name in template.resources().keys() {
        let _ = resolving.properties(name, &deployed);
    }
    let _ = resolving.outputs(&deployed);
    Ok(())
}

/// Surroundings in which there is nothing.
struct Nothing;

impl Surroundings for Nothing {
    fn export(&self, _: &str) -> Option<String> {
        None
    }

    fn dynamic(&self, _: &str, _: &str) -> Option<String> {
        None
    }

    fn zones(&self, _: &str) -> Vec<String> {
        Vec::new()
    }

    fn parameter(&self, _: &str) -> Option<String> {
        None
    }
}

//! How the parts of a template fit together, and whether its resources are ones that AWS knows.
//!
//! Everything that is wrong is collected; nothing is looked up outside the template and the resource types.

mod condition;
mod limit;
mod placement;
mod property;
mod reference;
mod resource;
mod value;

use crate::expression::LANGUAGE_EXTENSIONS;
use crate::fault::{Fault, Path};
use crate::template::Template;

impl Template {
    /// Everything that is wrong with it: limits, references to unknown names, unknown types and properties, missing
    /// required properties, values of another type, cycles, attributes that do not exist. Sorted by place; empty for
    /// a template that CloudFormation can deploy as far as can be known before.
    #[must_use]
    pub fn check(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        limit::check(self, &mut faults);
        reference::check(self, &mut faults);
        condition::check(self, &mut faults);
        resource::check(self, &mut faults);
        placement::check(self, &mut faults);
        faults.extend(self.transforms().iter().filter_map(|name| unknown_macro(name)));
        faults.extend(self.order().err());
        faults.sort();
        faults.dedup();
        faults
    }
}

/// What a macro makes of a template is known to CloudFormation alone, so that nothing can be said of the rest.
fn unknown_macro(name: &str) -> Option<Fault> {
    let message =
        format!("No transform named {name} found: macros are not run here; write out what it makes");
    (name != LANGUAGE_EXTENSIONS).then(|| Fault::new(Path::Root.key("Transform"), message))
}

//! Whether what functions, conditions and `DependsOn` name is there.

use crate::expression::{Expression, Function, Referred};
use crate::fault::{Fault, Path};
use crate::graph;
use crate::resource_type;
use crate::template::Template;

/// What `Ref` gives beside parameters and resources.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html>.
const PSEUDO: &[&str] = &[
    "AWS::AccountId",
    "AWS::NoValue",
    "AWS::NotificationARNs",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
];

/// A block of the template: what may be named in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Block {
    Conditions,
    Resources,
    Outputs,
}

impl Block {
    fn name(self) -> &'static str {
        match self {
            Self::Conditions => "Conditions",
            Self::Resources => "Resources",
            Self::Outputs => "Outputs",
        }
    }
}

pub(super) fn check(template: &Template, faults: &mut Vec<Fault>) {
    let mut checking = Checking { template, faults };
    checking.names();
    let conditions = Path::Root.key("Conditions");
    for (name, condition) in template.conditions() {
        let see = &mut |path: &Path<'_>, referred: Referred<'_>| {
            checking.referred(Block::Conditions, path, referred);
        };
        condition.visit(&conditions.key(name), see);
    }
    let resources = Path::Root.key("Resources");
    for (name, resource) in template.resources() {
        let path = &resources.key(name);
        graph::visit(resource, path, &mut |path, referred| {
            checking.referred(Block::Resources, path, referred);
        });
        checking.imports(&resource.parsed.properties, &path.key("Properties"));
        if let Some(condition) = &resource.condition {
            checking.condition(Block::Resources, &path.key("Condition"), condition);
        }
        for other in resource.depends_on.iter().filter(|other| !template.resources().contains_key(*other)) {
            checking.unresolved(Block::Resources, &path.key("DependsOn"), other);
        }
    }
    let outputs = Path::Root.key("Outputs");
    for (name, output) in template.outputs() {
        let path = &outputs.key(name);
        let see = &mut |path: &Path<'_>, referred: Referred<'_>| {
            checking.referred(Block::Outputs, path, referred);
        };
        output.parsed.value.visit(&path.key("Value"), see);
        if let Some(export) = &output.parsed.export {
            export.visit(&path.key("Export").key("Name"), see);
        }
        checking.imports(&output.parsed.value, &path.key("Value"));
        if let Some(export) = &output.parsed.export {
            checking.without_resources(export, &path.key("Export").key("Name"), &|| {
                format!(
                    "Template format error: Output {name} is malformed. The Name field of Export must not depend on \
                     any resources, imported values, or Fn::GetAZs."
                )
            });
        }
        if let Some(condition) = &output.condition {
            checking.condition(Block::Outputs, &path.key("Condition"), condition);
        }
    }
}

struct Checking<'t, 'f> {
    template: &'t Template,
    faults: &'f mut Vec<Fault>,
}

impl Checking<'_, '_> {
    fn fault(&mut self, path: &Path<'_>, message: impl Into<String>) {
        self.faults.push(Fault::new(path, message));
    }

    /// A name is a parameter's or a resource's, not both.
    fn names(&mut self) {
        let both =
            self.template.resources().keys().filter(|name| self.template.parameters().contains_key(*name));
        let both: Vec<String> = both.cloned().collect();
        for name in both {
            let message =
                format!("Template format error: the name {name} is both a parameter's and a resource's");
            self.fault(&Path::Root.key("Resources").key(&name), message);
        }
    }

    fn referred(&mut self, block: Block, path: &Path<'_>, referred: Referred<'_>) {
        match referred {
            Referred::Name(name) => {
                let is_resource = self.template.resources().contains_key(name) && block != Block::Conditions;
                let is_value = PSEUDO.contains(&name) || self.template.parameters().contains_key(name);
                if !is_resource && !is_value {
                    self.unresolved(block, path, name);
                }
            }
            Referred::Attribute(resource, attribute) => self.attribute(block, path, resource, attribute),
            Referred::Condition(name) => self.condition(block, path, name),
            Referred::Mapping(map, first, second) => self.mapping(path, map, first, second),
            Referred::Limited(_) => {}
        }
    }

    fn unresolved(&mut self, block: Block, path: &Path<'_>, name: &str) {
        let message = match block {
            Block::Conditions => format!(
                "Template format error: Unresolved dependencies [{name}]. Cannot reference resources in the \
                 Conditions block of the template"
            ),
            Block::Resources | Block::Outputs => format!(
                "Template format error: Unresolved resource dependencies [{name}] in the {} block of the template",
                block.name()
            ),
        };
        self.fault(path, message);
    }

    fn attribute(&mut self, block: Block, path: &Path<'_>, name: &str, attribute: Option<&str>) {
        if block == Block::Conditions {
            return self.unresolved(block, path, name);
        }
        let Some(resource) = self.template.resources().get(name) else {
            let message =
                format!("Template error: instance of Fn::GetAtt references undefined resource {name}");
            return self.fault(path, message);
        };
        // An unknown type is a fault of its own.
        let ty = resource_type::find(&resource.ty);
        let Some((ty, attribute)) = ty.zip(attribute) else { return };
        if !ty.has_attribute(attribute) {
            let message = format!(
                "Template error: resource {name} does not support attribute type {attribute} in Fn::GetAtt"
            );
            self.fault(path, message);
        }
    }

    fn condition(&mut self, block: Block, path: &Path<'_>, name: &str) {
        if self.template.conditions().contains_key(name) {
            return;
        }
        let within_if = matches!(path, Path::Key(_, "Fn::If"));
        let message = if within_if {
            format!("Template error: unresolved condition dependency {name} in Fn::If")
        } else {
            format!(
                "Template format error: Unresolved condition dependency {name} in the {} block of the template",
                block.name()
            )
        };
        self.fault(path, message);
    }

    fn mapping(&mut self, path: &Path<'_>, map: &str, first: Option<&str>, second: Option<&str>) {
        let Some(rows) = self.template.mappings().get(map) else {
            let message = format!(
                "Template error: Mapping named '{map}' is not present in the 'Mappings' section of template."
            );
            return self.fault(path, message);
        };
        let Some(first) = first else { return };
        let row = rows.get(first);
        let is_there = match second {
            Some(second) => row.is_some_and(|row| row.contains_key(second)),
            None => row.is_some(),
        };
        if !is_there {
            let second = second.map(|second| format!("::{second}")).unwrap_or_default();
            self.fault(path, format!("Template error: Unable to get mapping for {map}::{first}{second}"));
        }
    }

    /// Names of imported values must be known before anything is made.
    fn imports(&mut self, expression: &Expression, path: &Path<'_>) {
        match expression {
            Expression::Literal(_) => {}
            Expression::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    self.imports(item, &path.item(at));
                }
            }
            Expression::Map(members) => {
                for (key, member) in members {
                    self.imports(member, &path.key(key));
                }
            }
            Expression::Function(function) => {
                let path = path.key(function.key());
                if let Function::ImportValue(name) = &**function {
                    self.without_resources(name, &path, &|| {
                        "Template error: the attribute in Fn::ImportValue must not depend on any resources, imported \
                         values, or Fn::GetAZs."
                            .to_owned()
                    });
                }
                for inner in function.arguments() {
                    self.imports(inner, &path);
                }
            }
        }
    }

    fn without_resources(&mut self, expression: &Expression, path: &Path<'_>, message: &dyn Fn() -> String) {
        let mut found = false;
        expression.visit(path, &mut |_, referred| {
            found |= match referred {
                Referred::Name(name) => self.template.resources().contains_key(name),
                Referred::Attribute(..) | Referred::Limited(_) => true,
                Referred::Condition(_) | Referred::Mapping(..) => false,
            };
        });
        if found {
            self.fault(path, message());
        }
    }
}

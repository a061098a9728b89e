//! Exports and who imports them.

use super::super::{Context, ServiceError};
use super::page::{Wanted, page};
use super::refusal::invalid;
use super::stack::{self, Stack};
use glidepath_model::text::printable;
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Export {
    exporting_stack_id: String,
    name: String,
    value: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListExports {
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Exports {
    exports: Vec<Export>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn list_exports(context: &mut Context<'_>, request: ListExports) -> Result<Exports, ServiceError> {
    let prefix = stack::prefix(context.caller.account.as_str(), context.region);
    let mut found = Vec::new();
    for stack in context.world.below::<Stack>(&prefix).filter(|stack| stack.is_alive()) {
        found.extend(stack.outputs.iter().filter_map(|output| {
            let name = output.export.clone()?;
            let export = Export {
                exporting_stack_id: stack.id.clone(),
                name: name.clone(),
                value: output.value.clone(),
            };
            Some((name, export))
        }));
    }
    found.sort_by(|(one, _), (two, _)| one.cmp(two));
    let wanted = Wanted { listing: format!("ListExports/{prefix}"), token: request.next_token, size: None };
    let page = page(context.world, &wanted, found)?;
    Ok(Exports { exports: page.items, next_token: page.next })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListImports {
    export_name: String,
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Imports {
    imports: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// Lists the stacks that import an export. That nobody does is an error, as in AWS.
pub(super) fn list_imports(context: &mut Context<'_>, request: ListImports) -> Result<Imports, ServiceError> {
    let name = request.export_name;
    let at = format!("{}/{}/{name}", context.caller.account, context.region);
    let found: Vec<(String, String)> = context
        .world
        .by::<Stack>("import", &at)
        .map(|stack| (stack.id.clone(), stack.name.clone()))
        .collect();
    if found.is_empty() {
        return Err(invalid(format!("Export '{}' is not imported by any stack.", printable(&name))));
    }
    let wanted = Wanted { listing: format!("ListImports/{at}"), token: request.next_token, size: None };
    let page = page(context.world, &wanted, found)?;
    Ok(Imports { imports: page.items, next_token: page.next })
}

//! The analyzers of an account and Region.

use super::super::cloudformation::existing;
use super::super::{Context, EpochSeconds, ServiceError};
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct List {
    next_token: Option<String>,
    #[serde(rename = "type")]
    ty: Option<String>,
}

#[derive(Debug, Serialize)]
struct Analyzer {
    arn: String,
    name: String,
    #[serde(rename = "type")]
    ty: String,
    #[serde(rename = "createdAt")]
    created_at: EpochSeconds,
    status: &'static str,
}

#[derive(Debug, Serialize)]
pub(super) struct Analyzers {
    analyzers: Vec<Analyzer>,
}

pub(super) fn list_analyzers(context: &mut Context<'_>, request: List) -> Result<Analyzers, ServiceError> {
    if request.next_token.is_some_and(|token| !token.is_empty()) {
        let mut error = ServiceError::new("ValidationException", "Invalid token");
        error.members.insert("reason".to_owned(), Value::from("other"));
        return Err(error);
    }
    let place = (context.caller.account.as_str(), context.region);
    let mut analyzers = Vec::new();
    for (arn, properties) in existing(context.world, place, "AWS::AccessAnalyzer::Analyzer") {
        let text = |property: &str| properties.get(property).and_then(Value::as_str).map(str::to_owned);
        let ty = text("Type").unwrap_or_default();
        if request.ty.as_ref().is_some_and(|wanted| *wanted != ty) {
            continue;
        }
        let name = arn.rsplit('/').next().unwrap_or_default().to_owned();
        // When a stack made it is not kept; nothing here asks.
        let created_at = EpochSeconds(context.world.seed().start);
        analyzers.push(Analyzer { arn, name, ty, created_at, status: "ACTIVE" });
    }
    Ok(Analyzers { analyzers })
}

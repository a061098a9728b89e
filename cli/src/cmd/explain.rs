//! `explain`: why a request is allowed or denied.

use super::ground;
use crate::args::{AwsArgs, ExplainArgs};
use crate::exit_code::ExitCode;
use crate::failure::{Failure, Outcome};
use crate::view;
use crate::view::text::explain::{ExplainPage, page};
use crate::wanted::Wanted;
use glidepath_plan::explain::{Question, explain};
use std::collections::BTreeMap;

pub(super) fn run(args: &ExplainArgs, aws: &AwsArgs) -> Outcome {
    let wanted = Wanted::read(&args.from.manifest, args.today)?;
    let stood = ground::find(&wanted, &args.against, aws)?;
    let question = Question {
        principal: args.principal.clone(),
        action: args.action.clone(),
        resource: args.resource.clone(),
        account: args.account.clone(),
        resource_account: args.resource_account.clone(),
        context: context(&args.context),
    };
    let explanation = explain(&stood.ground.asker(), &question)
        .map_err(|error| Failure::doing(ExitCode::Invalid, "ask this", &error))?;
    if args.json {
        view::json::print(&view::explanation::json(&explanation, &wanted.sources));
    } else {
        let page = page(&ExplainPage {
            explanation: &explanation,
            by: &stood.by,
            sources: &wanted.sources,
            gaps: &stood.gaps,
        });
        view::data(&page);
    }
    let complete = stood.gaps.is_empty() && explanation.unread.is_empty();
    Ok(if complete { ExitCode::Done } else { ExitCode::Incomplete })
}

/// Each key with its values; an empty value says that the key is absent.
fn context(told: &[(String, String)]) -> BTreeMap<String, Vec<String>> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (key, value) in told {
        let values = all.entry(key.clone()).or_default();
        if !value.is_empty() {
            values.push(value.clone());
        }
    }
    all
}

//! From a filled template to the statements of an SCP or RCP: principals spared, accounts spared.

use crate::exempt::ExemptPrincipals;
use crate::fault::Fault;
use crate::guardrail::Guardrail;
use glidepath_iam::document::{self, Condition, Operator, Statement};
use glidepath_model::{AccountId, PolicyType};
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// Our own member of a statement: whether the exempt principals are spared.
const EXEMPT: &str = "exempt";

/// Reads the statements of a filled template and adds what spares principals and accounts.
pub(crate) fn statements(
    guardrail: &Guardrail,
    ty: PolicyType,
    mut filled: Json,
    exempt: &ExemptPrincipals,
    exceptions: &BTreeSet<AccountId>,
) -> Result<Vec<Statement>, Vec<Fault>> {
    let fault = |message: String| Fault::new(&guardrail.file, guardrail.body_place(), message);
    let mut sparing = Vec::new();
    if let Some(Json::Array(items)) = filled.get_mut("Statement") {
        for item in items {
            let member = item.as_object_mut().and_then(|members| members.shift_remove(EXEMPT));
            sparing.push(match member {
                Some(Json::Bool(flag)) => flag,
                None => false,
                Some(_) => return Err(vec![fault("`exempt` is true or false".to_owned())]),
            });
        }
    } else {
        return Err(vec![fault("`Statement` is a list of statements".to_owned())]);
    }
    let mut document = document::parse(&filled.to_string()).map_err(|complaints| {
        complaints.iter().map(|complaint| fault(complaint.message.clone())).collect::<Vec<_>>()
    })?;
    let account_key = account_key(ty);
    for (statement, spares) in document.statements.iter_mut().zip(sparing) {
        if spares {
            conjoin(statement, exempt.condition());
        }
        if !exceptions.is_empty() {
            let values = exceptions.iter().map(|account| account.as_str().to_owned()).collect();
            let operator = Operator::parse("StringNotEquals");
            conjoin(
                statement,
                operator.map(|operator| Condition { operator, key: account_key.to_owned(), values }),
            );
        }
    }
    Ok(document.statements)
}

/// The key that tells whose account a statement is about: an SCP follows the principal, an RCP the resource.
pub(crate) fn account_key(ty: PolicyType) -> &'static str {
    if ty == PolicyType::Rcp { "aws:ResourceAccount" } else { "aws:PrincipalAccount" }
}

/// Adds a condition. The values of one key under one negated operator must all miss, so a second list of
/// them joins the first.
fn conjoin(statement: &mut Statement, condition: Option<Condition>) {
    let Some(condition) = condition else { return };
    let same = |known: &&mut Condition| {
        known.operator == condition.operator && known.key.eq_ignore_ascii_case(&condition.key)
    };
    match statement.conditions.iter_mut().find(same) {
        Some(known) => {
            for value in condition.values {
                if !known.values.contains(&value) {
                    known.values.push(value);
                }
            }
        }
        None => statement.conditions.push(condition),
    }
}

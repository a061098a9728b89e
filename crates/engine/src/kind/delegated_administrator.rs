//! Delegated administrators.

use super::{Step, Task};
use crate::error::EngineError;
use crate::event::Subject;
use crate::gap::Unknown;
use crate::observe::Look;
use crate::work::{Outcome, Problem};
use glidepath_model::Address;
use glidepath_model::organization::DelegatedAdministrator;
use glidepath_plan::kind::delegated_administrator::DelegatedAdministratorSpec;
use std::collections::BTreeSet;

/// Every pair of service and account, where the manifest speaks of any: they are additive, so that all
/// others mean nothing to it.
pub(crate) async fn read(look: &Look<'_>) -> Result<BTreeSet<DelegatedAdministrator>, EngineError> {
    let is = |address: &Address| matches!(address, Address::DelegatedAdministrator { .. });
    if !look.zone.desired.keys().any(is) || !look.scope.wants(is) {
        return Ok(BTreeSet::new());
    }
    look.begin(Subject::DelegatedAdministrators);
    let accounts = look.reader.list_delegated_administrators().await;
    let accounts = look.read(Unknown::Administrators, accounts)?.unwrap_or_default();
    let pairs = look.each(accounts, |account| async move {
        let services = look.reader.list_delegated_services(&account).await;
        let services = look.read(Unknown::ServicesOf(account.clone()), services)?;
        Ok(services.map(|services| (account, services)))
    });
    let all: BTreeSet<DelegatedAdministrator> = pairs
        .await?
        .into_iter()
        .flat_map(|(account, services)| {
            services
                .into_iter()
                .map(move |service| DelegatedAdministrator { service, account: account.clone() })
        })
        .collect();
    look.end(Subject::DelegatedAdministrators, all.len());
    Ok(all)
}

pub(crate) async fn perform(task: Task<'_, DelegatedAdministratorSpec>) -> Result<Outcome, Problem> {
    let Task { work, address, step } = task;
    let Address::DelegatedAdministrator { service, account } = address else {
        return Err(Problem::NoId(address.clone()));
    };
    let id = work.account(account)?;
    match step {
        Step::Create { .. } | Step::Update { .. } | Step::Adopt { .. } => {
            work.writer.register_delegated_administrator(&id, service).await?;
        }
        Step::Delete { .. } => work.writer.deregister_delegated_administrator(&id, service).await?,
        Step::Forget { .. } => {}
    }
    Ok(Outcome::of(id.to_string()))
}

//! Making room for a stack: what an account has once in a Region is taken away, of the kinds that hold settings alone,
//! so that the stack can make its own. Somebody consented to it by a gate.

use crate::work::{Problem, Work};
use glidepath_model::AccountId;
use glidepath_model::singleton::Singleton;
use serde_json::Value;
use std::collections::BTreeSet;

/// Whether a recorder records, as a template says it.
const RECORDING: &str = "StartedOnCreate";

/// Takes away these kinds, where they are there.
///
/// # Errors
/// Whatever AWS refuses.
pub(crate) async fn make(
    work: &Work<'_>,
    account: &AccountId,
    region: &str,
    singletons: &BTreeSet<Singleton>,
) -> Result<(), Problem> {
    if singletons.is_empty() {
        return Ok(());
    }
    let (reader, writer) = work.singletons(account, region).await?;
    let has = |one: Singleton| singletons.contains(&one);
    let recorder =
        if has(Singleton::ConfigRecorder) { reader.find(Singleton::ConfigRecorder).await? } else { None };
    // One that a run which ended early had stopped is not stopped again.
    if let Some(recorder) = &recorder
        && recorder.properties.get(RECORDING).and_then(Value::as_bool) != Some(false)
    {
        writer.stop_recorder(&recorder.id).await?;
    }
    if has(Singleton::DeliveryChannel)
        && let Some(channel) = reader.find(Singleton::DeliveryChannel).await?
    {
        writer.delete_channel(&channel.id).await?;
    }
    if let Some(recorder) = &recorder {
        writer.delete_recorder(&recorder.id).await?;
    }
    if has(Singleton::SessionPreferences) {
        writer.delete_preferences().await?;
    }
    Ok(())
}

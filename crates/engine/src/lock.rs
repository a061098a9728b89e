//! The lock: one apply at a time on one organization.
//!
//! It lives in AWS, since runners of a pipeline share no disk: an unattached service control policy named
//! [`LOCK_POLICY`]. Policy names are unique within a type, so that making it is the atomic step. Its
//! description says who holds it and when that run was last alive. Observing leaves it out.
//!
//! INVARIANT (one run writes): a lock that may be alive is never taken. It is taken over when its
//! heartbeat is older than [`STALE_AFTER`] and does not move while it is watched for longer than a
//! heartbeat (clocks differ), or when its run's journal on this machine proves that the run is dead.

use crate::event::{Event, Events};
use crate::journal::Journals;
use crate::stop::Stop;
use glidepath_aws::organizations::PolicyText;
use glidepath_aws::{Clock, Error, organizations};
use glidepath_model::organization::PolicySummary;
use glidepath_model::text::printable;
use glidepath_model::{PolicyId, PolicyType, Tags, Timestamp};
use glidepath_plan::kind::policy::LOCK_POLICY;
use glidepath_plan::ownership::{ADDRESS, MANAGED_BY};
use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use std::future::Future;
use std::time::Duration;

/// The value of the lock's tag `glidepath:address`.
const LOCK_ADDRESS: &str = "glidepath:lock";
/// A run that was not heard of for so long is dead.
pub const STALE_AFTER: Duration = Duration::from_secs(5 * 60);
/// How often a run says that it lives: four may be lost before it counts as dead.
pub(crate) const HEARTBEAT: Duration = Duration::from_secs(60);
/// How long a silent lock is watched before it is taken over: longer than a heartbeat.
const WATCH: Duration = Duration::from_secs(70);
/// Reads may lag behind writes; so long is waited before what was written is believed to show.
const SETTLE: Duration = Duration::from_secs(3);
/// How often a lock that nobody can see is looked for.
const LOOKS: u32 = 10;
/// The most characters of a name in the description, so that it stays below AWS's 512.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreatePolicy.html>
const NAME_LENGTH: usize = 100;

/// The lock's document. It must be a valid policy, and if somebody attached it, it must do nothing: it
/// denies a harmless action to an account that cannot exist.
const DOCUMENT: &str = r#"{"Version":"2012-10-17","Statement":[{"Sid":"Nothing","Effect":"Deny","Action":"sts:GetCallerIdentity","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalAccount":"000000000000"}}}]}"#;

/// Who holds the lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Holder {
    /// The run's id.
    pub run: String,
    /// The person or pipeline that started it.
    pub owner: String,
    /// The machine it runs on.
    pub host: String,
    /// When it was last known to live.
    pub heartbeat: Timestamp,
}

impl Holder {
    /// A holder whose names fit into a policy's description and are safe to show.
    #[must_use]
    pub fn new(run: &str, owner: &str, host: &str, heartbeat: Timestamp) -> Self {
        let fitting = |text: &str| printable(text).chars().take(NAME_LENGTH).collect::<String>();
        Self { run: fitting(run), owner: fitting(owner), host: fitting(host), heartbeat }
    }

    /// The description that says so.
    pub(crate) fn description(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads a description; none when it is not one of ours.
    fn parse(description: &str) -> Option<Self> {
        let Self { run, owner, host, heartbeat } = serde_json::from_str(description).ok()?;
        Some(Self::new(&run, &owner, &host, heartbeat))
    }
}

/// Why the lock was not had.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another run holds it.
    #[error(
        "another run is at work: `{}` of `{}` on `{}`, last heard of {} seconds ago",
        holder.run, holder.owner, holder.host, age.as_secs()
    )]
    Held {
        /// Who holds it.
        holder: Box<Holder>,
        /// How long ago it was last known to live.
        age: Duration,
    },
    /// There is a policy of the lock's name that is no lock.
    #[error("the policy name `glidepath-lock` is taken by {id}, which is not a lock of Glidepath")]
    NameTaken {
        /// The policy.
        id: PolicyId,
    },
    /// Another run works on the organization that does not exist yet.
    #[error("another run on this machine is creating the organization ({holder})")]
    HeldHere {
        /// What the lock file says of it.
        holder: String,
    },
    /// It is said to exist, and nobody can see it.
    #[error("the lock `glidepath-lock` exists, but AWS does not show it; try again in a minute")]
    Hidden,
    /// AWS refused.
    #[error("cannot take the lock: {0}")]
    Aws(#[source] Error),
}

impl LockError {
    /// Whether somebody else has it, rather than something failing.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        !matches!(self, Self::Aws(_) | Self::Hidden)
    }

    /// What to do next.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Held { .. } => Some(
                "wait for it to end; a run that died lets go of its lock five minutes after its last sign of life"
                    .to_owned(),
            ),
            Self::NameTaken { id } => {
                Some(format!("rename or delete the policy {id}: Glidepath needs this name for its lock"))
            }
            Self::HeldHere { .. } => Some("wait for it to end".to_owned()),
            Self::Hidden | Self::Aws(_) => None,
        }
    }
}

/// What the lock works with.
#[derive(Clone, Copy)]
pub(crate) struct Means<'a> {
    pub(crate) reader: &'a organizations::Reader,
    pub(crate) writer: &'a organizations::Writer,
    pub(crate) clock: &'a Clock,
    pub(crate) events: &'a Events,
}

/// The lock, held.
pub(crate) struct Lock<'a> {
    means: Means<'a>,
    id: PolicyId,
    holder: Holder,
}

/// Whether the lock was lost while the run went on. Clones are the same loss.
#[derive(Debug, Clone, Default)]
pub(crate) struct Loss(Stop);

impl Loss {
    pub(crate) fn is_known(&self) -> bool {
        self.0.is_asked()
    }

    /// Waits until the lock is lost.
    pub(crate) async fn happened(&self) {
        self.0.asked().await;
    }
}

/// What one look at somebody else's lock says.
enum Found {
    /// It is gone, or does not show yet.
    Nothing,
    /// It is ours already: the answer to making it was lost.
    Ours(PolicyId),
    /// Its run is proven dead.
    Dead(PolicyId, Holder),
    /// Its run was not heard of for too long.
    Silent(PolicyId, Holder),
}

impl<'a> Lock<'a> {
    /// Takes the lock for `holder`, whose organization is called `organization` in the mark.
    pub(crate) async fn take(
        means: Means<'a>,
        holder: Holder,
        organization: &str,
        journals: Option<&Journals>,
    ) -> Result<Self, LockError> {
        let tags = Tags::from([
            (MANAGED_BY.to_owned(), organization.to_owned()),
            (ADDRESS.to_owned(), LOCK_ADDRESS.to_owned()),
        ]);
        for _ in 0..LOOKS {
            match means.writer.create_policy(PolicyType::Scp, text(&holder.description()), &tags).await {
                Ok(policy) => return Ok(Self::held(means, policy.summary.id, holder)),
                Err(error) if error.is_already_there() => {}
                Err(error) => return Err(LockError::Aws(error)),
            }
            match look(means, &holder, journals).await? {
                Found::Nothing => means.clock.sleep(SETTLE).await,
                Found::Ours(id) => return Ok(Self::held(means, id, holder)),
                Found::Dead(id, dead) => return Self::take_over(means, id, holder, dead).await,
                Found::Silent(id, silent) => {
                    // Clocks differ between machines: a run that lives says so within a minute.
                    means.events.send(Event::LockWatched { of: silent.clone(), during: WATCH });
                    means.clock.sleep(WATCH).await;
                    match look(means, &holder, None).await? {
                        Found::Silent(_, still) if still == silent => {
                            return Self::take_over(means, id, holder, silent).await;
                        }
                        Found::Silent(_, other) | Found::Dead(_, other) => {
                            let age = means.clock.since(other.heartbeat);
                            return Err(LockError::Held { holder: Box::new(other), age });
                        }
                        Found::Nothing | Found::Ours(_) => {}
                    }
                }
            }
        }
        Err(LockError::Hidden)
    }

    fn held(means: Means<'a>, id: PolicyId, holder: Holder) -> Self {
        means.events.send(Event::Locked);
        Self { means, id, holder }
    }

    /// Writes our name over a dead run's, and looks again: of two runs that do this at once, the one that
    /// wrote last has the lock.
    async fn take_over(
        means: Means<'a>,
        id: PolicyId,
        mut holder: Holder,
        dead: Holder,
    ) -> Result<Self, LockError> {
        holder.heartbeat = means.clock.now();
        match means.writer.update_policy(&id, text(&holder.description())).await {
            Ok(()) => {}
            Err(error) if error.is_not_found() => return Err(LockError::Hidden),
            Err(error) => return Err(LockError::Aws(error)),
        }
        for _ in 0..LOOKS {
            means.clock.sleep(SETTLE).await;
            let shown = means.reader.describe_policy(&id).await.map_err(LockError::Aws)?;
            let Some(shown) = shown else { return Err(LockError::Hidden) };
            match Holder::parse(&shown.summary.description) {
                Some(shown) if shown.run == holder.run => {
                    let silent_for = means.clock.since(dead.heartbeat);
                    means.events.send(Event::LockTakenOver { from: dead, silent_for });
                    return Ok(Self::held(means, id, holder));
                }
                // What was written does not show yet.
                Some(shown) if shown == dead => {}
                Some(other) => {
                    let age = means.clock.since(other.heartbeat);
                    return Err(LockError::Held { holder: Box::new(other), age });
                }
                None => return Err(LockError::NameTaken { id }),
            }
        }
        Err(LockError::Hidden)
    }

    /// Works under the lock: says every minute that the run lives, and tells when the lock is lost.
    pub(crate) async fn keep_during<T>(&self, loss: &Loss, work: impl Future<Output = T>) -> T {
        let keeping = async {
            let cause = self.keep().await;
            self.means.events.send(Event::LockLost { cause });
            loss.0.ask();
            std::future::pending::<Infallible>().await
        };
        tokio::select! {
            biased;
            done = work => done,
            never = keeping => match never {},
        }
    }

    /// Says every minute that the run lives. Ends only when the lock is lost, with what is known of it.
    async fn keep(&self) -> String {
        let mut holder = self.holder.clone();
        loop {
            self.means.clock.sleep(HEARTBEAT).await;
            if let Some(cause) = self.taken_by_another(&holder).await {
                return cause;
            }
            let next = Holder { heartbeat: self.means.clock.now(), ..holder.clone() };
            match self.means.writer.update_policy(&self.id, text(&next.description())).await {
                Ok(()) => holder = next,
                Err(error) if error.is_not_found() => return "somebody deleted the lock".to_owned(),
                Err(error) if self.means.clock.since(holder.heartbeat) + HEARTBEAT > STALE_AFTER => {
                    return format!("the lock could not be renewed for too long: {error}");
                }
                Err(_) => {}
            }
        }
    }

    /// Whether another run has written its name over ours. An older heartbeat is only a read that lags.
    async fn taken_by_another(&self, ours: &Holder) -> Option<String> {
        let shown = self.means.reader.describe_policy(&self.id).await.ok()??;
        let shown = Holder::parse(&shown.summary.description)?;
        (shown.run != ours.run && shown.heartbeat > ours.heartbeat)
            .then(|| format!("run `{}` of `{}` on `{}` took it over", shown.run, shown.owner, shown.host))
    }

    /// Lets go of the lock. What goes wrong is told and nothing more: the lock goes stale by itself.
    pub(crate) async fn release(self, loss: &Loss) {
        if loss.is_known() || self.taken_by_another(&self.holder).await.is_some() {
            return;
        }
        let freed = self.means.writer.delete_policy(&self.id).await;
        self.means.events.send(match freed {
            Ok(()) => Event::Unlocked,
            Err(error) => Event::UnlockFailed { cause: error.to_string() },
        });
    }
}

/// The lock's policy with this description.
fn text(description: &str) -> PolicyText<'_> {
    PolicyText { name: LOCK_POLICY, description, content: DOCUMENT }
}

/// Finds the policy of the lock's name among the service control policies.
async fn find(means: Means<'_>) -> Result<Option<PolicySummary>, LockError> {
    let policies = means.reader.list_policies(PolicyType::Scp).await.map_err(LockError::Aws)?;
    Ok(policies.into_iter().find(|policy| policy.name == LOCK_POLICY))
}

/// Looks at the lock that is there.
async fn look(means: Means<'_>, ours: &Holder, journals: Option<&Journals>) -> Result<Found, LockError> {
    let Some(policy) = find(means).await? else { return Ok(Found::Nothing) };
    let described = means.reader.describe_policy(&policy.id).await.map_err(LockError::Aws)?;
    let Some(described) = described else { return Ok(Found::Nothing) };
    let Some(holder) = Holder::parse(&described.summary.description) else {
        return Err(LockError::NameTaken { id: policy.id });
    };
    let age = means.clock.since(holder.heartbeat);
    if holder.run == ours.run {
        Ok(Found::Ours(policy.id))
    } else if journals.is_some_and(|journals| journals.prove_dead(&holder.run)) {
        Ok(Found::Dead(policy.id, holder))
    } else if age > STALE_AFTER {
        Ok(Found::Silent(policy.id, holder))
    } else {
        Err(LockError::Held { holder: Box::new(holder), age })
    }
}

/// Whether a policy is the lock, which is no part of any landing zone.
pub(crate) fn is_lock(policy: &PolicySummary) -> bool {
    policy.ty == PolicyType::Scp && policy.name == LOCK_POLICY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_names_the_holder_and_comes_back_from_its_text() {
        let now = "2027-01-01T00:00:00Z".parse().unwrap();
        let holder = Holder::new("run-1", &"o".repeat(300), "build\u{1b}[31m", now);
        let description = holder.description();
        assert!(description.chars().count() <= 512 && !description.contains('\u{1b}'), "{description}");
        assert_eq!(Holder::parse(&description), Some(holder));
        assert_eq!(Holder::parse("our own note"), None);
    }
}

//! IAM Identity Center as a whole: what one look at it asks, in which order, and what every change of it is made with.
//!
//! Few calls: assignments are asked for the groups and users that the manifest names. Where a permission set has come to
//! accounts that nobody was promised, those pairs of set and account are asked for everybody; in accounts that somebody
//! was promised, others are asked for only by a deep look.

use super::{access_control_attributes, assignments, group, membership, permission_set, user};
use crate::error::EngineError;
use crate::event::Subject;
use crate::gap::Unknown;
use crate::observe::{Look, Scope};
use crate::work::{Problem, Work};
use glidepath_aws::{Error, identity_center, identity_store};
use glidepath_model::identity_center::{IdentityCenter, Instance, PrincipalId, Request, RequestState};
use glidepath_model::organization::Snapshot;
use glidepath_model::{AccountId, Address, Principal};
use glidepath_plan::identity::Identity;
use glidepath_plan::standing::is_of_identity_center;
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long is waited for a request that AWS has taken. It names no bound; a set in thousands of accounts takes minutes.
const PATIENCE: Duration = Duration::from_secs(30 * 60);
/// What AWS answers while it is at the same thing, or when the thing is there already.
pub(super) const CONFLICT: &str = "ConflictException";

/// One look at IAM Identity Center.
pub(super) struct CenterLook<'l, 'a> {
    pub(super) look: &'l Look<'a>,
    pub(super) reader: identity_center::Reader,
    pub(super) store: identity_store::Reader,
    pub(super) instance: Instance,
    pub(super) names: Identity,
}

/// Everything that a plan needs of IAM Identity Center, where the manifest speaks of it.
pub(crate) async fn read(look: &Look<'_>, snapshot: &Snapshot) -> Result<IdentityCenter, EngineError> {
    let mut found = IdentityCenter::default();
    let Some(wanted) = &look.zone.identity_center else { return Ok(found) };
    if !look.scope.wants(is_of_identity_center) {
        return Ok(found);
    }
    look.begin(Subject::IdentityCenter);
    let reader = identity_center::Reader::new(look.session, &wanted.region);
    let instances = look.read(Unknown::IdentityCenter, reader.list_instances().await)?;
    let Some(instance) = own_instance(instances.unwrap_or_default(), &look.zone.management_id) else {
        look.end(Subject::IdentityCenter, 0);
        return Ok(found);
    };
    let center = CenterLook {
        look,
        store: identity_store::Reader::new(look.session, &wanted.region, &instance.identity_store),
        reader,
        instance: instance.clone(),
        names: Identity::resolve(look.zone, snapshot),
    };
    found.instance = Some(instance);
    let (sets, directory, attributes) = futures::try_join!(
        permission_set::read(&center),
        directory(&center, wanted.managed_directory),
        access_control_attributes::read(&center),
    )?;
    (found.permission_sets, found.foreign_sets) = sets;
    (found.groups, found.users, found.principals, found.missing) = directory;
    found.attributes = attributes;
    assignments::read(&center, &mut found).await?;
    look.end(Subject::IdentityCenter, found.permission_sets.len());
    Ok(found)
}

/// The instance of the organization: that of the management account. Others are of single accounts.
fn own_instance(instances: Vec<Instance>, management: &AccountId) -> Option<Instance> {
    instances.into_iter().find(|instance| instance.owner.as_ref().is_none_or(|owner| owner == management))
}

/// Groups and users, ids by name, and whoever is missing with the nearest name.
type Directory = (
    BTreeMap<String, glidepath_model::identity_center::Group>,
    BTreeMap<String, glidepath_model::identity_center::User>,
    BTreeMap<Principal, PrincipalId>,
    BTreeMap<Principal, Option<String>>,
);

async fn directory(center: &CenterLook<'_, '_>, managed: bool) -> Result<Directory, EngineError> {
    let mut principals = BTreeMap::new();
    if managed {
        let (groups, users) = futures::try_join!(group::read(center), user::read(center))?;
        let mut groups: BTreeMap<_, _> =
            groups.into_iter().map(|group| (group.name.clone(), group)).collect();
        membership::read(center, &mut groups).await?;
        let users: BTreeMap<_, _> = users.into_iter().map(|user| (user.name.clone(), user)).collect();
        principals.extend(
            groups
                .values()
                .map(|one| (Principal::Group(one.name.clone()), PrincipalId::Group(one.id.clone()))),
        );
        principals.extend(
            users.values().map(|one| (Principal::User(one.name.clone()), PrincipalId::User(one.id.clone()))),
        );
        return Ok((groups, users, principals, BTreeMap::new()));
    }
    let found = center.look.each(center.asked_principals(), |principal| async move {
        let id = match &principal {
            Principal::Group(name) => center.store.group_id(name).await.map(|id| id.map(PrincipalId::Group)),
            Principal::User(name) => center.store.user_id(name).await.map(|id| id.map(PrincipalId::User)),
        };
        let id = center.look.read(Unknown::Principal(principal.clone()), id)?;
        Ok(id.map(|id| (principal, id)))
    });
    let mut missing = Vec::new();
    for (principal, id) in found.await? {
        match id {
            Some(id) => {
                principals.insert(principal, id);
            }
            None => missing.push(principal),
        }
    }
    let missing = nearest(center, missing).await?;
    Ok((BTreeMap::new(), BTreeMap::new(), principals, missing))
}

/// The nearest name that the directory has, for everybody whom it does not have.
async fn nearest(
    center: &CenterLook<'_, '_>,
    missing: Vec<Principal>,
) -> Result<BTreeMap<Principal, Option<String>>, EngineError> {
    let mut groups: Option<Vec<String>> = None;
    let mut users: Option<Vec<String>> = None;
    let mut all = BTreeMap::new();
    for principal in missing {
        let known = match &principal {
            Principal::Group(_) => &mut groups,
            Principal::User(_) => &mut users,
        };
        if known.is_none() {
            // Whoever may not list them is told without a suggestion.
            *known = Some(match &principal {
                Principal::Group(_) => {
                    let listed = center.store.list_groups().await.unwrap_or_default();
                    listed.into_iter().map(|group| group.name).collect()
                }
                Principal::User(_) => {
                    let listed = center.store.list_users().await.unwrap_or_default();
                    listed.into_iter().map(|user| user.name).collect()
                }
            });
        }
        let near = glidepath_plan::pattern::nearest(principal.name(), known.iter().flatten());
        all.insert(principal, near);
    }
    Ok(all)
}

impl CenterLook<'_, '_> {
    /// The permission sets that are asked for, by name; none for all.
    pub(super) fn asked_sets(&self) -> Option<BTreeSet<&str>> {
        let Scope::Only(addresses) = self.look.scope else { return None };
        let named = addresses.iter().filter_map(|address| match address {
            Address::PermissionSet(name) | Address::Assignments { permission_set: name, .. } => {
                Some(name.as_str())
            }
            _ => None,
        });
        Some(named.collect())
    }

    /// The groups and users that are asked for.
    pub(super) fn asked_principals(&self) -> BTreeSet<Principal> {
        let named = self.look.zone.identity_center.iter().flat_map(|center| &center.principals);
        match self.look.scope {
            Scope::Everything(_) | Scope::People => named.cloned().collect(),
            Scope::Only(addresses) => {
                let asked = |principal: &&Principal| {
                    addresses.iter().any(|address| match address {
                        Address::Assignments { principal: who, .. } => who == *principal,
                        _ => false,
                    })
                };
                named.filter(asked).cloned().collect()
            }
        }
    }
}

/// What changes of IAM Identity Center are made with, shared by all of a run.
pub(crate) struct Center {
    pub(crate) instance: Instance,
    pub(crate) reader: identity_center::Reader,
    pub(crate) writer: identity_center::Writer,
    pub(crate) store: identity_store::Reader,
    pub(crate) store_writer: identity_store::Writer,
    accounts: Mutex<BTreeMap<AccountId, Arc<tokio::sync::Mutex<()>>>>,
}

impl Center {
    pub(crate) fn new(
        instance: Instance,
        (reader, writer): (identity_center::Reader, identity_center::Writer),
        (store, store_writer): (identity_store::Reader, identity_store::Writer),
    ) -> Self {
        Self { instance, reader, writer, store, store_writer, accounts: Mutex::default() }
    }

    /// The instance's ARN.
    pub(crate) fn arn(&self) -> &str {
        &self.instance.arn
    }

    /// The key to an account: AWS changes one role of permission sets in an account at a time.
    /// <https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html>
    pub(super) fn account(&self, id: &AccountId) -> Arc<tokio::sync::Mutex<()>> {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.entry(id.clone()).or_default().clone()
    }

    /// Waits for every request that AWS is still carrying out: those of a run that died are joined, never doubled. How
    /// they end is told by what is read next.
    pub(crate) async fn join_running(&self, work: &Work<'_>) -> Result<(), Problem> {
        for id in self.reader.list_running_creations(self.arn()).await? {
            drop(settled(work, || self.reader.creation_status(self.arn(), &id)).await?);
        }
        for id in self.reader.list_running_deletions(self.arn()).await? {
            drop(settled(work, || self.reader.deletion_status(self.arn(), &id)).await?);
        }
        for id in self.reader.list_running_provisioning(self.arn()).await? {
            drop(settled(work, || self.reader.provisioning_status(self.arn(), &id)).await?);
        }
        Ok(())
    }
}

/// The organization's instance, for changes.
pub(crate) fn instance_of(instances: Vec<Instance>, management: &AccountId) -> Result<Instance, Problem> {
    own_instance(instances, management).ok_or(Problem::NotPossible {
        what: "a change of IAM Identity Center while it is not enabled",
        instead: "enable it in the console first",
    })
}

/// Asks how a request stands until it is decided, and gives AWS's reason where it failed.
pub(super) async fn settled<F, Fut>(work: &Work<'_>, ask: F) -> Result<Result<(), String>, Problem>
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<Request, Error>>,
{
    let decided = work.until(PATIENCE, || async {
        Ok(match ask().await?.state {
            RequestState::InProgress => None,
            RequestState::Succeeded => Some(Ok(())),
            RequestState::Failed(reason) => Some(Err(reason)),
        })
    });
    decided.await?.ok_or_else(|| Problem::Unsettled {
        what: "a request of IAM Identity Center".to_owned(),
        waited: PATIENCE,
    })
}

//! Observing: one look at everything the landing zone speaks of, as few calls as AWS's listings allow.
//!
//! It only reads. What cannot be read becomes a gap of the snapshot and never ends the run; only missing
//! or rejected credentials, and another organization than the one that was checked, do.
//!
//! INVARIANT (call economy): for N accounts, K units and P customer policies at most
//! ⌈N/20⌉ + (K+1) + ⌈(N+K+P)/100⌉ + Σ(1 + max(1, ⌈targets/20⌉)) + ⌈targets of FullAWSAccess/20⌉ + 40 calls
//! are made, and K + P more where the tagging API does not answer for organization resources. A stack set
//! takes 6 more, and one for each hundred of its stacks that are not as they should be. It takes one for each
//! hundred of all its stacks in a deep look, and where it has no auto-deployment and the last operation on it does
//! not say by its name that it left the set as the manifest wants it. A stack of the management account takes 1. For the
//! keys of the manifest, one call for each account and two for each Region in it that they name, and six for each
//! key there. IAM Identity Center takes 1 + ⌈sets/100⌉ + 2 for each permission set, for each of ours
//! 4 + max(1, ⌈accounts with it/100⌉) + max(1, ⌈accounts behind it/100⌉) more, for each group or user that the manifest
//! names 1 + max(1, ⌈its assignments/100⌉), and 1 for each pair of set and account that nobody was promised.
//! Where the landing zone has Regions that accounts have to enable first, one call for each account that is to have some.
//! Each account for which the manifest sets something takes one call to enter it, and one for each contact and each
//! other setting of it; in each Region one for each setting, one more for a key by its alias, and three more where
//! there is a default VPC that shall go. Centralized root access takes 1.
//! Where stacks are about to come that make what an account has once in a Region, one call for each such
//! account and at most two for each kind in each Region.

use crate::error::EngineError;
use crate::event::{Event, Events, Subject};
use crate::gap::{Miss, Unknown, gaps};
use crate::kind;
use crate::probe;
use crate::regions;
use crate::tags;
use futures::stream::{self, StreamExt as _};
use glidepath_aws::{Aws, Error, Session, organizations, tagging};
use glidepath_model::organization::{Organization, PolicySummary, Root, Snapshot};
use glidepath_model::{Address, NodeId, PolicyId, PolicyType};
use glidepath_plan::LandingZone;
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::sync::{Mutex, PoisonError};

/// How many reads of one kind are asked for at a time. The lanes and rates of `glidepath-aws` decide how
/// many of them run; more would only hold memory.
const WIDTH: usize = 20;

/// How far a look goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Depth {
    /// As far as a change needs: of the stacks of stack sets those that are not as they should be.
    #[default]
    Shallow,
    /// To every stack of every stack set: a call for each hundred.
    Deep,
}

/// What is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Everything: what a plan or a drift report needs.
    Everything(Depth),
    /// Whatever tells who may sign in where, to the last assignment, and nothing of stacks, keys and Regions: the
    /// snapshot answers for none of these, without a gap that says so.
    People,
    /// What was just changed. The snapshot answers for these addresses only: of all others it may hold
    /// nothing, without a gap that says so.
    Only(BTreeSet<Address>),
}

impl Scope {
    /// Whether everything is asked for.
    pub(crate) fn is_whole(&self) -> bool {
        matches!(self, Self::Everything(_) | Self::People)
    }

    /// Whether everything is asked for that a listing tells: every stack of stack sets, every assignment.
    pub(crate) fn is_deep(&self) -> bool {
        matches!(self, Self::Everything(Depth::Deep) | Self::People)
    }

    /// Whether anything of this kind is asked for.
    pub(crate) fn wants(&self, kind: impl Fn(&Address) -> bool) -> bool {
        match self {
            Self::Everything(_) | Self::People => true,
            Self::Only(addresses) => addresses.iter().any(kind),
        }
    }

    /// Whether this very thing is asked for.
    pub(crate) fn holds(&self, address: &Address) -> bool {
        match self {
            Self::Everything(_) | Self::People => true,
            Self::Only(addresses) => addresses.contains(address),
        }
    }

    /// Whether this policy or any attachment of it is asked for.
    pub(crate) fn holds_policy(&self, ty: PolicyType, name: &str) -> bool {
        match self {
            Self::Everything(_) | Self::People => true,
            Self::Only(addresses) => addresses.iter().any(|address| match address {
                Address::Policy { ty: its, name: its_name } => *its == ty && its_name == name,
                Address::Attachment { ty: its, policy, .. } => *its == ty && policy == name,
                _ => false,
            }),
        }
    }
}

impl From<Depth> for Scope {
    fn from(depth: Depth) -> Self {
        Self::Everything(depth)
    }
}

/// One look, while it lasts.
pub(crate) struct Look<'a> {
    pub(crate) session: &'a Session,
    pub(crate) aws: &'a Aws,
    pub(crate) reader: organizations::Reader,
    pub(crate) tagging: tagging::Reader,
    pub(crate) zone: &'a LandingZone,
    pub(crate) scope: &'a Scope,
    events: &'a Events,
    misses: Mutex<Vec<Miss>>,
}

impl Look<'_> {
    /// What was read; none, and a miss, where it could not be.
    ///
    /// # Errors
    /// [`EngineError`] where no other read would succeed either.
    pub(crate) fn read<T>(
        &self,
        unknown: Unknown,
        answer: Result<T, Error>,
    ) -> Result<Option<T>, EngineError> {
        match answer {
            Ok(value) => Ok(Some(value)),
            Err(source) if is_fatal(&source) => {
                Err(EngineError::Aws { doing: "read the organization", source })
            }
            Err(error) => {
                self.missed(unknown, error);
                Ok(None)
            }
        }
    }

    /// Says that something could not be read.
    pub(crate) fn missed(&self, unknown: Unknown, error: Error) {
        self.misses.lock().unwrap_or_else(PoisonError::into_inner).push(Miss { unknown, error });
    }

    /// Reads many things, some at a time, in whatever order their answers come.
    pub(crate) async fn each<I, T, F, Fut>(&self, items: I, read: F) -> Result<Vec<T>, EngineError>
    where
        I: IntoIterator,
        F: Fn(I::Item) -> Fut,
        Fut: Future<Output = Result<Option<T>, EngineError>>,
    {
        let mut answers = stream::iter(items.into_iter().map(read)).buffer_unordered(WIDTH);
        let mut all = Vec::new();
        while let Some(answer) = answers.next().await {
            all.extend(answer?);
        }
        Ok(all)
    }

    pub(crate) fn send(&self, event: Event) {
        self.events.send(event);
    }

    pub(crate) fn begin(&self, what: Subject) {
        self.events.send(Event::ReadStarted { what });
    }

    pub(crate) fn end(&self, what: Subject, count: usize) {
        self.events.send(Event::ReadFinished { what, count });
    }
}

/// Whether an error says that no other call would succeed either.
pub(crate) fn is_fatal(error: &Error) -> bool {
    match error {
        Error::NoCredentials { .. }
        | Error::CredentialsRejected { .. }
        | Error::NotInTable { .. }
        | Error::WriteRefused { .. }
        | Error::Setup(_) => true,
        Error::Service { .. }
        | Error::Throttled { .. }
        | Error::Denied { .. }
        | Error::OutcomeUnknown { .. }
        | Error::Transport { .. }
        | Error::Malformed { .. } => false,
    }
}

/// Looks at the organization.
///
/// # Errors
/// [`EngineError`] when there are no credentials, when AWS does not accept them, or when they belong to
/// another organization than the manifest's; anything else that cannot be read is a gap of the snapshot.
pub async fn observe(
    aws: &Aws,
    zone: &LandingZone,
    scope: &Scope,
    events: &Events,
) -> Result<Snapshot, EngineError> {
    let look = Look {
        session: aws.session(),
        aws,
        reader: organizations::Reader::new(aws.session()),
        tagging: tagging::Reader::new(aws.session()),
        zone,
        scope,
        events,
        misses: Mutex::default(),
    };
    let mut snapshot = Snapshot::default();
    read_all(&look, &mut snapshot).await?;
    let misses = look.misses.into_inner().unwrap_or_else(PoisonError::into_inner);
    snapshot.gaps = gaps(zone, &snapshot, &misses);
    for gap in &snapshot.gaps {
        events.send(Event::GapFound { gap: gap.clone() });
    }
    Ok(snapshot)
}

async fn read_all(look: &Look<'_>, snapshot: &mut Snapshot) -> Result<(), EngineError> {
    let Some((organization, root)) = kind::organization::read(look).await? else { return Ok(()) };
    // Each bucket of AWS's has its own rate: what waits for nothing but its own listing starts with it, so
    // that the whole takes as long as the slowest bucket and not as long as all of them.
    let ((tree, bulk, believed), policies, trusted, administrators, resource_policy) = futures::try_join!(
        tree(look, organization, root.clone()),
        policies(look, &root),
        kind::trusted_access::read(look),
        kind::delegated_administrator::read(look),
        kind::resource_policy::read(look),
    )?;
    *snapshot = tree;
    (snapshot.policies, snapshot.contents, snapshot.attachments) = policies;
    snapshot.trusted_access = trusted;
    snapshot.delegated_administrators = administrators;
    snapshot.resource_policy = resource_policy;
    if *look.scope == Scope::People {
        let (tags, identity_center) = futures::try_join!(
            tags::of_policies(look, snapshot, bulk.as_ref(), believed),
            kind::identity_center::read(look, snapshot),
        )?;
        snapshot.tags.extend(tags);
        snapshot.identity_center = identity_center;
        return Ok(());
    }
    let (tags, keys, settings, root_access, identity_center, opt_ins) = futures::try_join!(
        tags::of_policies(look, snapshot, bulk.as_ref(), believed),
        kind::key::read(look, snapshot),
        kind::account_settings::read(look, snapshot),
        kind::root_access::read(look),
        kind::identity_center::read(look, snapshot),
        regions::read(look, snapshot),
    )?;
    snapshot.tags.extend(tags);
    snapshot.opt_ins = opt_ins;
    (snapshot.deployments.stack_sets, snapshot.deployments.stacks) = futures::try_join!(
        kind::stack_set::read(look, snapshot),
        kind::stack::read(look, &snapshot.trusted_access),
    )?;
    snapshot.keys = keys;
    snapshot.account_settings = settings;
    snapshot.root_access = root_access;
    snapshot.identity_center = identity_center;
    snapshot.deployments.singletons = probe::read(look, snapshot).await?;
    Ok(())
}

/// Units and accounts with their tags; and the tags in bulk, and whether they are to be believed.
async fn tree(
    look: &Look<'_>,
    organization: Organization,
    root: Root,
) -> Result<(Snapshot, Option<tags::Bulk>, bool), EngineError> {
    let (units, listing, bulk) =
        futures::try_join!(kind::unit::read(look, &root), kind::account::read(look), tags::in_bulk(look),)?;
    let accounts = kind::account::placed(look, listing, &root.id, &units).await?;
    let mut tree = Snapshot {
        organization: Some(organization),
        root: Some(root),
        units,
        accounts,
        ..Snapshot::default()
    };
    let (requests, (tags, believed)) = futures::try_join!(
        kind::account::read_requests(look, &tree),
        tags::of_tree(look, &tree, bulk.as_ref()),
    )?;
    tree.create_requests = requests;
    tree.tags = tags;
    Ok((tree, bulk, believed))
}

/// Policies with their documents and targets.
type Policies =
    (BTreeMap<PolicyId, PolicySummary>, BTreeMap<PolicyId, String>, BTreeMap<PolicyId, BTreeSet<NodeId>>);

async fn policies(look: &Look<'_>, root: &Root) -> Result<Policies, EngineError> {
    let policies = kind::policy::read(look, root).await?;
    let (contents, attachments) = futures::try_join!(
        kind::policy::read_contents(look, &policies),
        kind::attachment::read(look, &policies),
    )?;
    Ok((policies, contents, attachments))
}

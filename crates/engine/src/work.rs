//! What a change is made with: the ways to read and write, the clock, and the ids known so far.

use crate::apply::ApplyOptions;
use crate::enter::enter;
use crate::event::{Event, Events};
use crate::journal::{Entry, Journal};
use crate::kind::identity_center::{Center, instance_of};
use crate::readiness::{self, Stage};
use glidepath_aws::organizations::{AccountListing, CreationFilter};
use glidepath_aws::{
    Aws, Clock, Error, Session, cloudformation, identity_center, identity_store, kms, organizations,
    regions_of_account, singleton,
};
use glidepath_model::organization::{Account, CreateAccountRequest};
use glidepath_model::{
    AccountId, Address, Digest, NodeId, PolicyId, PolicyType, Target, Timestamp, UnitPath,
};
use glidepath_plan::{Change, LandingZone, Plan, Verb};
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long a read may lag behind what is known to be written. AWS names no bound; its reads are
/// "eventually consistent".
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_troubleshoot.html>
pub(crate) const LAG: Duration = Duration::from_secs(60);
/// How long the role of a new account is waited for. AWS names no bound: changes of IAM show "after some time".
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html>
const ENTERING: Duration = Duration::from_secs(5 * 60);
/// The first and the longest wait between two looks at something that is not there yet.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// How old a listing of accounts may be and still tell whether an account exists right before it is
/// created. Nobody can have two accounts with one e-mail address, so an older one would only cost a call.
const FRESH: Duration = Duration::from_secs(30);

/// What a change is made with.
pub(crate) struct Work<'a> {
    pub(crate) reader: &'a organizations::Reader,
    pub(crate) writer: &'a organizations::Writer,
    pub(crate) clock: &'a Clock,
    pub(crate) zone: &'a LandingZone,
    aws: &'a Aws,
    journal: &'a Journal,
    center: tokio::sync::OnceCell<Arc<Center>>,
    options: &'a ApplyOptions,
    created: BTreeSet<Address>,
    arriving: BTreeSet<Address>,
    events: &'a Events,
    ids: Mutex<BTreeMap<Address, String>>,
    accounts: tokio::sync::Mutex<Option<(Timestamp, Arc<Accounts>)>>,
    stages: Mutex<BTreeMap<Address, BTreeSet<Stage>>>,
}

/// Every account, and every request for one, as they were a moment ago.
///
/// INVARIANT (requests before accounts): requests are listed first, so that one which is decided between
/// the two listings is in the first as running or in the second as an account, and never in neither.
pub(crate) struct Accounts {
    pub(crate) running: Vec<CreateAccountRequest>,
    pub(crate) accounts: Vec<Account>,
}

/// A name that follows from a text alone, and so is the same in every run. Letters and digits, 38 characters.
pub(crate) fn short(text: &str) -> String {
    let digest = Digest::of_bytes(text.as_bytes());
    let short: String = digest.as_str().chars().take(36).collect();
    format!("gp{short}")
}

/// Why a change failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Problem {
    #[error(transparent)]
    Aws(#[from] Error),
    #[error("the id of `{0}` is not known: it did not exist when the plan was made; plan again")]
    NoId(Address),
    #[error(
        "`{address}` ({id}) has appeared since the plan was made and does not carry our mark; plan again to adopt it"
    )]
    Appeared { address: Address, id: String },
    #[error("`{address}` has disappeared since the plan was made; plan again")]
    Vanished { address: Address },
    #[error(
        "`{address}` ({id}) does not carry the mark any more that the plan saw, so it is not deleted; plan again"
    )]
    MarkGone { address: Address, id: String },
    #[error("AWS says that `{address}` exists, but does not show it; apply again in a few minutes")]
    Hidden { address: Address },
    #[error("still waiting for {what} after {} minutes; apply again to go on", waited.as_secs() / 60)]
    Unsettled { what: String, waited: Duration },
    #[error("AWS did not create the account: {reason}{}", creation_help(reason))]
    NotCreated { reason: String },
    #[error(
        "AWS is still enabling {regions} in account {id} after {} minutes; until then it stays at the root, where only what is attached to the root guards it; apply again to go on",
        waited.as_secs() / 60
    )]
    RegionsOpen { id: AccountId, regions: String, waited: Duration },
    #[error(
        "account {id} is there, but its role could not be entered within {} minutes: {reason}; see that it has the role of `roles.access`, that the role trusts the management account, and that no policy denies `sts:AssumeRole`, and apply again",
        waited.as_secs() / 60
    )]
    NotEntered { id: AccountId, waited: Duration, reason: String },
    #[error(
        "a request that was already running created account {id} with the e-mail address `{found}`, not `{wanted}`; give one of the two another name"
    )]
    OtherEmail { id: AccountId, found: String, wanted: String },
    #[error("{} did not come about, first `{account}` in {region}: {reason}{}", crate::work::stacks(*failed), AGAIN)]
    StacksFailed { failed: usize, account: String, region: String, reason: String },
    #[error(
        "AWS ended the operation `{id}` as {status}, and names no stack that failed; apply again to go on"
    )]
    OperationEnded { id: String, status: &'static str },
    #[error("the stack is {status}: {reason}{}", AGAIN)]
    StackFailed { status: String, reason: String },
    #[error(
        "the stack is {status} again: CloudFormation does not get past {resources}; mend the cause in the account and apply again, or leave them as they are with `--leave-stuck {address}`"
    )]
    StackStuck { address: Box<Address>, status: String, resources: String },
    #[error(
        "CloudFormation would {does} `{resource}`, which the plan does not show; nothing was done; change it by hand or report this plan"
    )]
    UnexpectedChange { does: &'static str, resource: String },
    #[error("CloudFormation cannot make the changes: {0}")]
    ChangeSetFailed(String),
    #[error("{what} cannot be done by an apply: {instead}")]
    NotPossible { what: &'static str, instead: &'static str },
    #[error("AWS refused: {reason}")]
    Refused { reason: String },
    #[error("access to `{account}` is not as it should be: {reason}{}", AGAIN_ACCESS)]
    NotAssigned { account: String, reason: String },
    #[error("AWS did not bring the permission set to every account: {reason}{}", AGAIN_ACCESS)]
    NotProvisioned { reason: String },
    #[error(
        "something lives in the default VPC `{vpc}` in {region} by now: {interfaces} network interface{}, first `{first}`; nothing of it was touched", if *interfaces == 1 { "" } else { "s" }
    )]
    VpcInUse { vpc: String, region: String, interfaces: usize, first: String },
    #[error("the value at `{address}` cannot be used: {cause}")]
    BadValue { address: Address, cause: String },
}

/// What helps where stacks failed.
const AGAIN: &str = "; mend the cause and apply again: only what failed is tried again";

/// What helps where access was not given or taken.
const AGAIN_ACCESS: &str = "; mend the cause and apply again: only what is not done is asked for again";

/// `1 stack`, `3 stacks`.
fn stacks(count: usize) -> String {
    format!("{count} stack{}", if count == 1 { "" } else { "s" })
}

fn creation_help(reason: &str) -> &'static str {
    match reason {
        "ACCOUNT_LIMIT_EXCEEDED" => "; ask AWS for a higher quota of accounts and apply again",
        "EMAIL_ALREADY_EXISTS" => {
            "; another AWS account, outside of this organization, has this e-mail address: choose another one"
        }
        "INVALID_EMAIL" => "; correct the e-mail address",
        _ => "; see the failure reasons of `CreateAccountStatus` in the API reference of AWS Organizations",
    }
}

/// What a change brought.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// AWS's id of the thing, where it has one.
    pub(crate) physical: Option<String>,
    /// What a reader has to know, one sentence each.
    pub(crate) notes: Vec<String>,
}

impl Outcome {
    pub(crate) fn of(physical: impl Into<String>) -> Self {
        Self { physical: Some(physical.into()), notes: Vec::new() }
    }

    pub(crate) fn none() -> Self {
        Self::default()
    }

    pub(crate) fn noting(mut self, note: &str) -> Self {
        self.notes.push(note.to_owned());
        self
    }
}

impl<'a> Work<'a> {
    pub(crate) fn new(
        (reader, writer): (&'a organizations::Reader, &'a organizations::Writer),
        aws: &'a Aws,
        zone: &'a LandingZone,
        (plan, options): (&Plan, &'a ApplyOptions),
        (journal, events): (&'a Journal, &'a Events),
    ) -> Self {
        let is_created = |change: &&Change| change.action.verb() == Verb::Create;
        let created = plan.changes.iter().filter(is_created).map(|change| change.address.clone()).collect();
        let arriving = plan.changes.iter().filter(|change| readiness::is_arrival(change));
        let arriving = arriving.map(|change| change.address.clone()).collect();
        Self {
            reader,
            writer,
            clock: aws.clock(),
            zone,
            aws,
            journal,
            center: tokio::sync::OnceCell::new(),
            options,
            created,
            arriving,
            events,
            ids: Mutex::new(plan.physical_ids.clone()),
            accounts: tokio::sync::Mutex::default(),
            stages: Mutex::default(),
        }
    }

    /// CloudFormation of the management account in a Region.
    pub(crate) fn cloudformation(
        &self,
        region: &str,
    ) -> Result<(cloudformation::Reader, cloudformation::Writer), Problem> {
        let writer = cloudformation::Writer::new(self.aws.session(), region, self.writer.permit().clone())?;
        Ok((cloudformation::Reader::new(self.aws.session(), region), writer))
    }

    /// A name for one step of a change, which a later run of the same plan gives it again: by it AWS knows a
    /// request that comes twice. Letters and digits, 40 characters at most.
    pub(crate) fn token(&self, address: &Address, step: &str) -> String {
        short(&format!("{}/{address}/{step}", self.writer.permit().plan()))
    }

    /// A name for one step that no other run gives it: for requests that another run must be able to make again,
    /// such as to create what was deleted since under an equal plan. A run that died is found by the thing's own
    /// name. Letters and digits, 40 characters at most.
    pub(crate) fn token_of_run(&self, address: &Address, step: &str) -> String {
        short(&format!("{}/{}/{address}/{step}", self.options.run_id, self.writer.permit().plan()))
    }

    /// Whether somebody consented to leaving those resources of a stack as they are that CloudFormation does not get
    /// past.
    pub(crate) fn leaves_stuck(&self, address: &Address) -> bool {
        self.options.leave_stuck.contains(address)
    }

    /// The session of the management account, for what it does for its members.
    pub(crate) fn session(&self) -> &Session {
        self.aws.session()
    }

    /// Whether a thing is made in this run, so that other services may not know it yet.
    pub(crate) fn is_new(&self, address: &Address) -> bool {
        self.created.contains(address)
    }

    /// Whether an account comes to its unit for the first time in this run.
    pub(crate) fn arrives(&self, address: &Address) -> bool {
        self.arriving.contains(address)
    }

    /// The ways to read and change the keys of an account and Region.
    pub(crate) async fn keys(
        &self,
        account: &AccountId,
        region: &str,
    ) -> Result<(kms::Reader, kms::Writer), Problem> {
        let session = self.enter(account).await?;
        let writer = kms::Writer::new(&session, region, self.writer.permit())?;
        Ok((kms::Reader::new(&session, region), writer))
    }

    /// The ways to read and take away what an account has once in a Region.
    pub(crate) async fn singletons(
        &self,
        account: &AccountId,
        region: &str,
    ) -> Result<(singleton::Reader, singleton::Writer), Problem> {
        let session = self.enter(account).await?;
        let writer = singleton::Writer::new(&session, region, self.writer.permit())?;
        Ok((singleton::Reader::new(&session, region), writer))
    }

    /// The ways to read and enable the Regions of accounts.
    pub(crate) fn regions(
        &self,
    ) -> Result<(regions_of_account::Reader, regions_of_account::Writer), Problem> {
        let (session, management) = (self.aws.session(), &self.zone.management_id);
        let writer = regions_of_account::Writer::new(session, management, self.writer.permit())?;
        Ok((regions_of_account::Reader::new(session, management), writer))
    }

    /// Enters a new account for nothing but to see that it can be: its role takes a while to show everywhere.
    pub(crate) async fn try_entering(&self, id: &AccountId) -> Result<(), Problem> {
        let name = self.account_name(id).unwrap_or_default();
        let refusal = tokio::sync::Mutex::new(String::new());
        let entered = self.until(ENTERING, || async {
            match enter(self.aws, self.zone, &name, id).await {
                Ok(_) => Ok(Some(())),
                Err(error) if error.is_denied() => {
                    *refusal.lock().await = error.to_string().replace('\n', " ");
                    Ok(None)
                }
                Err(error) => Err(error.into()),
            }
        });
        match entered.await? {
            Some(()) => Ok(()),
            None => {
                Err(Problem::NotEntered { id: id.clone(), waited: ENTERING, reason: refusal.into_inner() })
            }
        }
    }

    /// Says that a new account has come so far.
    pub(crate) fn reached(&self, address: &Address, stage: Stage) {
        let mut stages = self.stages.lock().unwrap_or_else(PoisonError::into_inner);
        if stages.entry(address.clone()).or_default().insert(stage) {
            self.events.send(Event::StageReached { address: address.clone(), stage });
        }
    }

    /// How far each new account has come.
    pub(crate) fn stages(&self) -> BTreeMap<Address, BTreeSet<Stage>> {
        self.stages.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The session in an account. The role that enters a new account may take a while to show.
    pub(crate) async fn enter(&self, account: &AccountId) -> Result<Session, Problem> {
        let name = self.account_name(account).unwrap_or_default();
        let is_new = self.is_new(&Address::Account(name.clone()));
        let entered = self.until(LAG, || async {
            match enter(self.aws, self.zone, &name, account).await {
                Ok(session) => Ok(Some(session)),
                Err(error) if is_new && error.is_denied() => Ok(None),
                Err(error) => Err(error.into()),
            }
        });
        let what = || format!("the role that enters account {account}");
        entered.await?.ok_or_else(|| Problem::Unsettled { what: what(), waited: LAG })
    }

    /// IAM Identity Center, for changes. Whatever a run that died has asked of it is waited for first, once.
    pub(crate) async fn center(&self) -> Result<Arc<Center>, Problem> {
        let made = self.center.get_or_try_init(|| async {
            let region = self.zone.identity_center.as_ref().map_or(&self.zone.home, |center| &center.region);
            let (session, permit) = (self.aws.session(), self.writer.permit());
            let reader = identity_center::Reader::new(session, region);
            let instance = instance_of(reader.list_instances().await?, &self.zone.management_id)?;
            let writer = identity_center::Writer::new(session, region, permit)?;
            let store = identity_store::Reader::new(session, region, &instance.identity_store);
            let store_writer =
                identity_store::Writer::new(session, region, &instance.identity_store, permit)?;
            let center = Center::new(instance, (reader, writer), (store, store_writer));
            center.join_running(self).await?;
            Ok::<_, Problem>(Arc::new(center))
        });
        made.await.cloned()
    }

    /// Writes into the journal what a part of a change is about.
    pub(crate) fn note(&self, entry: &Entry<'_>) {
        self.journal.write(self.clock.now(), entry);
    }

    /// The name of an account in the manifest.
    fn account_name(&self, id: &AccountId) -> Option<String> {
        let ids = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        ids.iter().find_map(|(address, known)| match address {
            Address::Account(name) if known == id.as_str() => Some(name.clone()),
            _ => None,
        })
    }

    /// Where the run tells what happens.
    pub(crate) fn events(&self) -> &Events {
        self.events
    }

    /// Remembers AWS's id of a thing, for the changes that wait for it.
    pub(crate) fn learn(&self, address: &Address, id: &str) {
        self.ids.lock().unwrap_or_else(PoisonError::into_inner).insert(address.clone(), id.to_owned());
    }

    /// AWS's id of a thing, where it is known.
    pub(crate) fn id(&self, address: &Address) -> Option<String> {
        self.ids.lock().unwrap_or_else(PoisonError::into_inner).get(address).cloned()
    }

    /// The place in the tree that a target is.
    pub(crate) fn node(&self, target: &Target) -> Result<NodeId, Problem> {
        let address = target.address();
        let id = self.id(&address).ok_or_else(|| Problem::NoId(address.clone()))?;
        node(&address, &id)
    }

    /// The unit or root of this id, where the plan knew one.
    pub(crate) fn unit(&self, id: &str) -> Option<Target> {
        let ids = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        ids.iter().filter(|(_, known)| *known == id).find_map(|(address, _)| match address {
            Address::Organization => Some(Target::Unit(UnitPath::root())),
            Address::Unit(path) => Some(Target::Unit(path.clone())),
            _ => None,
        })
    }

    /// An account by its name in the manifest.
    pub(crate) fn account(&self, name: &str) -> Result<AccountId, Problem> {
        let address = Address::Account(name.to_owned());
        let id = self.id(&address).ok_or_else(|| Problem::NoId(address.clone()))?;
        account_id(&address, &id)
    }

    /// A policy by its name; AWS's own have the same id everywhere, and another that the plan did not
    /// change is looked up.
    pub(crate) async fn policy(&self, ty: PolicyType, name: &str) -> Result<PolicyId, Problem> {
        let address = Address::Policy { ty, name: name.to_owned() };
        let own =
            ty.full_access_policy().filter(|policy| policy.name == name).map(|policy| policy.id.to_owned());
        if let Some(id) = own.or_else(|| self.id(&address)) {
            return policy_id(&address, &id);
        }
        let listed = self.reader.list_policies(ty).await?;
        let found = listed.into_iter().find(|policy| policy.name == name);
        let id = found.map(|policy| policy.id).ok_or_else(|| Problem::NoId(address.clone()))?;
        self.learn(&address, id.as_str());
        Ok(id)
    }

    /// Every account and running request: creations that run at the same time share one listing.
    pub(crate) async fn accounts(&self) -> Result<Arc<Accounts>, Problem> {
        let mut kept = self.accounts.lock().await;
        if let Some((read, accounts)) = kept.as_ref()
            && self.clock.since(*read) < FRESH
        {
            return Ok(accounts.clone());
        }
        let running = self.reader.list_create_account_status(CreationFilter::InProgress).await?;
        let accounts = match self.reader.list_accounts().await? {
            AccountListing::Placed(accounts) => accounts,
            AccountListing::WithoutPaths => self.accounts_by_parent().await?,
        };
        let accounts = Arc::new(Accounts { running, accounts });
        *kept = Some((self.clock.now(), accounts.clone()));
        Ok(accounts)
    }

    /// Every account below the nodes of the tree that are known.
    async fn accounts_by_parent(&self) -> Result<Vec<Account>, Problem> {
        let known: Vec<String> = {
            let ids = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
            let places = |address: &Address| matches!(address, Address::Organization | Address::Unit(_));
            ids.iter().filter(|(address, _)| places(address)).map(|(_, id)| id.clone()).collect()
        };
        let mut all = Vec::new();
        for id in known {
            if let Ok(parent @ (NodeId::Root(_) | NodeId::Unit(_))) = NodeId::parse(&id) {
                all.extend(self.reader.list_accounts_for_parent(&parent).await?);
            }
        }
        Ok(all)
    }

    /// Makes the next question for accounts a fresh one.
    pub(crate) async fn forget_accounts(&self) {
        *self.accounts.lock().await = None;
    }

    /// Says what AWS is waited for.
    pub(crate) fn waiting(&self, address: &Address, what: &str) {
        self.events.send(Event::ChangeWaiting { address: address.clone(), what: what.to_owned() });
    }

    /// Looks again and again until something is there; none when it is not after so long.
    pub(crate) async fn until<T, F, Fut>(&self, patience: Duration, look: F) -> Result<Option<T>, Problem>
    where
        F: Fn() -> Fut,
        Fut: Future<Output = Result<Option<T>, Problem>>,
    {
        let begun = self.clock.now();
        let mut wait = FIRST_WAIT;
        loop {
            if let Some(found) = look().await? {
                return Ok(Some(found));
            }
            if self.clock.since(begun) + wait > patience {
                return Ok(None);
            }
            self.clock.sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }
}

fn bad(address: &Address, error: &glidepath_model::ids::IdError) -> Problem {
    Problem::BadValue { address: address.clone(), cause: error.to_string() }
}

/// An id of the tree, read again from a plan.
pub(crate) fn node(address: &Address, id: &str) -> Result<NodeId, Problem> {
    NodeId::parse(id).map_err(|error| bad(address, &error))
}

/// An account's id, read again from a plan.
pub(crate) fn account_id(address: &Address, id: &str) -> Result<AccountId, Problem> {
    AccountId::parse(id).map_err(|error| bad(address, &error))
}

/// A policy's id, read again from a plan.
pub(crate) fn policy_id(address: &Address, id: &str) -> Result<PolicyId, Problem> {
    PolicyId::parse(id).map_err(|error| bad(address, &error))
}

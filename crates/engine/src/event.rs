//! What a run tells while it goes on. The engine never prints: it sends events, and views show them.

use crate::lock::Holder;
use crate::readiness::Stage;
use glidepath_model::Address;
use glidepath_model::organization::Gap;
use glidepath_plan::Verb;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Something that happened. Texts that come from AWS or from other runs are safe to show.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Reading one kind of thing has begun.
    ReadStarted {
        /// What is read.
        what: Subject,
    },
    /// Reading one kind of thing has ended.
    ReadFinished {
        /// What was read.
        what: Subject,
        /// How many of them there are.
        count: usize,
    },
    /// A deep look begins to ask who has permission sets where the manifest names others.
    DeepReadStarted {
        /// How many calls it takes.
        calls: usize,
    },
    /// Something could not be read.
    GapFound {
        /// What is unknown by it, and why.
        gap: Gap,
    },
    /// The lock is ours.
    Locked,
    /// The lock of a run that is dead or silent was taken over.
    LockTakenOver {
        /// Whose lock it was.
        from: Holder,
        /// How long ago that run was last heard of.
        silent_for: Duration,
    },
    /// The lock of a run that was not heard of for long is watched: if it stays silent, it is taken over.
    LockWatched {
        /// Whose lock it is.
        of: Holder,
        /// How long it is watched.
        during: Duration,
    },
    /// Another run took our lock over; nothing new is started any more.
    LockLost {
        /// What is known of it.
        cause: String,
    },
    /// The lock is gone again.
    Unlocked,
    /// The lock could not be taken off; it is stale after five minutes.
    UnlockFailed {
        /// What AWS answered.
        cause: String,
    },
    /// The changes begin.
    RunStarted {
        /// How many there are.
        changes: usize,
    },
    /// A change has begun.
    ChangeStarted {
        /// What is changed.
        address: Address,
        /// How.
        verb: Verb,
    },
    /// A change was sent, and AWS works on it.
    ChangeWaiting {
        /// What is changed.
        address: Address,
        /// What is waited for: `AWS to create the account`.
        what: String,
    },
    /// A new account has come so far.
    StageReached {
        /// The account.
        address: Address,
        /// The stage that it has reached.
        stage: Stage,
    },
    /// A change is done.
    ChangeDone {
        /// What was changed.
        address: Address,
        /// How.
        verb: Verb,
    },
    /// A change failed.
    ChangeFailed {
        /// What should have been changed.
        address: Address,
        /// How.
        verb: Verb,
        /// Why.
        error: String,
    },
    /// A change is not begun, since one it waits for is not done, or since the run stops.
    ChangeSkipped {
        /// What is not changed.
        address: Address,
        /// How it would have been changed.
        verb: Verb,
        /// Why.
        because: crate::receipt::SkipReason,
    },
    /// Nothing new is started any more; what is in flight goes on to its end.
    Stopping {
        /// What is in flight.
        in_flight: Vec<Address>,
    },
    /// What was changed is read again.
    ReadBackStarted {
        /// How many addresses are looked at.
        addresses: usize,
    },
    /// Some of it does not show yet; it is read again after a while.
    ReadBackWaiting {
        /// How many addresses do not show what they should.
        open: usize,
        /// How long is waited before the next look.
        next_in: Duration,
    },
    /// The journal cannot be written. The run goes on: nothing depends on it.
    JournalFailed {
        /// Why.
        cause: String,
    },
}

/// A kind of thing that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The organization and its root.
    Organization,
    /// The units.
    Units,
    /// The accounts.
    Accounts,
    /// Requests to create accounts.
    CreateRequests,
    /// The policies and their contents.
    Policies,
    /// What policies are attached to.
    Attachments,
    /// Services with trusted access.
    TrustedAccess,
    /// Delegated administrators.
    DelegatedAdministrators,
    /// The delegation policy.
    ResourcePolicy,
    /// Tags.
    Tags,
    /// Stack sets and their stacks.
    StackSets,
    /// Stacks of the management account.
    Stacks,
    /// Keys of AWS KMS.
    Keys,
    /// What accounts have of what is set for them.
    AccountSettings,
    /// IAM Identity Center: permission sets, assignments and the directory.
    IdentityCenter,
    /// Stacks that differ from what is there.
    Drift,
    /// What accounts have once in a Region.
    Singletons,
    /// The Regions that accounts have enabled.
    Regions,
}

impl Subject {
    /// The words for it, in lower case.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::Units => "units",
            Self::Accounts => "accounts",
            Self::CreateRequests => "requests to create accounts",
            Self::Policies => "policies",
            Self::Attachments => "attachments",
            Self::TrustedAccess => "trusted access",
            Self::DelegatedAdministrators => "delegated administrators",
            Self::ResourcePolicy => "delegation policy",
            Self::Tags => "tags",
            Self::StackSets => "stack sets",
            Self::Stacks => "stacks",
            Self::Keys => "keys",
            Self::AccountSettings => "settings of accounts",
            Self::IdentityCenter => "permission sets",
            Self::Drift => "stacks that differ",
            Self::Singletons => "what accounts have once in a Region",
            Self::Regions => "Regions of accounts",
        }
    }
}

/// Where events go. Clones share the same receiver; the default receives nothing.
#[derive(Clone, Default)]
pub struct Events(Option<Arc<dyn Fn(Event) + Send + Sync>>);

impl Events {
    /// Sends every event to a function. It is called between steps of the run and must not block.
    pub fn to(receive: impl Fn(Event) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(receive)))
    }

    /// Nobody listens.
    #[must_use]
    pub fn silent() -> Self {
        Self::default()
    }

    /// Tells that something happened.
    pub fn send(&self, event: Event) {
        if let Some(receive) = &self.0 {
            receive(event);
        }
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Events(heard)" } else { "Events(silent)" })
    }
}

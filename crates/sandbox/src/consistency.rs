//! Eventual consistency: the latest world, and the world as readers see it.
//!
//! With it on, each row's changes reach readers after a delay that depends on the seed and the row, so one write of a
//! call may be seen before another of the same call; changes of one row stay in order. A world that is opened anew
//! shows everything at once.

use crate::service::Access;
use crate::world::{Change, World, fraction};
use glidepath_model::Timestamp;
use jiff::SignedDuration;
use std::collections::BTreeMap;

/// The longest a write stays unseen. AWS gives no figure; a closing read with backoff must outlast it.
const LONGEST_DELAY: SignedDuration = SignedDuration::from_secs(5);

/// When readers see what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Consistency {
    /// At once.
    #[default]
    Strong,
    /// After a delay of up to five seconds.
    Eventual,
}

/// The latest world and what is visible of it.
#[derive(Debug, Clone)]
pub(crate) struct Worlds {
    pub(crate) latest: World,
    late: Option<Late>,
}

#[derive(Debug, Clone)]
struct Late {
    world: World,
    /// By the time at which they become visible; the number keeps changes of one moment in order.
    waiting: BTreeMap<(Timestamp, u64), Change>,
    noted: u64,
}

impl Worlds {
    pub(crate) fn new(latest: World, consistency: Consistency) -> Self {
        let late = (consistency == Consistency::Eventual).then(|| Late {
            world: latest.clone(),
            waiting: BTreeMap::new(),
            noted: 0,
        });
        Self { latest, late }
    }

    /// The same world under another rule. Going from eventual to eventual keeps what is not visible yet.
    pub(crate) fn under(self, consistency: Consistency) -> Self {
        match (self.late, consistency) {
            (Some(late), Consistency::Eventual) => Self { latest: self.latest, late: Some(late) },
            _ => Self::new(self.latest, consistency),
        }
    }

    /// Moves time on and shows readers what has become visible.
    pub(crate) fn advance(&mut self, now: Timestamp) {
        self.latest.advance(now);
        let Some(late) = &mut self.late else { return };
        late.world.advance(now);
        while let Some(entry) = late.waiting.first_entry() {
            if entry.key().0 > now {
                break;
            }
            let change = entry.remove();
            late.world.replay(change.table, &change.key, change.after);
        }
    }

    /// Notes what a call changed.
    pub(crate) fn note(&mut self, changes: Vec<Change>) {
        let Some(late) = &mut self.late else { return };
        for change in changes {
            let share =
                fraction(self.latest.seed().seed, &format!("visible/{}/{}", change.table, change.key));
            let visible = self.latest.now() + LONGEST_DELAY.mul_f64(share);
            late.noted += 1;
            late.waiting.insert((visible, late.noted), change);
        }
    }

    /// The world that an operation of this kind works on.
    pub(crate) fn seen_by(&mut self, access: Access) -> &mut World {
        match (&mut self.late, access) {
            (Some(late), Access::Read) => &mut late.world,
            _ => &mut self.latest,
        }
    }
}

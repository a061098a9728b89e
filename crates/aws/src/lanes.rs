//! Lanes: how many calls of one kind run at a time, by the operations table.

use crate::error::Error;
use glidepath_model::operations::Operations;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub(crate) struct Lanes(BTreeMap<&'static str, Arc<Semaphore>>);

/// A place in a lane, free again when it is dropped.
#[derive(Debug)]
pub(crate) struct Place(#[expect(dead_code, reason = "held, not read")] OwnedSemaphorePermit);

impl Lanes {
    pub(crate) fn of(table: &'static Operations) -> Self {
        let lane = |(name, width): (&'static String, &u32)| {
            (name.as_str(), Arc::new(Semaphore::new(usize::try_from(*width).unwrap_or(usize::MAX))))
        };
        Self(table.lanes.iter().map(lane).collect())
    }

    /// Waits for a place, first come, first served.
    pub(crate) async fn enter(&self, name: &str) -> Result<Place, Error> {
        self.enter_with(name, 1).await
    }

    /// Waits for so many places at once, first come, first served: nobody holds some of them while they wait for the
    /// rest. More than the lane is wide are never to be had.
    pub(crate) async fn enter_with(&self, name: &str, places: u32) -> Result<Place, Error> {
        let closed = || Error::Setup(format!("there is no lane `{name}`"));
        let lane = self.0.get(name).cloned().ok_or_else(closed)?;
        lane.acquire_many_owned(places).await.map(Place).map_err(|_| closed())
    }
}

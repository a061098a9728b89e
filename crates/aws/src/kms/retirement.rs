//! The end of a key: scheduling its deletion and taking that back.

use super::Writer;
use crate::error::Error;

impl Writer {
    /// Has a key deleted after so many days; a primary key once its replicas are gone. One that is going already stays
    /// on its way.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn schedule_deletion(&self, id: &str, days: u32) -> Result<(), Error> {
        const OPERATION: &str = "kms:ScheduleKeyDeletion";
        let days = i32::try_from(days).unwrap_or(i32::MAX);
        let send = || self.client.schedule_key_deletion().key_id(id).pending_window_in_days(days).send();
        self.write(OPERATION, send).await.map(drop)
    }

    /// Keeps a key that is going. It is disabled then.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn cancel_deletion(&self, id: &str) -> Result<(), Error> {
        const OPERATION: &str = "kms:CancelKeyDeletion";
        self.write(OPERATION, || self.client.cancel_key_deletion().key_id(id).send()).await.map(drop)
    }
}

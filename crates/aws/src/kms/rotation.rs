//! Automatic rotation of a key's material.

use super::{Reader, Writer};
use crate::error::Error;

/// Days between two rotations where AWS does not say.
/// <https://docs.aws.amazon.com/kms/latest/developerguide/rotating-keys-enable.html>
const USUAL: u32 = 365;

impl Reader {
    /// Days between two rotations; none where the key is not rotated by itself, or cannot be.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn rotation(&self, id: &str) -> Result<Option<u32>, Error> {
        const OPERATION: &str = "kms:GetKeyRotationStatus";
        let send = || self.client.get_key_rotation_status().key_id(id).send();
        match self.session.read(OPERATION, send).await {
            Ok(told) if told.key_rotation_enabled => {
                let days = told.rotation_period_in_days.and_then(|days| u32::try_from(days).ok());
                Ok(Some(days.unwrap_or(USUAL)))
            }
            Ok(_) => Ok(None),
            Err(error) => error.settled("UnsupportedOperationException", None),
        }
    }
}

impl Writer {
    /// Has a key's material rotated every so many days.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn enable_rotation(&self, id: &str, days: u32) -> Result<(), Error> {
        const OPERATION: &str = "kms:EnableKeyRotation";
        let days = i32::try_from(days).unwrap_or(i32::MAX);
        let send = || self.client.enable_key_rotation().key_id(id).rotation_period_in_days(days).send();
        self.write(OPERATION, send).await.map(drop)
    }
}

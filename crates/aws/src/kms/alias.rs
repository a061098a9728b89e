//! Aliases.

use super::{Reader, Writer};
use crate::error::Error;
use crate::pages::pages;
use std::collections::BTreeSet;

impl Reader {
    /// The aliases of a key, `alias/log-archive`.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_aliases(&self, id: &str) -> Result<BTreeSet<String>, Error> {
        const OPERATION: &str = "kms:ListAliases";
        let told = pages(OPERATION, |marker| async move {
            let send = || self.client.list_aliases().key_id(id).set_marker(marker.clone()).send();
            let page = self.session.read(OPERATION, send).await?;
            Ok((page.aliases.unwrap_or_default(), page.next_marker))
        });
        Ok(told.await?.into_iter().filter_map(|alias| alias.alias_name).collect())
    }
}

impl Writer {
    /// Gives a key an alias.
    ///
    /// # Errors
    /// Any [`Error`] of a write; [`Error::is_already_there`] when some key of the account and Region has it.
    pub async fn create_alias(&self, alias: &str, id: &str) -> Result<(), Error> {
        const OPERATION: &str = "kms:CreateAlias";
        let send = || self.client.create_alias().alias_name(alias).target_key_id(id).send();
        self.write(OPERATION, send).await.map(drop)
    }

    /// Moves an alias to another key.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn update_alias(&self, alias: &str, id: &str) -> Result<(), Error> {
        const OPERATION: &str = "kms:UpdateAlias";
        let send = || self.client.update_alias().alias_name(alias).target_key_id(id).send();
        self.write(OPERATION, send).await.map(drop)
    }
}

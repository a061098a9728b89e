//! Reading a listing to its end.
//!
//! A page may be empty and still not be the last: only a missing token ends a listing.
//! <https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html>

use crate::error::Error;
use std::future::Future;

/// One page: what it holds, and the token of the next one.
pub(crate) type Page<T> = (Vec<T>, Option<String>);

/// Reads page after page until there is no token. An empty token counts as none.
pub(crate) async fn pages<T, F, Fut>(operation: &'static str, mut read: F) -> Result<Vec<T>, Error>
where
    F: FnMut(Option<String>) -> Fut,
    Fut: Future<Output = Result<Page<T>, Error>>,
{
    let mut all = Vec::new();
    let mut token = None;
    loop {
        let (items, next) = read(token.clone()).await?;
        all.extend(items);
        match next.filter(|next| !next.is_empty()) {
            None => return Ok(all),
            // The same token again would be the same page again, for ever.
            Some(next) if token.as_ref() == Some(&next) => {
                return Err(Error::Malformed {
                    operation,
                    problem: "the same page token came twice".to_owned(),
                });
            }
            Some(next) => token = Some(next),
        }
    }
}

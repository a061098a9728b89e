//! The token of `aws sso login`, where the AWS command line keeps it. It is read, used for this run, and told to nobody.
//!
//! Source: <https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sso.html>

use crate::exit_code::ExitCode;
use crate::failure::Failure;
use glidepath_aws::Clock;
use glidepath_model::Timestamp;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// What a file of the cache holds, as far as it matters here.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cached {
    access_token: String,
    expires_at: String,
    start_url: Option<String>,
}

/// The one token that is still good, of this portal if one is named.
pub(super) fn cached(start_url: Option<&str>) -> Result<String, Failure> {
    let folder = folder().ok_or_else(|| missing("this machine has no home folder"))?;
    good(&folder, start_url, Clock::system().now())
}

fn folder() -> Option<PathBuf> {
    let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"))?;
    Some(PathBuf::from(home).join(".aws").join("sso").join("cache"))
}

fn good(folder: &Path, start_url: Option<&str>, now: Timestamp) -> Result<String, Failure> {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut tokens: Vec<Cached> = files
        .filter_map(|file| std::fs::read_to_string(file.path()).ok())
        .filter_map(|text| serde_json::from_str(&text).ok())
        .filter(|token: &Cached| token.expires_at.parse::<Timestamp>().is_ok_and(|end| end > now))
        .filter(|token| start_url.is_none() || token.start_url.as_deref() == start_url)
        .collect();
    match (tokens.pop(), tokens.len()) {
        (Some(token), 0) => Ok(token.access_token),
        (Some(_), _) => {
            Err(missing("you are signed in to several access portals").help("name one by `--start-url URL`"))
        }
        (None, _) => Err(missing("you are not signed in to the access portal")),
    }
}

fn missing(summary: &str) -> Failure {
    Failure::new(ExitCode::Invalid, summary).help("sign in: `aws sso login`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_token_that_is_still_good_is_taken_and_only_where_it_is_the_one() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, token: &str, end: &str, url: &str| {
            let text = format!(r#"{{"accessToken": "{token}", "expiresAt": "{end}", "startUrl": "{url}"}}"#);
            std::fs::write(folder.path().join(name), text).unwrap();
        };
        let now = "2027-01-04T08:00:00Z".parse().unwrap();
        std::fs::write(folder.path().join("client.json"), r#"{"clientId": "x"}"#).unwrap();
        write("old.json", "old", "2027-01-04T07:00:00Z", "https://a.example.com/start");
        assert!(good(folder.path(), None, now).is_err());
        write("a.json", "one", "2027-01-04T09:00:00Z", "https://a.example.com/start");
        assert_eq!(good(folder.path(), None, now).ok().as_deref(), Some("one"));
        write("b.json", "two", "2027-01-04T09:00:00Z", "https://b.example.com/start");
        assert!(good(folder.path(), None, now).is_err());
        let of_b = good(folder.path(), Some("https://b.example.com/start"), now);
        assert_eq!(of_b.ok().as_deref(), Some("two"));
    }
}

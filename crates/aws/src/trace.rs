//! What a run tells about its calls: how many there were, a line for each attempt, and on demand the
//! bodies of requests and answers.

use glidepath_model::Timestamp;
use serde::Serialize;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Takes what a run tells. It is called between attempts and must not block for long.
pub type Sink<T> = Arc<dyn Fn(&T) + Send + Sync>;

/// How often one operation was called.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct CallCount {
    /// Calls, however often each was sent.
    pub calls: u64,
    /// Requests that were sent.
    pub attempts: u64,
    /// Requests that AWS answered with "too fast".
    pub throttled: u64,
}

/// One attempt, for `--trace-api`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceLine {
    /// When the attempt ended.
    pub at: Timestamp,
    /// The account that called; empty while it is not known.
    pub account: String,
    /// The operation, `organizations:AttachPolicy`.
    pub operation: &'static str,
    /// Which attempt of this call it was, from 1 on.
    pub attempt: u32,
    /// How long it took.
    pub took: Duration,
    /// AWS's error code or what broke; none when it succeeded.
    pub failure: Option<String>,
    /// How long the next attempt is waited for, if there is one.
    pub again_in: Option<Duration>,
}

impl fmt::Display for TraceLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, account, operation, attempt, took, failure, again_in } = self;
        let account = if account.is_empty() { "-" } else { account };
        let failure = failure.as_deref().unwrap_or("ok");
        write!(f, "{at} {account} {operation} #{attempt} {:.3}s {failure}", took.as_secs_f64())?;
        again_in.map_or(Ok(()), |wait| write!(f, ", again in {:.3}s", wait.as_secs_f64()))
    }
}

/// A request and its answer, for judging them by AWS's own models.
///
/// Headers are left out, and so are the secrets that STS hands out: nothing in it can sign a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exchange {
    /// The service's word in the operations table: `organizations`, `sts`, `tagging`.
    pub service: String,
    /// The operation's name: `AttachPolicy`.
    pub operation: String,
    /// The request's body as sent: JSON, or a form for STS.
    pub request: String,
    /// The answer's HTTP status; none when the connection broke.
    pub status: Option<u16>,
    /// The answer's body as received: JSON, or XML for STS.
    pub response: String,
}

impl Exchange {
    /// The exchange as one line of JSON, without the line break.
    #[must_use]
    pub fn to_json_line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// A text of STS without the secret parts of the credentials in it.
pub(crate) fn without_secrets(text: &str) -> String {
    ["SecretAccessKey", "SessionToken"].into_iter().fold(text.to_owned(), |text, element| {
        let (open, close) = (format!("<{element}>"), format!("</{element}>"));
        match text
            .split_once(&open)
            .and_then(|(head, rest)| rest.split_once(&close).map(|(_, tail)| (head, tail)))
        {
            Some((head, tail)) => format!("{head}{open}removed{close}{tail}"),
            None => text,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_taken_out_of_what_sts_answers() {
        let text = "<A><AccessKeyId>AKIA</AccessKeyId><SecretAccessKey>s3cr3t</SecretAccessKey><SessionToken>t0k3n</SessionToken></A>";
        assert_eq!(
            without_secrets(text),
            "<A><AccessKeyId>AKIA</AccessKeyId><SecretAccessKey>removed</SecretAccessKey><SessionToken>removed</SessionToken></A>"
        );
    }

    #[test]
    fn a_line_shows_what_failed_and_when_it_is_tried_again() {
        let line = TraceLine {
            at: "2027-01-01T00:00:00Z".parse().unwrap(),
            account: "111122223333".into(),
            operation: "organizations:ListRoots",
            attempt: 2,
            took: Duration::from_millis(41),
            failure: Some("TooManyRequestsException".into()),
            again_in: Some(Duration::from_millis(700)),
        };
        assert_eq!(
            line.to_string(),
            "2027-01-01T00:00:00Z 111122223333 organizations:ListRoots #2 0.041s TooManyRequestsException, again in 0.700s"
        );
    }
}

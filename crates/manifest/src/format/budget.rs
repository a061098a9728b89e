//! Budgets: currencies, and topics that are told.

use crate::code::BAD_BUDGET;
use crate::shape::{Fault, Format};

/// A currency.
///
/// Source: <https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Spend.html>, `Unit`
pub(crate) static CURRENCY: Format = Format {
    noun: "a currency",
    form: "the three letters of ISO 4217, such as `USD`",
    pattern: Some("^[A-Z]{3}$"),
    words: None,
    check: |text| {
        if text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Ok(());
        }
        Err(Fault::new(
            BAD_BUDGET,
            format!("`{text}` is not a currency"),
            "write the currency of your bill in three capital letters, such as `USD`",
        ))
    },
};

/// A topic of Amazon SNS.
///
/// Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html>
pub(crate) static TOPIC: Format = Format {
    noun: "a topic",
    form: "the ARN of a topic of Amazon SNS",
    pattern: Some("^arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$"),
    words: None,
    check: |text| {
        if is_topic(text) {
            return Ok(());
        }
        Err(Fault::new(
            BAD_BUDGET,
            format!("`{text}` is not the ARN of a topic"),
            "write it as `arn:aws:sns:us-east-1:111122223333:budgets`",
        ))
    },
};

fn is_topic(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    let [scheme, partition, service, region, account, name] = parts.as_slice() else { return false };
    let lower = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
    let named = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    *scheme == "arn"
        && !partition.is_empty()
        && partition.bytes().all(lower)
        && *service == "sns"
        && !region.is_empty()
        && region.bytes().all(|byte| lower(byte) || byte.is_ascii_digit())
        && account.len() == 12
        && account.bytes().all(|byte| byte.is_ascii_digit())
        && (1..=256).contains(&name.len())
        && name.bytes().all(named)
}

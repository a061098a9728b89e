//! `budget:` of the organization and of single accounts.

use crate::code;
use crate::diagnostic::{Diagnostic, Report};
use crate::format::{CURRENCY, EMAIL, TOPIC};
use crate::manifest::Budget;
use crate::record::{Record, number, owned};
use crate::shape::{Field, Need, Section, Shape};
use crate::span::{Span, Spanned};
use crate::yaml::Entry;

/// Percentages of one budget, e-mail addresses that are told of it, and topics.
///
/// Source: <https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_CreateBudget.html>
const MOST_PERCENTAGES: usize = 5;
/// Source: the same page
const MOST_ADDRESSES: usize = 10;
/// The percentages where none are given.
const USUAL: [u64; 2] = [80, 100];
/// The currency where none is given.
const DOLLARS: &str = "USD";

/// The section, at the organization and at an account.
pub(crate) static SECTION: Section = Section {
    name: "budget",
    doc: "What an account may cost in a month, and who is told when it comes near. Nothing is stopped by it. What \
          `organization.budget` says holds for every account that does not say otherwise, key by key.",
    fields: &[&MONTHLY, &UNIT, &NOTIFY, &AT, &SNS_TOPIC, &ABSENT],
};
static MONTHLY: Field = Field {
    name: "monthly",
    shape: Shape::Number { min: 1, max: 1_000_000_000 },
    need: Need::Optional,
    doc: "The amount of a month, in whole units of `currency`.",
    example: "500",
    default: "that of `organization.budget`",
};
static UNIT: Field = Field {
    name: "currency",
    shape: Shape::Text(&CURRENCY),
    need: Need::Optional,
    doc: "The currency: that of your bill, since AWS takes no other.",
    example: "USD",
    default: "`USD`",
};
static NOTIFY: Field = Field {
    name: "notify",
    shape: Shape::List(&Shape::Text(&EMAIL)),
    need: Need::Optional,
    doc: "The e-mail addresses that are told, ten at the most.",
    example: "[finance@example.com]",
    default: "those of `organization.budget`",
};
static AT: Field = Field {
    name: "at",
    shape: Shape::List(&PERCENT),
    need: Need::Optional,
    doc: "The percentages of the amount at which they are told, five at the most.",
    example: "[80, 100]",
    default: "`[80, 100]`",
};
static PERCENT: Shape = Shape::Number { min: 1, max: 1_000 };
static SNS_TOPIC: Field = Field {
    name: "topic",
    shape: Shape::Text(&TOPIC),
    need: Need::Optional,
    doc: "A topic of Amazon SNS that is told too; its policy has to let `budgets.amazonaws.com` publish.",
    example: "arn:aws:sns:us-east-1:111122223333:budgets",
    default: "none",
};
static ABSENT: Field = Field {
    name: "absent",
    shape: Shape::Flag,
    need: Need::Optional,
    doc: "Whether this account has no budget although all others have one. Only for a single account.",
    example: "true",
    default: "`false`",
};

/// A budget as far as it is written.
#[derive(Debug, Clone, Default)]
pub(crate) struct BudgetDraft {
    span: Option<Span>,
    monthly: Option<u64>,
    /// Whether `monthly` is there, right or wrong.
    amount_given: bool,
    currency: Option<String>,
    notify: Option<Vec<Spanned<String>>>,
    at: Option<Vec<u64>>,
    topic: Option<String>,
    absent: bool,
}

/// Reads one budget; nothing where the key is not there.
pub(crate) fn read(entry: Option<&Entry>, report: &mut Report) -> BudgetDraft {
    let Some(entry) = entry else { return BudgetDraft::default() };
    let record = Record::of(&entry.value);
    let draft = BudgetDraft {
        span: Some(entry.key.span),
        monthly: record.number(&MONTHLY),
        amount_given: record.entry(&MONTHLY).is_some(),
        currency: record.text(&UNIT).map(|text| text.value.to_owned()),
        notify: record
            .entry(&NOTIFY)
            .map(|_| record.texts(&NOTIFY).into_iter().map(owned).collect::<Vec<_>>()),
        at: record
            .entry(&AT)
            .map(|_| record.items(&AT).iter().filter_map(|item| number(item, &PERCENT)).collect()),
        topic: record.text(&SNS_TOPIC).map(|text| text.value.to_owned()),
        absent: record.flag(&ABSENT),
    };
    let too_many = |number: usize, most: usize, what: &str, field: &Field| {
        let span = record.entry(field).map_or(entry.key.span, |entry| entry.key.span);
        (number > most).then(|| {
            Diagnostic::new(code::BAD_BUDGET, format!("a budget takes {most} {what}, this has {number}"))
                .at(span, "")
                .help("take some out")
        })
    };
    let (at, notify) = (draft.at.as_ref().map_or(0, Vec::len), draft.notify.as_ref().map_or(0, Vec::len));
    for complaint in [
        too_many(at, MOST_PERCENTAGES, "percentages", &AT),
        too_many(notify, MOST_ADDRESSES, "e-mail addresses", &NOTIFY),
    ]
    .into_iter()
    .flatten()
    {
        report.add(complaint);
    }
    for (number, percent) in draft.at.iter().flatten().enumerate() {
        let twice = draft.at.iter().flatten().take(number).any(|before| before == percent);
        if twice {
            report.add(
                Diagnostic::new(code::BAD_BUDGET, format!("{percent} percent is listed twice"))
                    .at(record.entry(&AT).map_or(entry.key.span, |entry| entry.key.span), "")
                    .help("delete one: AWS refuses two notifications of one percentage"),
            );
        }
    }
    draft
}

/// The default of an organization: complete enough to be one, and not `absent`.
pub(crate) fn check_default(default: &BudgetDraft, report: &mut Report) {
    if let (Some(span), true) = (default.span, default.absent) {
        report.add(
            Diagnostic::new(code::CONTRADICTION, "the organization's budget cannot be `absent`")
                .at(span, "")
                .help("take `organization.budget` out; `absent: true` is for a single account"),
        );
    }
}

/// The budget of an account: its own keys, else those of the organization. None where there is none.
pub(crate) fn of_account(
    own: BudgetDraft,
    default: &BudgetDraft,
    (name, account): (&str, Span),
    report: &mut Report,
) -> Option<Budget> {
    let span = own.span.or(default.span)?;
    if own.absent {
        return None;
    }
    let Some(monthly) = own.monthly.or(default.monthly) else {
        // An amount that is out of bounds has been told of.
        if !(own.amount_given || default.amount_given) {
            report.add(incomplete(span, name, account, "has no amount", "give it `monthly:`"));
        }
        return None;
    };
    let notify = own.notify.or_else(|| default.notify.clone()).unwrap_or_default();
    let topic = own.topic.or_else(|| default.topic.clone());
    if notify.is_empty() && topic.is_none() {
        report.add(incomplete(span, name, account, "tells nobody", "give it `notify:` or `topic:`"));
        return None;
    }
    let mut at = own.at.or_else(|| default.at.clone()).unwrap_or_else(|| USUAL.to_vec());
    if at.is_empty() {
        report.add(incomplete(span, name, account, "never tells anybody", "give it percentages as `at:`"));
        return None;
    }
    at.sort_unstable();
    let currency = own.currency.or_else(|| default.currency.clone());
    let notify = notify.into_iter().map(|address| address.value).collect();
    Some(Budget {
        span,
        monthly,
        currency: currency.unwrap_or_else(|| DOLLARS.to_owned()),
        notify,
        at,
        topic,
    })
}

fn incomplete(span: Span, name: &str, account: Span, lacks: &str, help: &str) -> Diagnostic {
    Diagnostic::new(code::BAD_BUDGET, format!("the budget of `{name}` {lacks}"))
        .at(span, "")
        .at(account, "of this account")
        .help(format!("{help}, here or in `organization.budget`"))
}

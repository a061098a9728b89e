//! Days.

use crate::code::BAD_DATE;
use crate::shape::{Fault, Format};
use glidepath_model::Date;

/// A calendar day.
pub(crate) static DAY: Format = Format {
    noun: "a day",
    form: "`2027-03-31`",
    pattern: Some("^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
    words: None,
    check: |text| match day(text) {
        Some(_) => Ok(()),
        None => Err(Fault::new(
            BAD_DATE,
            format!("`{text}` is no day"),
            "write year, month and day, as in `2027-03-31`",
        )),
    },
};

/// The day that a text names.
pub(crate) fn day(text: &str) -> Option<Date> {
    let digit = |at: usize, byte: u8| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
    let plain = text.len() == 10 && text.bytes().enumerate().all(|(at, byte)| digit(at, byte));
    if plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_of_the_calendar_in_one_form_are_days() {
        assert_eq!(day("2028-02-29"), Some(Date::constant(2028, 2, 29)));
        for text in
            ["2027-02-29", "2027-3-31", "31.03.2027", "2027-03-31T00:00:00", "20270331", "+027-03-31", ""]
        {
            assert_eq!(day(text), None, "{text}");
        }
    }
}

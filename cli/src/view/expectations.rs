//! How expectations fared, for programs: JSON, and JUnit's XML for pipelines.

use super::explanation::place;
use glidepath_manifest::{Expectation, Sources};
use glidepath_model::organization::Gap;
use glidepath_model::text::printable;
use glidepath_plan::expectation::Checked;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// An expectation and how it fared.
pub(crate) struct Row<'a> {
    pub(crate) expectation: &'a Expectation,
    pub(crate) checked: Checked,
}

/// Everything that was checked.
pub(crate) struct Tested<'a> {
    pub(crate) rows: &'a [Row<'a>],
    pub(crate) sources: &'a Sources,
    /// What it was answered from, in words.
    pub(crate) by: &'a str,
    /// What could not be read.
    pub(crate) gaps: &'a [Gap],
}

impl Tested<'_> {
    /// How many requests were asked about.
    pub(crate) fn asked(&self) -> usize {
        self.rows.iter().flat_map(|row| &row.checked.places).map(|place| place.asked).sum()
    }

    /// How many expectations do not hold.
    pub(crate) fn failed(&self) -> usize {
        self.rows.iter().filter(|row| !row.checked.holds()).count()
    }
}

/// The document.
pub(crate) fn json(tested: &Tested<'_>) -> Value {
    let rows: Vec<Value> = tested
        .rows
        .iter()
        .map(|row| {
            let places: Vec<Value> = row
                .checked
                .places
                .iter()
                .map(|one| json!({ "account": one.account, "asked": one.asked, "faults": one.faults }))
                .collect();
            json!({
                "says": row.expectation.says.value,
                "expect": row.expectation.wants.word(),
                "place": place(Some(row.expectation.says.span), tested.sources),
                "holds": row.checked.holds(),
                "accounts": places,
            })
        })
        .collect();
    json!({
        "format_version": 1,
        "expectations": rows,
        "failed": tested.failed(),
        "asked": tested.asked(),
        "complete": tested.gaps.is_empty(),
    })
}

/// The report in JUnit's form: a suite for each file, a case for each expectation in each account.
pub(crate) fn junit(tested: &Tested<'_>) -> std::io::Result<Vec<u8>> {
    let mut suites: BTreeMap<&str, Vec<&Row<'_>>> = BTreeMap::new();
    for row in tested.rows {
        let file = tested.sources.locate(row.expectation.says.span).map_or("", |(file, _)| file);
        suites.entry(file).or_default().push(row);
    }
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let (cases, failures) = totals(tested.rows.iter());
    let whole = writer
        .create_element("testsuites")
        .with_attribute(("name", "glidepath"))
        .with_attribute(("tests", cases.to_string().as_str()))
        .with_attribute(("failures", failures.to_string().as_str()));
    whole.write_inner_content(|writer| {
        for (file, rows) in &suites {
            suite(writer, file, rows, tested.sources)?;
        }
        Ok(())
    })?;
    let mut bytes = writer.into_inner();
    bytes.push(b'\n');
    Ok(bytes)
}

fn suite(
    writer: &mut Writer<Vec<u8>>,
    file: &str,
    rows: &[&Row<'_>],
    sources: &Sources,
) -> std::io::Result<()> {
    let (cases, failures) = totals(rows.iter().copied());
    let element = writer
        .create_element("testsuite")
        .with_attribute(("name", file))
        .with_attribute(("tests", cases.to_string().as_str()))
        .with_attribute(("failures", failures.to_string().as_str()));
    element.write_inner_content(|writer| {
        for row in rows {
            for one in &row.checked.places {
                let says = printable(&row.expectation.says.value);
                let account = one.account.as_deref().unwrap_or("the principal's account");
                let name = format!("{says} ({})", printable(account));
                let case = writer
                    .create_element("testcase")
                    .with_attribute(("classname", file))
                    .with_attribute(("name", name.as_str()));
                if one.faults.is_empty() {
                    case.write_empty()?;
                    continue;
                }
                let place = place(Some(row.expectation.says.span), sources).unwrap_or_default();
                let text = format!("{}\n{place}", one.faults.join("\n"));
                let first = one.faults.first().map(String::as_str).unwrap_or_default();
                case.write_inner_content(|writer| {
                    let failure = writer.create_element("failure").with_attribute(("message", first));
                    failure.write_text_content(BytesText::new(&text))?;
                    Ok(())
                })?;
            }
        }
        Ok(())
    })?;
    Ok(())
}

/// How many cases there are, and how many of them fail.
fn totals<'r>(rows: impl Iterator<Item = &'r Row<'r>>) -> (usize, usize) {
    let places = rows.flat_map(|row| &row.checked.places);
    places.fold((0, 0), |(all, bad), place| (all + 1, bad + usize::from(!place.faults.is_empty())))
}

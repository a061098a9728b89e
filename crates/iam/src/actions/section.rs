//! Reading one service's part of the file. What is not of the documented form is passed over; a test holds the
//! file to that form.

use super::{AccessLevel, ConditionKey, Facts, Service, Values};
use std::collections::BTreeMap;

/// Reads a service from its lines.
pub(super) fn read(prefix: &'static str, lines: &'static str) -> Service {
    let mut service = Service { prefix, keys: Vec::new(), actions: BTreeMap::new(), groups: Vec::new() };
    let mut names = Names::None;
    for line in lines.lines() {
        let words = match line.strip_prefix(' ') {
            Some(more) => more,
            None => {
                let (head, rest) = line.split_once(' ').unwrap_or((line, ""));
                let (begun, words) = begin(&mut service, head, rest);
                names = begun;
                words
            }
        };
        for word in words.split(' ').filter(|word| !word.is_empty()) {
            match names {
                Names::None => {}
                Names::Keys(values) => service.keys.push(ConditionKey { name: word, values }),
                Names::Actions(level, group) => {
                    service.actions.insert(word.to_ascii_lowercase(), Facts { name: word, level, group });
                }
            }
        }
    }
    service
}

/// What the words of a line are.
#[derive(Clone, Copy)]
enum Names {
    None,
    Keys(Values),
    Actions(AccessLevel, usize),
}

fn begin(service: &mut Service, head: &str, rest: &'static str) -> (Names, &'static str) {
    match head {
        "keys" => return (Names::Keys(Values::Single), rest),
        "multivalued" => return (Names::Keys(Values::Several), rest),
        _ => {}
    }
    let Some(level) = level(head) else { return (Names::None, "") };
    let (keys, words) = rest.split_once(' ').unwrap_or((rest, ""));
    service.groups.push(places(keys));
    (Names::Actions(level, service.groups.len() - 1), words)
}

pub(super) fn level(letter: &str) -> Option<AccessLevel> {
    match letter {
        "L" => Some(AccessLevel::List),
        "R" => Some(AccessLevel::Read),
        "T" => Some(AccessLevel::Tagging),
        "W" => Some(AccessLevel::Write),
        "P" => Some(AccessLevel::PermissionsManagement),
        _ => None,
    }
}

/// `0-2,5` is 0, 1, 2 and 5; `-` is nothing.
pub(super) fn places(text: &str) -> Vec<usize> {
    let place = |text: &str| text.parse::<usize>().ok();
    let mut all = Vec::new();
    for part in text.split(',') {
        match part.split_once('-') {
            Some((first, last)) => {
                if let (Some(first), Some(last)) = (place(first), place(last)) {
                    all.extend(first..=last);
                }
            }
            None => all.extend(place(part)),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::super::{SERVICES, WRITTEN, prefixes, service};
    use super::*;

    #[test]
    fn the_file_says_where_its_facts_come_from() {
        let head: Vec<&str> = WRITTEN.lines().take_while(|line| line.starts_with('#')).collect();
        for wanted in ["# source: ", "# licence: ", "# date: 20"] {
            assert!(head.iter().any(|line| line.starts_with(wanted)), "{wanted}");
        }
        assert!(WRITTEN.len() < 1_000_000, "{} bytes", WRITTEN.len());
    }

    #[test]
    fn every_line_of_the_file_is_of_the_documented_form() {
        let mut services = 0;
        let mut prefix_before = "";
        let mut word_before = "";
        for line in WRITTEN.lines().skip_while(|line| line.starts_with('#')) {
            let words = if let Some(prefix) = line.strip_prefix('=') {
                assert!(prefix_before < prefix, "services are sorted: {prefix}");
                prefix_before = prefix;
                services += 1;
                ""
            } else if let Some(more) = line.strip_prefix(' ') {
                more
            } else {
                word_before = "";
                let (head, rest) = line.split_once(' ').unwrap();
                if ["keys", "multivalued"].contains(&head) {
                    rest
                } else {
                    assert!(level(head).is_some(), "{line}");
                    let (keys, names) = rest.split_once(' ').unwrap();
                    assert!(keys == "-" || !places(keys).is_empty(), "{line}");
                    names
                }
            };
            for word in words.split(' ').filter(|word| !word.is_empty()) {
                assert!(word_before < word, "{prefix_before}: names are sorted: {word}");
                word_before = word;
            }
        }
        assert_eq!(services, SERVICES.len());
        assert!(services > 400, "{services}");
    }

    #[test]
    fn every_place_in_a_group_is_a_key_of_its_service() {
        for prefix in prefixes() {
            let service = service(prefix).unwrap();
            assert!(service.actions().next().is_some(), "{prefix} has actions");
            let all = service.groups.iter().flatten();
            assert!(all.copied().max().is_none_or(|last| last < service.keys().len()), "{prefix}");
            for action in service.actions() {
                assert!(action.keys().all(|key| key.name().contains(':')), "{prefix}");
            }
        }
    }

    #[test]
    fn a_service_is_read_from_its_own_lines_alone() {
        let (lines, _) = SERVICES.get("sts").unwrap();
        let sts = read("sts", lines);
        assert_eq!(Some(&sts), service("sts"));
        assert!(!lines.contains("\n="), "the section ends where the next service begins");
    }
}

//! A Markdown page, as far as the checks need it: links, headings, tables and code blocks.
//!
//! Not a Markdown parser: it knows the forms that our own pages use.

/// A link of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link<'a> {
    /// The line, counted from 1.
    pub(crate) line: usize,
    /// Where it leads.
    pub(crate) target: &'a str,
}

/// A fenced block of code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block<'a> {
    /// The line of its opening fence, counted from 1.
    pub(crate) line: usize,
    /// The word behind the fence.
    pub(crate) language: &'a str,
    /// The lines between the fences.
    pub(crate) lines: Vec<&'a str>,
}

/// Every link in the text, those inside fenced code left out.
pub(crate) fn links(text: &str) -> Vec<Link<'_>> {
    let mut found = Vec::new();
    for (line, text) in prose(text) {
        let mut rest = text;
        while let Some((_, behind)) = rest.split_once("](") {
            let (target, after) = behind.split_once(')').unwrap_or((behind, ""));
            found.push(Link { line, target: target.trim() });
            rest = after;
        }
    }
    found
}

/// The anchors that a page's headings make.
pub(crate) fn anchors(text: &str) -> Vec<String> {
    prose(text).filter(|(_, line)| line.starts_with('#')).map(|(_, line)| anchor(line)).collect()
}

/// The anchor of one heading: lower case, words joined by hyphens, signs left out.
fn anchor(heading: &str) -> String {
    let words = heading.trim_start_matches('#').trim().to_lowercase();
    words
        .chars()
        .filter(|character| character.is_alphanumeric() || [' ', '-', '_'].contains(character))
        .map(|character| if character == ' ' { '-' } else { character })
        .collect()
}

/// Every fenced block.
pub(crate) fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut found: Vec<Block<'_>> = Vec::new();
    let mut open = false;
    for (index, line) in text.lines().enumerate() {
        match (line.trim_start().strip_prefix("```"), open) {
            (Some(language), false) => {
                found.push(Block { line: index + 1, language: language.trim(), lines: Vec::new() });
                open = true;
            }
            (Some(_), true) => open = false,
            (None, true) => {
                if let Some(block) = found.last_mut() {
                    block.lines.push(line);
                }
            }
            (None, false) => {}
        }
    }
    found
}

/// The lines outside fenced code, with their numbers.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    text.lines().enumerate().filter_map(move |(index, line)| {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
            return None;
        }
        (!fenced).then_some((index + 1, line))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str =
        "# A plan's *order*\nsee [this](a.md) and [that](b.md#the-end)\n```console\n$ x [no](c.md)\n```\n";

    #[test]
    fn links_in_code_are_not_links() {
        let found: Vec<&str> = links(PAGE).iter().map(|link| link.target).collect();
        assert_eq!(found, ["a.md", "b.md#the-end"]);
    }

    #[test]
    fn headings_become_anchors() {
        assert_eq!(anchors(PAGE), ["a-plans-order"]);
    }

    #[test]
    fn blocks_keep_their_lines() {
        assert_eq!(blocks(PAGE), [Block { line: 3, language: "console", lines: vec!["$ x [no](c.md)"] }]);
    }
}

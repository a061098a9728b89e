//! XML of answers as a tree of elements, for services that are called without a crate of their own.
//!
//! What arrives is AWS's, but nothing relies on it being well-formed: entities beyond XML's own and document types are
//! refused, and elements nest only so deep.

use quick_xml::Reader;
use quick_xml::events::Event;

/// How deep elements may nest: deeper than any answer here, and far from the end of the stack.
const DEEPEST: usize = 32;

/// An element: its name without its namespace, the elements in it and the text between them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) children: Vec<Element>,
    pub(crate) text: String,
}

impl Element {
    /// The first element of this name in it.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The element at the end of this way.
    pub(crate) fn at(&self, way: &[&str]) -> Option<&Self> {
        way.iter().try_fold(self, |element, name| element.child(name))
    }

    /// The text of the first element of this name in it, without the space around it.
    pub(crate) fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.trim())
    }

    /// The elements of a list: its `item` or `member` elements.
    pub(crate) fn items(&self, list: &str) -> &[Self] {
        self.child(list).map(|list| list.children.as_slice()).unwrap_or_default()
    }
}

/// The root element of a text, or what is wrong with it.
pub(crate) fn parse(body: &[u8]) -> Result<Element, String> {
    let text = std::str::from_utf8(body).map_err(|error| error.to_string())?;
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Element> = Vec::new();
    loop {
        let begun = |start: &quick_xml::events::BytesStart<'_>| Element {
            name: start.name().local_name().into_inner().to_owned(),
            ..Element::default()
        };
        let closed = match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(start) => {
                if open.len() >= DEEPEST {
                    return Err("its elements nest too deep".to_owned());
                }
                open.push(begun(&start));
                None
            }
            Event::Empty(start) => Some(begun(&start)),
            Event::End(_) => Some(open.pop().ok_or("an element ends that did not begin")?),
            Event::Text(text) => push(&mut open, &text),
            Event::CData(text) => push(&mut open, &text),
            Event::GeneralRef(reference) => {
                let character = match reference.as_ref() {
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "amp" => Some('&'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => reference.resolve_char_ref().ok().flatten(),
                };
                let character = character.ok_or("it names an entity that is not known")?;
                push(&mut open, character.encode_utf8(&mut [0; 4]))
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => None,
            Event::DocType(_) => return Err("it declares a document type".to_owned()),
            Event::Eof => return Err("it ends before its root element does".to_owned()),
        };
        if let Some(element) = closed {
            match open.last_mut() {
                Some(parent) => parent.children.push(element),
                None => return Ok(element),
            }
        }
    }
}

fn push(open: &mut [Element], text: &str) -> Option<Element> {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
    None
}

/// Code and message of a refusal in any of the forms that AWS's XML protocols have: the error as the root, within
/// `ErrorResponse`, or the first of `Response`'s `Errors`.
pub(crate) fn refusal(body: &[u8]) -> Option<(String, Option<String>)> {
    let root = parse(body).ok()?;
    let error = root.at(&["Errors", "Error"]).or_else(|| root.child("Error")).unwrap_or(&root);
    let code = error.text_of("Code").filter(|code| !code.is_empty())?;
    Some((code.to_owned(), error.text_of("Message").map(str::to_owned)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_read_in_all_three_forms() {
        let query = "<ErrorResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><Error><Type>Sender</Type>\
                     <Code>NoSuchEntity</Code><Message>not &lt;found&gt;</Message></Error></ErrorResponse>";
        let ec2 = "<?xml version=\"1.0\"?><Response><Errors><Error><Code>UnauthorizedOperation</Code>\
                   <Message>no</Message></Error></Errors><RequestID>x</RequestID></Response>";
        let s3 = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>";
        let told = |text: &str| refusal(text.as_bytes()).unwrap();
        assert_eq!(told(query), ("NoSuchEntity".to_owned(), Some("not <found>".to_owned())));
        assert_eq!(told(ec2), ("UnauthorizedOperation".to_owned(), Some("no".to_owned())));
        assert_eq!(told(s3), ("AccessDenied".to_owned(), Some("Access Denied".to_owned())));
    }

    #[test]
    fn what_is_no_refusal_is_none() {
        for text in ["", "<a/>", "{\"Code\": \"x\"}", "<a><Code></Code></a>", "<a><Code>x"] {
            assert_eq!(refusal(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn deep_nesting_foreign_entities_and_document_types_are_refused() {
        let deep = format!("{}{}", "<a>".repeat(40), "</a>".repeat(40));
        for text in [deep.as_str(), "<a>&file;</a>", "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>"] {
            assert!(parse(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn lists_and_characters_are_read() {
        let root = parse(b"<r><set><item><id>&#97;b</id></item><item><id> c </id></item></set></r>").unwrap();
        let ids: Vec<&str> = root.items("set").iter().filter_map(|item| item.text_of("id")).collect();
        assert_eq!(ids, ["ab", "c"]);
        assert!(root.items("none").is_empty());
    }
}

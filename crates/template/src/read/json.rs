//! JSON, read strictly: no key twice, no number that would change its form, bounded depth.
//!
//! `serde_json` would take the last of two equal keys and round numbers silently, which is why it does not read here.

use super::DEPTH_AT_MOST;
use super::scalar::number;
use crate::fault::{Fault, Path};
use serde_json::{Map, Value};

/// Reads one JSON value and nothing after it.
pub(super) fn read(text: &str) -> Result<Value, Fault> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    reader.skip_space();
    if reader.at < text.len() { Err(reader.malformed()) } else { Ok(value) }
}

struct Reader<'t> {
    text: &'t str,
    /// The byte that is read next; always at the begin of a character.
    at: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, wanted: u8) -> bool {
        self.skip_space();
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, wanted: u8) -> Result<(), Fault> {
        if self.take(wanted) { Ok(()) } else { Err(self.malformed()) }
    }

    fn place(&self) -> String {
        let before = self.text.get(..self.at).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        format!("(line {line}, column {column})")
    }

    fn malformed(&self) -> Fault {
        Fault::new(Path::Root, format!("Template format error: JSON not well-formed. {}", self.place()))
    }

    fn value(&mut self, depth: usize) -> Result<Value, Fault> {
        if depth > DEPTH_AT_MOST {
            return Err(super::yaml::too_deep(&self.place()));
        }
        self.skip_space();
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => self.string().map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.word(),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, Fault> {
        self.at += 1;
        let mut members = Map::new();
        if self.take(b'}') {
            return Ok(Value::Object(members));
        }
        loop {
            self.skip_space();
            if self.peek() != Some(b'"') {
                return Err(self.malformed());
            }
            let place = self.place();
            let key = self.string()?;
            self.expect(b':')?;
            let value = self.value(depth + 1)?;
            if members.contains_key(&key) {
                return Err(super::yaml::twice(&key, &place));
            }
            members.insert(key, value);
            if self.take(b'}') {
                return Ok(Value::Object(members));
            }
            self.expect(b',')?;
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, Fault> {
        self.at += 1;
        let mut items = Vec::new();
        if self.take(b']') {
            return Ok(Value::Array(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.take(b']') {
                return Ok(Value::Array(items));
            }
            self.expect(b',')?;
        }
    }

    /// A text in quotes. Where it ends is found here; its escapes are `serde_json`'s business.
    fn string(&mut self) -> Result<String, Fault> {
        let mut escaped = false;
        let body = self.rest().bytes().skip(1);
        let length = body.enumerate().find_map(|(at, byte)| {
            let ends = byte == b'"' && !escaped;
            escaped = byte == b'\\' && !escaped;
            ends.then_some(at + 2)
        });
        let quoted = length.and_then(|length| self.rest().get(..length)).ok_or_else(|| self.malformed())?;
        let text = serde_json::from_str(quoted).map_err(|_| self.malformed())?;
        self.at += quoted.len();
        Ok(text)
    }

    fn number(&mut self) -> Result<Value, Fault> {
        let is_part = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E');
        let length = self.rest().bytes().take_while(|byte| is_part(*byte)).count();
        let text = self.rest().get(..length).unwrap_or_default();
        if serde_json::from_str::<serde_json::Number>(text).is_err() {
            return Err(self.malformed());
        }
        let number = number(text).ok_or_else(|| super::yaml::ambiguous(text, &self.place()))?;
        self.at += length;
        Ok(Value::Number(number))
    }

    fn word(&mut self) -> Result<Value, Fault> {
        let words = [("true", Value::Bool(true)), ("false", Value::Bool(false)), ("null", Value::Null)];
        for (word, value) in words {
            if self.rest().starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        Err(self.malformed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        read(text).map_or_else(|fault| fault.message, |value| value.to_string())
    }

    #[test]
    fn json_is_read_as_it_is_written() {
        let text = r#"{"b":[1,-2,1.5,true,null,"a\"\\\u00e9\ud83d\ude00"],"a":{}}"#;
        assert_eq!(shown(text), r#"{"b":[1,-2,1.5,true,null,"a\"\\é😀"],"a":{}}"#);
        assert_eq!(shown("{ \"a\" :\n[ ] }\n"), r#"{"a":[]}"#);
    }

    #[test]
    fn what_is_no_json_says_where() {
        for (text, place) in [
            ("{", "(line 1, column 2)"),
            ("{\"a\": 1,\n }", "(line 2, column 2)"),
            ("{\"a\": 01}", "(line 1, column 7)"),
            ("{\"a\": \"\\x\"}", "(line 1, column 7)"),
            ("{\"a\": tru}", "(line 1, column 7)"),
            ("{} x", "(line 1, column 4)"),
            ("{\"a\": \"", "(line 1, column 7)"),
        ] {
            assert_eq!(
                shown(text),
                format!("Template format error: JSON not well-formed. {place}"),
                "{text}"
            );
        }
    }

    #[test]
    fn a_key_twice_a_changed_number_and_a_deep_value_are_refused() {
        assert!(shown("{\"a\": 1, \"a\": 2}").contains("the key `a` is given twice (line 1, column 10)"));
        assert!(shown("{\"a\": 1.10}").contains("`1.10` would lose its form"));
        assert!(shown("{\"a\": 123456789012345678901234567890}").contains("would lose its form"));
        let deep = "{\"a\":".repeat(80) + "1" + &"}".repeat(80);
        assert!(shown(&deep).contains("nested too deeply"));
    }
}

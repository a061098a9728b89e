//! `Fn::ForEach`: a part of the template written once and repeated for every word of a list.
//!
//! Loops are written out before the sections are read, and only over lists that stand in the template: what a
//! parameter holds is not known yet. How much they may make is bounded, since loops within loops multiply.
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html>.

use super::Parsing;
use crate::fault::Path;
use serde_json::{Map, Value};

/// What begins the key of a loop; its name follows.
const LOOP: &str = "Fn::ForEach::";

/// Values that all loops of a template may make together. A template of the largest size has fewer.
const MADE_AT_MOST: usize = 100_000;

/// Writes out every loop in a template.
pub(crate) fn expand(root: &Value, parsing: &mut Parsing) -> Value {
    let mut expanding = Expanding { parsing, made: 0 };
    expanding.value(root, &Path::Root)
}

struct Expanding<'p> {
    parsing: &'p mut Parsing,
    made: usize,
}

impl Expanding<'_> {
    fn value(&mut self, value: &Value, path: &Path<'_>) -> Value {
        match value {
            Value::Array(items) => {
                items.iter().enumerate().map(|(at, item)| self.value(item, &path.item(at))).collect()
            }
            Value::Object(members) => Value::Object(self.members(members, path)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
        }
    }

    fn members(&mut self, members: &Map<String, Value>, path: &Path<'_>) -> Map<String, Value> {
        let mut written = Map::new();
        for (key, member) in members {
            let within = &path.key(key);
            if !key.starts_with(LOOP) {
                let member = self.value(member, within);
                self.put(&mut written, key.clone(), member, within);
                continue;
            }
            let Some((name, words, body)) = loop_of(key, member) else {
                let message = "Template format error: Fn::ForEach needs an identifier, a written list of strings and a \
                               map, which is repeated; a list that is not written out is not expanded here";
                self.parsing.fault(within, message);
                continue;
            };
            for word in words {
                let Some(body) = self.repeated(body, name, word) else {
                    let message =
                        format!("Template format error: Fn::ForEach makes more than {MADE_AT_MOST} values");
                    self.parsing.fault(within, message);
                    return written;
                };
                // A loop within this one is written out after the word was put into it.
                for (key, member) in self.members(&body, within) {
                    self.put(&mut written, key, member, within);
                }
            }
        }
        written
    }

    fn put(&mut self, written: &mut Map<String, Value>, key: String, value: Value, path: &Path<'_>) {
        if written.contains_key(&key) {
            self.parsing.fault(path, format!("Template format error: the key `{key}` is made twice"));
        }
        written.insert(key, value);
    }

    /// The body of a loop for one word; `None` beyond the bound.
    fn repeated(&mut self, body: &Map<String, Value>, name: &str, word: &str) -> Option<Map<String, Value>> {
        let mut members = Map::new();
        for (key, member) in body {
            members.insert(replaced(key, name, word), self.filled(member, name, word)?);
        }
        Some(members)
    }

    fn filled(&mut self, value: &Value, name: &str, word: &str) -> Option<Value> {
        self.made += 1;
        if self.made > MADE_AT_MOST {
            return None;
        }
        Some(match value {
            Value::String(text) => Value::from(replaced(text, name, word)),
            Value::Array(items) => {
                let items: Option<Vec<Value>> =
                    items.iter().map(|item| self.filled(item, name, word)).collect();
                Value::from(items?)
            }
            Value::Object(members) => {
                let is_the_word =
                    members.len() == 1 && members.get("Ref").and_then(Value::as_str) == Some(name);
                if is_the_word {
                    Value::from(word)
                } else {
                    Value::Object(self.repeated(members, name, word)?)
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
        })
    }
}

/// A loop's identifier, words and body.
fn loop_of<'v>(key: &str, value: &'v Value) -> Option<(&'v str, Vec<&'v str>, &'v Map<String, Value>)> {
    let is_named = key.strip_prefix(LOOP).is_some_and(|name| !name.is_empty());
    let [Value::String(name), Value::Array(words), Value::Object(body)] = value.as_array()?.as_slice() else {
        return None;
    };
    let words: Option<Vec<&str>> = words.iter().map(Value::as_str).collect();
    words.filter(|_| is_named && !name.is_empty()).map(|words| (name.as_str(), words, body))
}

/// `${Name}` is the word; `&{Name}` is what of it may stand in a logical id.
fn replaced(text: &str, name: &str, word: &str) -> String {
    let plain: String = word.chars().filter(char::is_ascii_alphanumeric).collect();
    text.replace(&format!("${{{name}}}"), word).replace(&format!("&{{{name}}}"), &plain)
}

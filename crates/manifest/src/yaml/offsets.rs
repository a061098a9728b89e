//! From the parser's positions, which count characters, to bytes.

/// Characters between two remembered positions.
const STRIDE: usize = 64;

/// The byte positions of one text's characters.
pub(super) enum Offsets<'t> {
    /// Every character is one byte.
    Ascii(usize),
    /// The byte of every [`STRIDE`]th character.
    Marks { text: &'t str, marks: Vec<u32> },
}

impl<'t> Offsets<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        if text.is_ascii() {
            return Self::Ascii(text.len());
        }
        let marks =
            text.char_indices().step_by(STRIDE).filter_map(|(at, _)| u32::try_from(at).ok()).collect();
        Self::Marks { text, marks }
    }

    /// The byte at which a character begins; the text's end for one past the last.
    pub(super) fn byte(&self, character: usize) -> u32 {
        let byte = match self {
            Self::Ascii(length) => character.min(*length),
            Self::Marks { text, marks } => {
                let mark = marks.get(character / STRIDE).and_then(|mark| usize::try_from(*mark).ok());
                mark.and_then(|mark| {
                    let rest = text.get(mark..)?;
                    let (at, _) = rest.char_indices().nth(character % STRIDE)?;
                    Some(mark + at)
                })
                .unwrap_or(text.len())
            }
        };
        u32::try_from(byte).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_found_on_both_sides_of_a_mark() {
        let text = "é".repeat(100) + "x";
        let offsets = Offsets::new(&text);
        assert_eq!(
            (offsets.byte(3), offsets.byte(64), offsets.byte(100), offsets.byte(999)),
            (6, 128, 200, 201)
        );
    }
}

//! Base64, with padding.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The bytes of a text in base64.
///
/// Source: <https://www.rfc-editor.org/rfc/rfc4648#section-4>.
pub(super) fn base64(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len().div_ceil(3) * 4);
    for chunk in text.as_bytes().chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4_usize {
            let shift = 18 - 6 * place;
            let index = usize::try_from(bits >> shift & 0x3f).unwrap_or_default();
            let letter = ALPHABET.get(index).copied().map_or('=', char::from);
            encoded.push(if place > chunk.len() { '=' } else { letter });
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_the_standard_are_encoded() {
        let encoded = ["", "f", "fo", "foo", "foob", "fooba", "foobar"].map(base64);
        assert_eq!(encoded.join(" "), " Zg== Zm8= Zm9v Zm9vYg== Zm9vYmE= Zm9vYmFy");
    }
}

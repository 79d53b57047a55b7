//! Bytes of `BinaryEquals`: padded base64 (C-26).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Decodes padded base64; `None` for any other text.
pub fn read(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

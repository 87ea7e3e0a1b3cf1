//! How values are laid down in columns: timelines and reference events compact, what people may look at as JSON.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::StoreError;

/// Compact bytes.
pub(super) fn pack<T: Serialize>(value: &T) -> Vec<u8> {
    postcard::to_stdvec(value).expect("writing to memory cannot fail for types without maps of unknown length")
}

/// Reads [`pack`]ed bytes.
pub(super) fn unpack<T: DeserializeOwned>(what: &'static str, bytes: &[u8]) -> Result<T, StoreError> {
    postcard::from_bytes(bytes).map_err(|e| StoreError::Damaged { what, detail: e.to_string() })
}

/// JSON text.
pub(super) fn to_json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("writing to memory cannot fail for types with text keys")
}

/// Reads JSON text.
pub(super) fn from_json<T: DeserializeOwned>(what: &'static str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|e| StoreError::Damaged { what, detail: e.to_string() })
}

//! How values are encoded in columns: timelines and reference events compact, what people may read
//! as JSON.
//!
//! What mails, permissions and tasks are made from is sealed: it ends in its own digest, which is
//! checked whenever it is read, so that one flipped bit in a stored address sends no mail there. No
//! error repeats what was stored.

use serde::Serialize;
use serde::de::DeserializeOwned;
use xxhash_rust::xxh3::xxh3_64;

use super::error::StoreError;

/// How the seal of a JSON object begins: its last field.
const SEAL: &str = ",\"seal\":\"";
/// Bytes of a JSON object's seal: the field, the digest as 16 hexadecimal digits, and the end of
/// field and object.
const SEAL_BYTES: usize = SEAL.len() + 16 + 2;

/// Compact bytes.
pub(super) fn pack<T: Serialize>(value: &T) -> Vec<u8> {
    postcard::to_stdvec(value)
        .expect("writing to memory cannot fail for types without maps of unknown length")
}

/// Reads [`pack`]ed bytes.
pub(super) fn unpack<T: DeserializeOwned>(
    what: &'static str,
    bytes: &[u8],
) -> Result<T, StoreError> {
    postcard::from_bytes(bytes).map_err(|e| StoreError::Damaged {
        what,
        detail: e.to_string(),
    })
}

/// Compact bytes with the digest of themselves behind.
pub(super) fn pack_sealed<T: Serialize>(value: &T) -> Vec<u8> {
    let mut bytes = pack(value);
    bytes.extend(xxh3_64(&bytes).to_le_bytes());
    bytes
}

/// Reads bytes that were [sealed](pack_sealed).
pub(super) fn unpack_sealed<T: DeserializeOwned>(
    what: &'static str,
    bytes: &[u8],
) -> Result<T, StoreError> {
    let (bytes, digest) = bytes.split_last_chunk().ok_or_else(|| changed(what))?;
    if xxh3_64(bytes).to_le_bytes() == *digest {
        unpack(what, bytes)
    } else {
        Err(changed(what))
    }
}

/// The JSON text of an object, with the digest of itself as its last field.
pub(super) fn to_json<T: Serialize>(value: &T) -> String {
    let mut text = plain_json(value);
    let digest = xxh3_64(text.as_bytes());
    let end = text.pop();
    assert!(
        end == Some('}') && text.len() > 1,
        "only an object that has fields is sealed"
    );
    text.push_str(&format!("{SEAL}{digest:016x}\"}}"));
    text
}

/// Reads the JSON text of an object that was [sealed](to_json).
pub(super) fn from_json<T: DeserializeOwned>(
    what: &'static str,
    text: &str,
) -> Result<T, StoreError> {
    let begin = text
        .len()
        .checked_sub(SEAL_BYTES)
        .ok_or_else(|| changed(what))?;
    let (object, seal) = text.split_at_checked(begin).ok_or_else(|| changed(what))?;
    let object = format!("{object}}}");
    if seal != format!("{SEAL}{:016x}\"}}", xxh3_64(object.as_bytes())) {
        return Err(changed(what));
    }
    from_plain_json(what, &object)
}

pub(super) fn plain_json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("writing to memory cannot fail for types with text keys")
}

pub(super) fn from_plain_json<T: DeserializeOwned>(
    what: &'static str,
    text: &str,
) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|e| {
        // Its own words repeat the value that it did not expect.
        StoreError::Damaged {
            what,
            detail: format!(
                "it cannot be read from column {} of its text on",
                e.column()
            ),
        }
    })
}

fn changed(what: &'static str) -> StoreError {
    StoreError::Damaged {
        what,
        detail: "it is not what was written".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn no_bit_of_a_sealed_text_or_of_sealed_bytes_can_change_unnoticed_and_no_error_repeats_them() {
        let value = BTreeMap::from([("recipient", "li.wei@example.com"), ("subject", "四三")]);
        let (text, packed) = (to_json(&value), pack_sealed(&value));
        let read: BTreeMap<String, String> = from_json("a mail", &text).expect("as it was written");
        assert_eq!(read.len(), 2);
        assert!(
            serde_json::from_str::<serde_json::Value>(&text).is_ok(),
            "it stays JSON: {text}"
        );
        for bit in 0..text.len() * 8 {
            let mut bytes = text.clone().into_bytes();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let Ok(changed) = String::from_utf8(bytes) else {
                continue;
            };
            let error = from_json::<BTreeMap<String, String>>("a mail", &changed)
                .expect_err("a changed bit");
            assert!(
                error.to_string().contains("E_STORE_DAMAGED: a mail")
                    && !error.to_string().contains("li.wei"),
                "{error}"
            );
        }
        assert!(unpack_sealed::<BTreeMap<String, String>>("an event", &packed).is_ok());
        for bit in 0..packed.len() * 8 {
            let mut changed = packed.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(
                unpack_sealed::<BTreeMap<String, String>>("an event", &changed).is_err(),
                "bit {bit}"
            );
        }
        for cut in 0..text.len() {
            assert!(
                text.get(..cut)
                    .is_none_or(
                        |text| from_json::<BTreeMap<String, String>>("a mail", text).is_err()
                    ),
                "{cut}"
            );
        }
    }

    #[test]
    fn what_was_stored_is_not_repeated_when_it_cannot_be_read() {
        let error = from_plain_json::<u32>("a number", r#""13800000001""#).expect_err("a text");
        assert!(!format!("{:#}", anyhow::Error::from(error)).contains("13800000001"));
    }
}

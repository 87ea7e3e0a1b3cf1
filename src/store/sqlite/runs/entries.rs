//! Entries as bytes, one after another: a key and a value, each behind its length.

use crate::store::StoreError;

/// A key and a value.
pub(in super::super) type Entry<'a> = (&'a [u8], &'a [u8]);

/// Puts bytes behind their length.
pub(in super::super) fn put_bytes(out: Vec<u8>, bytes: &[u8]) -> Vec<u8> {
    let mut out = postcard::to_extend(&(bytes.len() as u64), out).expect("a number can always be written to memory");
    out.extend_from_slice(bytes);
    out
}

/// Takes bytes that stand behind their length off the front of `rest`.
pub(in super::super) fn take_bytes<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], StoreError> {
    let cut = || StoreError::Damaged { what: "entries", detail: "they end too early".to_owned() };
    let (length, behind) = postcard::take_from_bytes::<u64>(rest).map_err(|_| cut())?;
    let length = usize::try_from(length).ok().filter(|length| *length <= behind.len()).ok_or_else(cut)?;
    let (bytes, behind) = behind.split_at(length);
    *rest = behind;
    Ok(bytes)
}

/// Takes the next entry off the front of `rest`; none at the end.
pub(in super::super) fn take_entry<'a>(rest: &mut &'a [u8]) -> Result<Option<Entry<'a>>, StoreError> {
    if rest.is_empty() { Ok(None) } else { Ok(Some((take_bytes(rest)?, take_bytes(rest)?))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_back_as_they_were_put_and_cut_ones_are_refused() {
        let long = vec![7; 300];
        let bytes = put_bytes(put_bytes(put_bytes(put_bytes(Vec::new(), b"k"), b""), &long), b"v");
        let mut rest = &bytes[..];
        assert_eq!(take_entry(&mut rest).expect("whole"), Some((&b"k"[..], &b""[..])));
        assert_eq!(take_entry(&mut rest).expect("whole"), Some((&long[..], &b"v"[..])));
        assert_eq!(take_entry(&mut rest).expect("whole"), None);
        for end in [1, 4, 100, bytes.len() - 1] {
            let mut rest = &bytes[..end];
            while let Ok(Some(_)) = take_entry(&mut rest) {}
            assert!(take_entry(&mut rest).is_err(), "{end}");
        }
    }
}

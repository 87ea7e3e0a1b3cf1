//! Entries as bytes, one after another: a frame is the digest of the key, the value's length, and
//! the packed value.
//!
//! A frame is the same bytes in memory, in the write-ahead log and in a run. Keys are distinguished
//! by their digest alone: at 128 bits, two of ten thousand million keys are alike with a chance of
//! 10⁻¹⁹.

use std::sync::Arc;

use serde::Serialize;

use super::StoreError;

const DIGEST_BYTES: usize = 16;
/// Bytes before the value.
const HEAD_BYTES: usize = DIGEST_BYTES + 4;

/// Bytes at which a chunk is handed on, and room for the entry that goes beyond.
const CHUNK_BYTES: usize = 1 << 18;
const CHUNK_ROOM: usize = 1 << 12;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Frame<'a> {
    pub(super) digest: u128,
    pub(super) value: &'a [u8],
    /// All bytes of the frame.
    pub(super) whole: &'a [u8],
}

impl<'a> Frame<'a> {
    /// The frame that has these bytes.
    pub(super) fn from_bytes(digest: u128, whole: &'a [u8]) -> Self {
        Self {
            digest,
            value: &whole[HEAD_BYTES..],
            whole,
        }
    }
}

/// Puts an entry at the end of `out`.
pub(super) fn put_frame(out: &mut Vec<u8>, digest: u128, value: &impl Serialize) {
    out.extend_from_slice(&digest.to_be_bytes());
    let length_at = out.len();
    out.extend_from_slice(&[0; HEAD_BYTES - DIGEST_BYTES]);
    let begin = out.len();
    *out = postcard::to_extend(value, std::mem::take(out))
        .expect("writing to memory cannot fail for types without maps of unknown length");
    let length = u32::try_from(out.len() - begin).expect("a timeline has fewer than 4 GB");
    out[length_at..begin].copy_from_slice(&length.to_be_bytes());
}

/// The frame of a value that is packed already.
pub(super) fn frame_of(digest: u128, value: &[u8]) -> Vec<u8> {
    let length = u32::try_from(value.len()).expect("a timeline has fewer than 4 GB");
    [&digest.to_be_bytes()[..], &length.to_be_bytes()[..], value].concat()
}

/// Entries put one after another, in chunks that are handed on whole: one long chunk would be
/// moved whenever it grows.
#[derive(Debug, Default)]
pub(super) struct Chunks {
    full: Vec<Arc<Vec<u8>>>,
    last: Vec<u8>,
}

impl Chunks {
    pub(super) fn push_frame(&mut self, digest: u128, value: &impl Serialize) {
        if self.last.capacity() == 0 {
            self.last.reserve(CHUNK_BYTES + CHUNK_ROOM);
        }
        put_frame(&mut self.last, digest, value);
        if self.last.len() >= CHUNK_BYTES {
            self.full.push(Arc::new(std::mem::take(&mut self.last)));
        }
    }

    pub(super) fn finish(mut self) -> Vec<Arc<Vec<u8>>> {
        if !self.last.is_empty() {
            self.last.shrink_to_fit();
            self.full.push(Arc::new(self.last));
        }
        self.full
    }
}

/// Takes the first entry off `rest`; none at the end.
pub(super) fn take_frame<'a>(rest: &mut &'a [u8]) -> Result<Option<Frame<'a>>, StoreError> {
    if rest.is_empty() {
        return Ok(None);
    }
    let cut = || StoreError::Damaged {
        what: "entries",
        detail: "they end too early".to_owned(),
    };
    let (digest, behind) = rest.split_first_chunk::<DIGEST_BYTES>().ok_or_else(cut)?;
    let (length, behind) = behind
        .split_first_chunk::<{ HEAD_BYTES - DIGEST_BYTES }>()
        .ok_or_else(cut)?;
    let (value, behind) = behind
        .split_at_checked(u32::from_be_bytes(*length) as usize)
        .ok_or_else(cut)?;
    let whole = &rest[..HEAD_BYTES + value.len()];
    *rest = behind;
    Ok(Some(Frame {
        digest: u128::from_be_bytes(*digest),
        value,
        whole,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_back_as_they_were_put_and_cut_ones_are_refused() {
        let long = "long".repeat(100);
        let mut bytes = Vec::new();
        put_frame(&mut bytes, 7, &long);
        let first = bytes.len();
        put_frame(&mut bytes, u128::MAX, &());
        let mut rest = &bytes[..];
        let frame = take_frame(&mut rest).expect("whole").expect("an entry");
        assert_eq!((frame.digest, frame.whole), (7, &bytes[..first]));
        assert_eq!(postcard::from_bytes::<String>(frame.value), Ok(long));
        assert_eq!(
            take_frame(&mut rest)
                .expect("whole")
                .map(|frame| frame.digest),
            Some(u128::MAX)
        );
        assert_eq!(take_frame(&mut rest).expect("whole"), None);
        for end in [1, 15, 19, 100, bytes.len() - 1] {
            let mut rest = &bytes[..end];
            while let Ok(Some(_)) = take_frame(&mut rest) {}
            assert!(take_frame(&mut rest).is_err(), "{end}");
        }
    }
}

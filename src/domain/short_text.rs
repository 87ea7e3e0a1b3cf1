//! Texts that are mostly short: ids, sources, codes.

/// A text that never changes; up to 23 bytes of it take no memory of their own, and a copy of a
/// longer one shares it.
pub type ShortText = smol_str::SmolStr;

//! Texts that are mostly short: ids, sources, codes.

/// An immutable text; up to 23 bytes are stored inline, and clones of a longer one share it.
pub type ShortText = smol_str::SmolStr;

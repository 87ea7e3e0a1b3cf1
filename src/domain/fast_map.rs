//! Hash maps for the hot path: the standard map with a faster hash.
//!
//! Invariant: nothing depends on the order of their entries; whoever lists them sorts.

use std::collections::{HashMap, HashSet};

/// A map of ids or digests.
pub(crate) type FastMap<K, V> = HashMap<K, V, foldhash::fast::RandomState>;
/// A set of ids or digests.
pub(crate) type FastSet<K> = HashSet<K, foldhash::fast::RandomState>;

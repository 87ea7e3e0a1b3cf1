//! The inputs and the results of decoding.
//!
//! It may not know how the rules were configured. Invariant: the rules are values; decoding never
//! changes them.

use chrono::TimeDelta;

use super::mapping::DropMapping;
use super::status_map::StatusMaps;
use crate::domain::event::Event;
use crate::domain::zone::Zone;

/// The settings of decoding.
#[derive(Debug, Clone)]
pub struct DecodeRules {
    /// Largest payload, in bytes; a larger one is `not_json`.
    pub event_bytes_max: usize,
    /// How far an event's time may be ahead of the wall clock; further is `too_far_ahead`.
    pub ahead_max: TimeDelta,
    /// The zone in which BOSS drops write their local times.
    pub zone: Zone,
    /// The provinces' status codes.
    pub status_maps: StatusMaps,
    /// The BOSS drops, in the order of the configuration: [`Form::Mapped`] is an index into them.
    pub mappings: Vec<DropMapping>,
}

/// The contract's values: 256 KiB, 5 minutes, `Asia/Shanghai`, the shipped status maps, no BOSS
/// drops.
#[cfg(test)]
impl Default for DecodeRules {
    fn default() -> Self {
        Self {
            event_bytes_max: 256 * 1024,
            ahead_max: TimeDelta::minutes(5),
            zone: Zone::parse("Asia/Shanghai").expect("the tz database has Asia/Shanghai"),
            status_maps: StatusMaps::shipped(),
            mappings: Vec::new(),
        }
    }
}

/// The form of a delivery's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form<'a> {
    /// The whole event as JSON.
    Structured,
    /// `data` as JSON; the attributes are separate, with names without `ce_`.
    Binary(&'a [(Box<str>, Box<[u8]>)]),
    /// One line of a BOSS drop, read by the mapping of this index in [`DecodeRules::mappings`].
    Mapped(u16),
    /// Dropped, since it was larger than [`DecodeRules::event_bytes_max`].
    Oversized { bytes: u64 },
}

/// An event, and the defects that were tolerated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decoded {
    pub event: Event,
    /// The `reason` is not in the contract; it counts as none.
    pub unknown_reason: bool,
    /// Half characters at the ends of columns of a BOSS drop that were replaced.
    pub replaced: u32,
}

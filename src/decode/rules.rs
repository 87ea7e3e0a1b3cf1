//! What decoding is told, and what it tells.
//!
//! It may not know how the rules were configured. Invariant: the rules are values; decoding never
//! changes them.

use chrono::TimeDelta;

use super::mapping::DropMapping;
use super::status_map::StatusMaps;
use crate::domain::event::Event;
use crate::domain::zone::Zone;

/// What an operator may set about decoding.
#[derive(Debug, Clone)]
pub struct DecodeRules {
    /// Largest payload, in bytes; a larger one is `not_json`.
    pub event_bytes_max: usize,
    /// How far an event's time may lie after the wall clock; further is `too_far_ahead`.
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

/// What a delivery's bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form<'a> {
    /// The whole event as JSON.
    Structured,
    /// `data` as JSON; the attributes came beside it, names without `ce_`.
    Binary(&'a [(Box<str>, Box<[u8]>)]),
    /// One line of a BOSS drop, to be read by this one of [`DecodeRules::mappings`].
    Mapped(u16),
    /// Cut, since it was larger than [`DecodeRules::event_bytes_max`].
    Oversized {
        /// How long it was.
        bytes: u64,
    },
}

/// An event, and what was let pass on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    pub event: Event,
    /// A `reason` was sent that the contract does not know; it counts as none.
    pub unknown_reason: bool,
    /// Half characters at the end of cut fields of a BOSS drop that were replaced.
    pub replaced: u32,
}

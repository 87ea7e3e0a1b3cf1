//! The relay: what it does with mails, and what it took.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use sisan::domain::last_reply::Phase;
use sisan::notify::mailer::{Carrier, Leave, Letter};
use sisan::notify::retry::Outcome;

use super::services::SimulatedServices;

/// What a relay does with mails.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RelayMood {
    /// Takes them.
    #[default]
    Well,
    /// Cannot be reached.
    Down,
    /// Sends no reply, at any phase.
    Silent,
    /// Takes some, puts some off, refuses some, loses some replies, and is slow.
    Fickle,
    /// Refuses us.
    RefusesUs,
}

/// What the relay took.
#[derive(Default)]
pub struct Relay {
    /// By Message-ID: how often it was accepted, counting those whose reply was lost.
    pub taken: BTreeMap<String, usize>,
    pub refused: BTreeSet<String>,
}

/// A worker's way to the relay.
pub struct WayToRelay {
    pub services: Arc<SimulatedServices>,
}

impl WayToRelay {
    /// As it goes while the relay is fickle.
    fn fickle(&self) -> (Duration, Outcome) {
        let scheduler = &self.services.scheduler;
        let slow = Duration::from_millis(scheduler.below(90_000) as u64);
        let reply = || "4xx".to_owned();
        let outcome = match scheduler.below(8) {
            0 | 1 => Outcome::Accepted {
                reply: "250 queued".into(),
            },
            2 => Outcome::Deferred {
                phase: Phase::RcptTo,
                reply: reply(),
            },
            3 => Outcome::Deferred {
                phase: Phase::Data,
                reply: reply(),
            },
            4 => Outcome::Deferred {
                phase: Phase::Greeting,
                reply: reply(),
            },
            5 | 6 => Outcome::Uncertain {
                reply: "connection lost".into(),
            },
            _ => Outcome::RecipientRefused {
                code: 550,
                reply: "no such user".into(),
            },
        };
        (slow, outcome)
    }

    /// How long the relay takes now, and its final outcome.
    fn mood(&self) -> (Duration, Outcome) {
        match self.services.trouble().relay {
            RelayMood::Well => (
                Duration::from_millis(30),
                Outcome::Accepted {
                    reply: "250 queued".into(),
                },
            ),
            RelayMood::Down => (
                Duration::from_millis(5),
                Outcome::Deferred {
                    phase: Phase::Connect,
                    reply: "connection refused".into(),
                },
            ),
            RelayMood::RefusesUs => (
                Duration::from_millis(30),
                Outcome::RelayRefused {
                    phase: Phase::MailFrom,
                    reply: "550 not you".into(),
                },
            ),
            RelayMood::Silent => match self.services.scheduler.below(3) {
                0 => (
                    Duration::from_secs(30),
                    Outcome::Deferred {
                        phase: Phase::Greeting,
                        reply: "no answer".into(),
                    },
                ),
                1 => (
                    Duration::from_secs(300),
                    Outcome::Deferred {
                        phase: Phase::RcptTo,
                        reply: "no answer".into(),
                    },
                ),
                _ => (
                    Duration::from_secs(600),
                    Outcome::Uncertain {
                        reply: "no answer".into(),
                    },
                ),
            },
            RelayMood::Fickle => self.fickle(),
        }
    }
}

impl Carrier for WayToRelay {
    fn carry(&mut self, letter: Letter<'_>, leave: Leave<'_>) -> Outcome {
        let scheduler = &self.services.scheduler;
        let message_id = message_id_of(letter.message);
        let (pause, outcome) = self.mood();
        scheduler.pause_for("hands a mail over", pause);
        // Only these come to the end of the message.
        if matches!(
            outcome,
            Outcome::Accepted { .. } | Outcome::Uncertain { .. }
        ) && !leave()
        {
            return Outcome::Deferred {
                phase: Phase::Body,
                reply: "given up before its end".into(),
            };
        }
        scheduler.step("ends a message");
        let taken = match outcome {
            Outcome::Accepted { .. } => true,
            // It may have been taken all the same.
            Outcome::Uncertain { .. } => scheduler.chance(0.5),
            _ => false,
        };
        {
            let mut state = self.services.state();
            if taken {
                *state.relay.taken.entry(message_id.clone()).or_default() += 1;
            }
            if matches!(outcome, Outcome::RecipientRefused { .. }) {
                state.relay.refused.insert(message_id);
            }
        }
        self.services.count(match outcome {
            Outcome::Accepted { .. } => "a mail is taken",
            Outcome::Uncertain { .. } => "the reply to a mail is lost",
            Outcome::RecipientRefused { .. } => "a mail is refused",
            Outcome::Deferred { .. } => "a mail is put off",
            Outcome::RelayRefused { .. } => "the relay refuses us",
            Outcome::Unfit { .. } => "a mail cannot be sent",
        });
        // Between its reply and what the worker makes of it.
        scheduler.step("has the relay's reply");
        outcome
    }
}

fn message_id_of(message: &[u8]) -> String {
    let text = String::from_utf8_lossy(message);
    let line = text
        .lines()
        .find(|line| line.to_ascii_lowercase().starts_with("message-id:"));
    line.and_then(|line| line.split_once(':'))
        .map_or_else(String::new, |(_, id)| id.trim().to_owned())
}

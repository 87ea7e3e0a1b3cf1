//! What a reply, or its absence, means in each phase of the dialogue.

use super::connection::Trouble;
use super::reply::Reply;
use crate::domain::last_reply::Phase;
use crate::notify::retry::Outcome;

/// Classes of replies: done, and go ahead.
pub(super) const DONE: u16 = 2;
pub(super) const GO_AHEAD: u16 = 3;

/// Trouble before the final dot: the mail was not taken.
pub(super) fn failed(phase: Phase, trouble: Trouble) -> Outcome {
    Outcome::Deferred {
        phase,
        reply: trouble.to_string(),
    }
}

pub(super) fn done(phase: Phase, reply: Result<Reply, Trouble>) -> Result<Reply, Outcome> {
    expected(DONE, phase, reply)
}

/// A reply of the expected class, or what any other means. Only a phase that concerns one mail can
/// refuse its recipient; an earlier refusal is the relay's.
pub(super) fn expected(
    class: u16,
    phase: Phase,
    reply: Result<Reply, Trouble>,
) -> Result<Reply, Outcome> {
    let reply = reply.map_err(|trouble| failed(phase, trouble))?;
    let text = reply.one_line();
    match reply.class() {
        of if of == class => Ok(reply),
        4 => Err(Outcome::Deferred { phase, reply: text }),
        5 if matches!(phase, Phase::RcptTo | Phase::Data | Phase::Body) => {
            Err(Outcome::RecipientRefused {
                code: reply.code,
                reply: reply.text(),
            })
        }
        5 => Err(Outcome::RelayRefused { phase, reply: text }),
        // Not the one that belongs here: the dialogue is out of step.
        _ => Err(Outcome::Deferred {
            phase,
            reply: format!("unexpected {text}"),
        }),
    }
}

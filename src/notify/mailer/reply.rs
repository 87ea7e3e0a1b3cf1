//! What a reply, an error or a silence in a phase of the dialogue means for a mail.
//!
//! Invariant: only a phase that is about the mail can refuse its recipient; what comes before is the relay's.

use std::error::Error as _;
use std::io;
use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::response::Response;
use tokio::time::timeout;

use crate::notify::retry::{Outcome, Phase};

/// Waits for a phase at most `deadline`.
pub async fn within<T>(deadline: Duration, phase: Phase, work: impl Future<Output = Result<T, Error>>) -> Result<T, Outcome> {
    match timeout(deadline, work).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(e)) => Err(classify(phase, &e)),
        Err(_) => Err(Outcome::Deferred { phase, reply: silence(deadline) }),
    }
}

/// That nothing was heard for so long.
pub fn silence(deadline: Duration) -> String {
    format!("no answer within {} s", deadline.as_secs_f32())
}

/// A reply in one line.
pub fn said(response: &Response) -> String {
    format!("{} {}", response.code(), response.message().collect::<Vec<_>>().join(" "))
}

/// What an error of the library means in a phase in which the final dot was not sent, or was answered.
pub fn classify(phase: Phase, error: &Error) -> Outcome {
    let reply = match (error.status(), error.source()) {
        (Some(code), Some(text)) => format!("{code} {text}"),
        (_, _) => error.to_string(),
    };
    let for_this_mail = matches!(phase, Phase::RcptTo | Phase::Data | Phase::Body);
    match error.status().map(u16::from) {
        Some(code) if error.is_permanent() && for_this_mail => {
            let text = error.source().map(ToString::to_string).unwrap_or_default();
            Outcome::RecipientRefused { code, reply: text }
        }
        Some(_) if error.is_permanent() => Outcome::RelayRefused { phase, reply },
        // No STARTTLS or no usable AUTH offered; a certificate that does not hold: waiting does not mend it.
        None if error.is_client() && matches!(phase, Phase::StartTls | Phase::Auth) => Outcome::RelayRefused { phase, reply },
        None if is_tls_refusal(error) => Outcome::RelayRefused { phase: Phase::StartTls, reply },
        _ => Outcome::Deferred { phase, reply },
    }
}

/// The TLS library reports what it does not accept as invalid data; a broken connection is another kind.
fn is_tls_refusal(error: &Error) -> bool {
    if error.is_tls() {
        return true;
    }
    let mut cause = error.source();
    while let Some(one) = cause {
        if one.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::InvalidData && e.get_ref().is_some()) {
            return true;
        }
        cause = one.source();
    }
    false
}

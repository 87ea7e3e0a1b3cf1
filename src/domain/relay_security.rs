//! How the dialogue with a mail relay is kept private.

/// How the dialogue with the relay is kept private.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RelaySecurity {
    /// `smtps://`: TLS from the first byte.
    Tls,
    /// `smtp+starttls://`: in the clear until STARTTLS, which is required.
    StartTls,
    /// `smtp+plaintext://` or `smtp://`: none; towards this machine only, unless told.
    Plaintext,
}

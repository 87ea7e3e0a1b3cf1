//! The encryption of the connection to a mail relay.

/// The encryption of the connection to the relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RelaySecurity {
    /// `smtps://`: TLS from the first byte.
    Tls,
    /// `smtp+starttls://`: plain text until STARTTLS, which is required.
    StartTls,
    /// `smtp+plaintext://` or `smtp://`: none; only to this machine, unless allowed.
    Plaintext,
}

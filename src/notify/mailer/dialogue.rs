//! The dialogue with the relay, line by line, fit to be shown to an operator.
//!
//! Kept only where somebody asked for it. Invariant: no credentials, no address and nothing of a
//! message is in it.

use crate::notify::clean;

/// The dialogue of one or more mails; empty unless it is recorded.
#[derive(Debug, Default)]
pub(crate) struct Dialogue(Option<Vec<String>>);

impl Dialogue {
    #[must_use]
    pub(crate) const fn recorded() -> Self {
        Self(Some(Vec::new()))
    }

    /// A step or command of ours; nothing but our own words.
    pub(crate) fn we(&mut self, line: &str) {
        self.note(">", line);
    }

    /// A reply of the relay.
    pub(crate) fn relay(&mut self, line: &str) {
        self.note("<", line);
    }

    fn note(&mut self, who: &str, line: &str) {
        if let Some(lines) = &mut self.0 {
            lines.push(format!("{who} {}", clean::reply(line)));
        }
    }

    /// The lines so far, the oldest first.
    #[must_use]
    pub(crate) fn lines(&self) -> &[String] {
        self.0.as_deref().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_never_kept_and_nothing_is_unless_asked_for() {
        let mut dialogue = Dialogue::recorded();
        dialogue.we("MAIL FROM:<sisan@gz.example.cn>");
        dialogue.relay("550 5.1.1 <wang.fang@gz.example.cn>: unknown");
        assert_eq!(
            dialogue.lines(),
            ["> MAIL (address)", "< 550 5.1.1 (address) unknown"]
        );
        let mut silent = Dialogue::default();
        silent.relay("220 ready");
        assert!(silent.lines().is_empty());
    }
}

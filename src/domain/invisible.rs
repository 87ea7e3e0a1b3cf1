//! Invisible characters: the one set by which texts are trimmed, cleaned and escaped.
//!
//! Invariant: it contains no visible character.

/// Whether a character is invisible and may mislead: direction marks, overrides and isolates,
/// zero-width spaces, byte order marks, tags. Joiners, which emoji and Indic letters need, are not
/// included.
#[must_use]
pub(crate) const fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Whether a character is white space (Unicode's) or invisible, and so is no part of a text at
/// either end.
#[must_use]
pub(crate) const fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_hidden(c) || matches!(c, '\u{200c}' | '\u{200d}')
}

/// Whether a text begins or ends with such a character.
#[must_use]
pub(crate) fn is_padded(text: &str) -> bool {
    text.starts_with(is_blank) || text.ends_with(is_blank)
}

/// Whether a character controls a terminal or changes how other text is shown: controls, line and
/// paragraph separators, hidden characters.
#[must_use]
pub(crate) fn acts_on_terminals(c: char) -> bool {
    c.is_control() || is_hidden(c) || matches!(c, '\u{2028}' | '\u{2029}')
}

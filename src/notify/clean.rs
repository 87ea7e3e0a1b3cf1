//! Makes text from outside inert: no control or direction character, no line break, no phone
//! number, no endless name.
//!
//! It knows nothing of HTML: the templates escape. Invariant: what comes out is one line, and
//! cleaning it again changes nothing.

use crate::domain::invisible::is_hidden;
use crate::domain::phones::mask_phones_in;
use crate::domain::task::INSTRUCTION_CHARS_MAX;

/// Most characters of a name (customer, person, unit) in a mail.
pub(crate) const NAME_CHARS_MAX: usize = 60;
/// Most characters of a sentence from outside (title, preview) in a mail.
pub(crate) const PHRASE_CHARS_MAX: usize = 400;
/// Most characters of a subject line.
pub(crate) const SUBJECT_CHARS_MAX: usize = 150;
/// Most characters kept of what a relay answered.
pub(crate) const REPLY_CHARS_MAX: usize = 200;

/// Line breaks and tabs become a space, control (C0, C1) and hidden characters go.
fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push(' '),
            // Joiners make emoji and Indic letters; between plain letters and digits they only hide
            // something.
            '\u{200c}' | '\u{200d}' if out.ends_with(|last: char| last.is_ascii()) => {}
            c if c.is_control() || is_hidden(c) => {}
            c => out.push(c),
        }
    }
    out
}

/// What is visible of it, with phone numbers masked.
#[must_use]
pub(crate) fn inert(text: &str) -> String {
    mask_phones_in(&visible(text))
}

/// [`inert`], with runs of spaces made one and none at the ends.
#[must_use]
pub(crate) fn line(text: &str) -> String {
    let visible = visible(text);
    let words = visible.split(' ').filter(|word| !word.is_empty());
    mask_phones_in(&words.collect::<Vec<_>>().join(" "))
}

/// [`line()`], at most `chars_max` characters; a cut is shown by `…`.
#[must_use]
pub(crate) fn capped(text: &str, chars_max: usize) -> String {
    let clean = line(text);
    if clean.chars().count() <= chars_max {
        return clean;
    }
    let mut cut: String = clean.chars().take(chars_max.saturating_sub(1)).collect();
    cut.truncate(cut.trim_end().len());
    cut.push('…');
    cut
}

/// A name, at most [`NAME_CHARS_MAX`] characters.
#[must_use]
pub(crate) fn name(text: &str) -> String {
    capped(text, NAME_CHARS_MAX)
}

/// A sentence, at most [`PHRASE_CHARS_MAX`] characters.
#[must_use]
pub(crate) fn phrase(text: &str) -> String {
    capped(text, PHRASE_CHARS_MAX)
}

/// A text of a playbook, which is whole also with the names and subscribers that were filled into
/// it; one that somebody gave with a task of his own may be cut.
#[must_use]
pub(crate) fn instruction(text: &str) -> String {
    capped(text, INSTRUCTION_CHARS_MAX + PHRASE_CHARS_MAX)
}

/// A subject or a display name: one line in which no decoder finds an encoded word (RFC 2047) that
/// we did not write.
#[must_use]
pub(crate) fn header(text: &str, chars_max: usize) -> String {
    capped(&text.replace("=?", "= ?"), chars_max)
}

/// What a relay answered, fit to be kept and shown: no mail address, no phone number, at most
/// [`REPLY_CHARS_MAX`] characters.
#[must_use]
pub(crate) fn reply(text: &str) -> String {
    let words: Vec<&str> = text
        .split_whitespace()
        .map(|word| {
            if word.contains('@') {
                "(address)"
            } else {
                word
            }
        })
        .collect();
    capped(&words.join(" "), REPLY_CHARS_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_with_line_breaks_and_direction_characters_is_one_plain_line() {
        assert_eq!(
            name("星辰\r\nBcc: a@b.cn\u{202e}txt.exe\u{7}\u{9b}"),
            "星辰 Bcc: a@b.cntxt.exe"
        );
        assert_eq!(name("  a \u{2028} b\t\tc  "), "a b c");
    }

    #[test]
    fn a_phone_number_is_masked_also_where_it_is_split_by_hidden_characters() {
        for hidden in [
            "13800008000",
            "138\u{200b}00008000",
            "1380\u{202d}0008000",
            "138\u{200d}00008000",
            "1380\u{0}00\u{ad}08000",
            "138  0000\t 8000",
        ] {
            assert_eq!(
                name(&format!("老张{hidden}。")),
                "老张138****8000。",
                "{hidden:?}"
            );
        }
    }

    #[test]
    fn a_cut_never_shows_the_head_of_a_phone_number() {
        let text = format!("{}13800008000", "x ".repeat(26));
        assert!(!capped(&text, 60).contains("1380"), "{}", capped(&text, 60));
    }

    #[test]
    fn emoji_stay_whole() {
        assert_eq!(name("贺👨‍👩‍👧 中秋🥮"), "贺👨‍👩‍👧 中秋🥮");
    }

    #[test]
    fn a_relays_answer_is_kept_without_the_address() {
        assert_eq!(
            reply("5.1.1 <zhang@gz.example.cn>: Recipient\r\n unknown"),
            "5.1.1 (address) Recipient unknown"
        );
        assert_eq!(
            reply("mailbox of 13800008000 is full"),
            "mailbox of 138****8000 is full"
        );
    }

    proptest! {
        #[test]
        fn cleaning_twice_is_cleaning_once_and_no_control_character_survives(text in any::<String>(), max in 2usize..80) {
            let once = capped(&text, max);
            prop_assert_eq!(&capped(&once, max), &once);
            prop_assert!(once.chars().count() <= max);
            prop_assert!(!once.chars().any(|c| c.is_control() || is_hidden(c)));
        }
    }
}

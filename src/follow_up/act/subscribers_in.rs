//! The subscribers that a text may name, however somebody wrote them.
//!
//! It does not know which subscribers there are. Invariant: an id that is a word of its own in the
//! text is found, and a telephone number of 11 digits also with blanks or hyphens between them,
//! full-width, or behind +86.

use std::collections::BTreeSet;

use crate::domain::ids::{SubscriberId, mask_phone};
use crate::domain::phones::{PHONE_DIGITS, half_width, is_between_digits};

/// Every word of a text that may be the id of a subscriber, and every telephone number.
pub(super) fn subscribers_in(text: &str) -> BTreeSet<SubscriberId> {
    let text: String = text.chars().map(half_width).collect();
    let is_of_word =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '/' | '@' | '#');
    let words = text
        .split(|c: char| !is_of_word(c))
        .map(|word| word.trim_matches(|c: char| !c.is_ascii_alphanumeric()));
    let found = words
        .chain(runs_of_digits(&text))
        .map(str::to_owned)
        .chain(phones(&text));
    found
        .filter_map(|word| SubscriberId::parse(&word).ok())
        .collect()
}

/// Whether a text names a subscriber by the masked telephone number.
pub(super) fn names_masked(text: &str, subscriber: &SubscriberId) -> bool {
    let masked = mask_phone(subscriber.as_str());
    let text: String = text.chars().map(half_width).collect();
    masked != subscriber.as_str() && text.contains(&masked)
}

fn runs_of_digits(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_digit())
        .filter(|run| !run.is_empty())
}

/// Telephone numbers whose digits are written in groups.
fn phones(text: &str) -> Vec<String> {
    let grouped = text.split(|c: char| !c.is_ascii_digit() && !is_between_digits(c));
    let digits = grouped.map(|group| {
        group
            .chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    });
    digits.flat_map(|digits| of_phone(&digits)).collect()
}

/// Every 11 digits that begin with 1 among these, which may be several numbers in a row.
fn of_phone(digits: &str) -> Vec<String> {
    let at = |from: usize| {
        digits
            .get(from..from + PHONE_DIGITS)
            .filter(|phone| phone.starts_with('1'))
            .map(str::to_owned)
    };
    (0..=digits.len().saturating_sub(PHONE_DIGITS))
        .filter_map(at)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_number_names_every_line_that_it_fits() {
        let names =
            |text: &str, id: &str| names_masked(text, &SubscriberId::parse(id).expect("an id"));
        for text in [
            "139****0005 优惠",
            "给139****0005送优惠",
            "１３９＊＊＊＊０００５",
        ] {
            assert!(
                names(text, "13900000005") && names(text, "13912340005"),
                "{text}"
            );
            assert!(
                !names(text, "13900000006") && !names(text, "LN-7"),
                "{text}"
            );
        }
    }

    #[test]
    fn a_line_is_found_in_a_text_however_it_is_written() {
        let subscriber = SubscriberId::parse("13900000005").expect("an id");
        for text in [
            "13900000005 优惠挽留",
            "给13900000005送优惠",
            "139 0000 0005",
            "139-0000-0005，优惠",
            "+86 13900000005",
            "+8613900000005",
            "8613900000005",
            "１３９００００００５５ / １３９０００００００５",
            "（13900000005）",
            "13900000004、13900000005",
            "13900000004 13900000005",
        ] {
            assert!(
                subscribers_in(text).contains(&subscriber),
                "{text}: {:?}",
                subscribers_in(text)
            );
        }
        for (text, id) in [("专线 LN-0731_7 优惠", "LN-0731_7"), ("线路LN-7。", "LN-7")] {
            assert!(
                subscribers_in(text).contains(&SubscriberId::parse(id).expect("an id")),
                "{text}"
            );
        }
        assert!(
            subscribers_in("优惠挽留，方案 B")
                .iter()
                .all(|subscriber| subscriber.as_str() == "B")
        );
    }
}

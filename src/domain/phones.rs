//! Telephone numbers in texts, however somebody wrote them.
//!
//! It does not know which numbers there are. Invariant: masking what is masked already changes
//! nothing.

use super::ids::mask_phone;

/// Digits of a telephone number.
pub(crate) const PHONE_DIGITS: usize = 11;
/// Fewest digits of a group: those of a date have fewer.
const GROUP_DIGITS_MIN: usize = 3;
/// The groups in which a number is written most often; others may be groups of a longer number.
const USUAL_GROUPS: [usize; 3] = [3, 4, 4];
/// A word of so many hexadecimal digits, letters among them, is an id of ours.
const HEX_ID_CHARS_MIN: usize = 16;
/// How the country may stand before a number, if at all.
const COUNTRIES: [&str; 3] = ["", "86", "0086"];

/// The plain form of a full-width character; any other is returned unchanged.
#[must_use]
pub(crate) const fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => match char::from_u32(c as u32 - 0xfee0) {
            Some(c) => c,
            None => c,
        },
        c => c,
    }
}

/// Whether people write it between the digits of one number.
#[must_use]
pub(crate) const fn is_between_digits(c: char) -> bool {
    matches!(half_width(c), ' ' | '-' | '\u{a0}' | '\u{3000}')
}

/// Masks every telephone number in a longer text, be it plain, full-width, behind +86, or in groups
/// with one blank or hyphen between them. What is part of a longer number or of an id of ours is
/// none.
#[must_use]
pub(crate) fn mask_phones_in(text: &str) -> String {
    if text.chars().filter(|c| is_digit(*c)).count() < PHONE_DIGITS {
        return text.to_owned();
    }
    let runs = runs(text);
    let (mut out, mut copied, mut at) = (String::with_capacity(text.len()), 0, 0);
    while let Some(run) = runs.get(at) {
        let Some((taken, country)) = phone_at(&runs, at) else {
            at += 1;
            continue;
        };
        let digits = digits_of(&runs[at..at + taken]);
        out.push_str(&text[copied..run.begin]);
        out.push_str(&digits[..country]);
        out.push_str(&mask_phone(&digits[country..]));
        copied = runs[at + taken - 1].end;
        at += taken;
    }
    out.push_str(&text[copied..]);
    out
}

/// A run of digits in a text.
struct DigitRun {
    /// Its bytes in the text.
    begin: usize,
    end: usize,
    /// Its digits, half-width.
    digits: String,
    /// Whether one blank or hyphen joins it to the run before.
    is_joined: bool,
    /// Whether it is the beginning or end of a number that is masked.
    is_masked: bool,
    /// Whether it belongs to an id of ours.
    is_of_id: bool,
}

fn is_digit(c: char) -> bool {
    half_width(c).is_ascii_digit()
}

fn runs(text: &str) -> Vec<DigitRun> {
    let mut runs: Vec<DigitRun> = Vec::new();
    let mut begin = 0;
    while let Some(from) = text[begin..].find(is_digit) {
        begin += from;
        let length = text[begin..].find(|c| !is_digit(c));
        let end = length.map_or(text.len(), |length| begin + length);
        let mut between = text[runs.last().map_or(0, |run| run.end)..begin].chars();
        let is_joined = between.next().is_some_and(is_between_digits) && between.next().is_none();
        runs.push(DigitRun {
            begin,
            end,
            digits: text[begin..end].chars().map(half_width).collect(),
            is_joined: is_joined && !runs.is_empty(),
            is_masked: text[..begin].ends_with('*') || text[end..].starts_with('*'),
            is_of_id: is_of_hex_id(text, begin, end),
        });
        begin = end;
    }
    runs
}

/// Whether these bytes of a text stand in a long word of hexadecimal digits with a letter.
fn is_of_hex_id(text: &str, begin: usize, end: usize) -> bool {
    let is_of_word = |c: &char| c.is_ascii_alphanumeric();
    let before = text[..begin].chars().rev().take_while(is_of_word);
    let after = text[end..].chars().take_while(is_of_word);
    let others: Vec<char> = before.chain(after).collect();
    !others.is_empty()
        && others.iter().all(char::is_ascii_hexdigit)
        && others.iter().any(char::is_ascii_alphabetic)
        && others.len() + (end - begin) >= HEX_ID_CHARS_MIN
}

fn digits_of(runs: &[DigitRun]) -> String {
    runs.iter().map(|run| run.digits.as_str()).collect()
}

/// How many runs from this one on are a telephone number, and how many digits of it are the
/// country's.
fn phone_at(runs: &[DigitRun], at: usize) -> Option<(usize, usize)> {
    let run = &runs[at];
    COUNTRIES.iter().find_map(|country| {
        let head = run.digits.strip_prefix(country)?;
        let is_plain = head.len() == PHONE_DIGITS && !run.is_of_id;
        let taken = if is_plain && (country.is_empty() && head.starts_with('1') || is_mobile(head))
        {
            1
        } else {
            grouped(runs, at, country.len())?
        };
        Some((taken, country.len()))
    })
}

/// Whether it begins as mobile numbers do: what is less plain than 11 digits must.
fn is_mobile(digits: &str) -> bool {
    matches!(digits.as_bytes(), [b'1', b'3'..=b'9', ..])
}

/// How many runs from this one on, without the digits of the country, are the groups of a number.
fn grouped(runs: &[DigitRun], at: usize, country: usize) -> Option<usize> {
    let joined = runs[at + 1..].iter().take_while(|run| run.is_joined);
    let mut lengths = vec![runs[at].digits.len() - country];
    for run in joined {
        if lengths.iter().sum::<usize>() >= PHONE_DIGITS {
            break;
        }
        lengths.push(run.digits.len());
    }
    let group = &runs[at..at + lengths.len()];
    let is_number = lengths.len() > 1
        && lengths.iter().sum::<usize>() == PHONE_DIGITS
        && lengths.iter().all(|length| *length >= GROUP_DIGITS_MIN)
        && is_mobile(&digits_of(group)[country..])
        && !group.iter().any(|run| run.is_masked || run.is_of_id);
    let is_alone = || {
        let before = runs[at].is_joined.then(|| &*runs[at - 1].digits);
        let after = runs
            .get(at + lengths.len())
            .is_some_and(|run| run.is_joined);
        before.is_none_or(|before| COUNTRIES[1..].contains(&before)) && !after
    };
    (is_number && (lengths == USUAL_GROUPS || is_alone())).then_some(lengths.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_telephone_number_is_masked_however_it_is_written() {
        for (text, masked) in [
            ("13800138000", "138****8000"),
            ("老张13800138000。", "老张138****8000。"),
            ("138 0013 8000", "138****8000"),
            ("电话：138-0013-8000，请回", "电话：138****8000，请回"),
            ("138\u{a0}0013\u{3000}8000", "138****8000"),
            ("1380 013 8000", "138****8000"),
            ("１３８００１３８０００", "138****8000"),
            ("１３８　００１３－８０００", "138****8000"),
            ("+8613800138000", "+86138****8000"),
            ("+86 138 0013 8000", "+86 138****8000"),
            ("+86138 0013 8000", "+86138****8000"),
            ("86-13800138000", "86-138****8000"),
            ("8613800138000", "86138****8000"),
            ("008613800138000", "0086138****8000"),
            ("0086 1380013 8000", "0086 138****8000"),
            ("13800138000 138-0013-8001", "138****8000 138****8001"),
            ("2 138 0013 8000 2", "2 138****8000 2"),
        ] {
            assert_eq!(mask_phones_in(text), masked, "{text}");
        }
    }

    #[test]
    fn what_is_no_telephone_number_stays_as_it_is() {
        for text in [
            "138000080001",
            "23800008000",
            "2026-10-05 13:00",
            "1988-10-05 123",
            "6222 1380 0138 0001 234",
            "6222138001380001",
            "138 0013 800",
            "138 0013 80001",
            "9138 0013 8000",
            "138, 0013, 8000",
            "138  0013  8000",
            "8623800138000",
            "8713800138000",
            "a13800138000bcde",
            "G00001",
        ] {
            assert_eq!(mask_phones_in(text), text);
        }
    }

    proptest! {
        #[test]
        fn masking_twice_is_masking_once(text in "[0-9０３８ *+-]{0,60}") {
            let once = mask_phones_in(&text);
            prop_assert_eq!(&mask_phones_in(&once), &once);
        }

        #[test]
        fn a_number_in_any_dress_never_shows_its_middle(
            number in "1[3-9][0-9]{9}",
            between in "[ \u{a0}\u{3000}-]?",
            before in "(\\+86|86|0086)? ?",
            is_wide in any::<bool>(),
        ) {
            let dressed = format!("{}{between}{}{between}{}", &number[..3], &number[3..7], &number[7..]);
            let dressed: String = if is_wide {
                let wide = |c: char| c.to_digit(10).and_then(|n| char::from_u32(0xff10 + n)).unwrap_or(c);
                dressed.chars().map(wide).collect()
            } else {
                dressed
            };
            let masked = mask_phones_in(&format!("电话{before}{dressed}。"));
            prop_assert_eq!(masked, format!("电话{before}{}。", mask_phone(&number)));
        }
    }
}

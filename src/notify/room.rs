//! How much a mail shows: every list up to a number, and all of it up to a number of octets. What
//! is not shown is counted.
//!
//! Each list has its own limit, which suits its readers; where all lists together are too much,
//! each is halved, again and again, until they fit. It does not know what the lists are. Invariant:
//! however much there is to show, a mail is small, gives the number of what it leaves out, and
//! takes no longer to write than what it shows.

use super::template::{RenderError, Rendered};
use super::words::phrases::rest;
use crate::domain::locale::Locale;

/// Most octets of text, HTML and calendar parts together, as they travel.
pub(crate) const PARTS_OCTETS_MAX: usize = 256 * 1024;
/// How often lists are halved: then the longest shows one thing.
const HALVINGS_MAX: u32 = 7;

/// A line of base64, and the octets in it.
const ENCODED_LINE: usize = 78;
const OCTETS_PER_LINE: usize = 57;

/// The room that there is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Room {
    halvings: u32,
}

impl Room {
    /// How many of a list are shown that shows at most `most`; at least one.
    #[must_use]
    pub(crate) const fn at_most(self, most: usize) -> usize {
        let most = most >> self.halvings;
        if most == 0 { 1 } else { most }
    }

    /// The first of a list, and how many more there are.
    #[must_use]
    pub(crate) fn first<T>(self, all: &[T], most: usize) -> (&[T], usize) {
        let (first, more) = all.split_at(all.len().min(self.at_most(most)));
        (first, more.len())
    }

    /// The first lines, and one that counts the rest.
    pub(crate) fn lines<I: Iterator<Item = String>>(
        self,
        mut all: I,
        most: usize,
        locale: Locale,
    ) -> Vec<String> {
        let mut lines: Vec<String> = all.by_ref().take(self.at_most(most)).collect();
        lines.extend(rest(all.count(), locale));
        lines
    }
}

/// Writes a mail with as much room as it may take.
///
/// # Errors
/// What `write` fails with.
pub(crate) fn fitted(
    write: impl Fn(Room) -> Result<(Rendered, Option<String>), RenderError>,
) -> Result<(Rendered, Option<String>), RenderError> {
    let mut room = Room::default();
    loop {
        let (rendered, calendar) = write(room)?;
        let parts = [
            Some(&rendered.text),
            Some(&rendered.html),
            calendar.as_ref(),
        ];
        let octets: usize = parts
            .into_iter()
            .flatten()
            .map(|part| encoded(part.len()))
            .sum();
        if octets <= PARTS_OCTETS_MAX || room.halvings == HALVINGS_MAX {
            return Ok((rendered, calendar));
        }
        room.halvings += 1;
    }
}

const fn encoded(octets: usize) -> usize {
    octets.div_ceil(OCTETS_PER_LINE) * ENCODED_LINE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(octets_of_one: usize, calendar: bool) -> (usize, usize) {
        let shown = std::cell::Cell::new(0);
        let (rendered, calendar) = fitted(|room| {
            shown.set(room.at_most(100));
            let part = "x".repeat(octets_of_one * shown.get());
            Ok((
                Rendered {
                    subject: String::new(),
                    text: part.clone(),
                    html: part.clone(),
                },
                calendar.then_some(part),
            ))
        })
        .expect("written");
        (
            shown.get(),
            encoded(rendered.text.len())
                + encoded(rendered.html.len())
                + encoded(calendar.map_or(0, |part| part.len())),
        )
    }

    #[test]
    fn lists_are_halved_until_all_parts_fit_and_no_further() {
        assert_eq!(written(100, true).0, 100, "they fit as they are");
        for (octets, calendar) in [
            (1_000, false),
            (1_000, true),
            (5_000, true),
            (60_000, false),
        ] {
            let (shown, travels) = written(octets, calendar);
            assert!(
                travels <= PARTS_OCTETS_MAX && (1..100).contains(&shown),
                "{shown} of {octets}: {travels}"
            );
            assert!(
                shown == 1 || travels > PARTS_OCTETS_MAX / 3,
                "{shown} of {octets}: {travels}"
            );
        }
        assert_eq!(written(1 << 20, false).0, 1, "one thing is always shown");
    }

    #[test]
    fn lines_that_are_not_shown_are_counted() {
        let lines = |n: usize| Room::default().lines((0..n).map(|n| n.to_string()), 2, Locale::En);
        assert_eq!(lines(2), ["0", "1"]);
        assert_eq!(lines(5), ["0", "1", "and 3 more"]);
        assert_eq!(Room { halvings: 9 }.at_most(100), 1);
    }
}

//! Words of a task made by hand that propose an offer or a special tariff.
//!
//! It does not know whether the guard holds for a line that the words name. Invariant: the list is
//! short and holds what managers write for a price advantage, so that words about anything else are
//! taken.

use crate::domain::phones::half_width;

/// What is found anywhere in a text: offers, discounts, tariffs, presents, reductions.
const IN_CHINESE: [&str; 6] = ["优惠", "打折", "折扣", "资费", "赠送", "减免"];
/// With what a word begins that says the same.
const IN_ENGLISH: [&str; 2] = ["offer", "discount"];

/// The first word of a text that proposes an offer.
pub(super) fn proposing_word(text: &str) -> Option<&'static str> {
    let text: String = text.chars().map(half_width).collect();
    let text = text.to_ascii_lowercase();
    let words = || text.split(|c: char| !c.is_ascii_alphabetic());
    let is_said = |start: &&str| words().any(|word| word.starts_with(start));
    let in_chinese = IN_CHINESE.into_iter().find(|word| text.contains(word));
    in_chinese.or_else(|| IN_ENGLISH.into_iter().find(is_said))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_is_found_however_it_is_written_and_nothing_else_is_taken_for_one() {
        for (text, word) in [
            ("面谈优惠方案", Some("优惠")),
            ("套餐打折后回访", Some("打折")),
            ("make an Offer", Some("offer")),
            ("ＤＩＳＣＯＵＮＴＳ of ten per cent", Some("discount")),
            ("问清携出原因和需求", None),
            ("coffers and turnoffers", None),
        ] {
            assert_eq!(proposing_word(text), word, "{text}");
        }
    }
}

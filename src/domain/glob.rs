//! File-name patterns: `*` matches any run of characters, `?` one character; all others match
//! themselves.
//!
//! It may not know folders. Invariant: matching takes at most time proportional to the product of
//! both lengths.

/// Whether a whole name matches a pattern.
#[must_use]
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), name.chars().collect());
    let (mut p, mut n) = (0, 0);
    // The position of the last star, and the end of the run that it matches so far.
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(c) if *c == '?' || *c == name[n] => {
                p += 1;
                n += 1;
            }
            _ => match star {
                Some((at, eaten)) => {
                    star = Some((at, eaten + 1));
                    p = at + 1;
                    n = eaten + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::matches;
    use proptest::prelude::*;

    #[test]
    fn stars_and_question_marks_stand_for_what_they_should() {
        for (pattern, name, fits) in [
            ("*.txt", "a.txt", true),
            ("*.txt", ".txt", true),
            ("*.txt", "a.txt.gz", false),
            ("USER_??_*.dat", "USER_GZ_20260101.dat", true),
            ("USER_??_*.dat", "USER_G_20260101.dat", false),
            ("号码?.txt", "号码段.txt", true),
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("a*b*c", "axxbxbyyc", true),
            ("a*b*c", "axxbxbyyd", false),
            ("a*b*c", "abb", false),
            ("**b*", "aab", true),
            ("a?c", "a集c", true),
            ("?", "", false),
            ("s_*_21003_*.dat", "s_13100_201105_21003_00_001.dat", true),
            ("s_*.dat", "s_1.dat.tmp", false),
            ("*.DAT", "a.dat", false),
        ] {
            assert_eq!(matches(pattern, name), fits, "{pattern} {name}");
        }
    }

    fn by_definition(pattern: &[char], name: &[char]) -> bool {
        match pattern.split_first() {
            None => name.is_empty(),
            Some(('*', rest)) => (0..=name.len()).any(|eaten| by_definition(rest, &name[eaten..])),
            Some((c, rest)) => name.split_first().is_some_and(|(first, left)| {
                (*c == '?' || c == first) && by_definition(rest, left)
            }),
        }
    }

    proptest! {
        #[test]
        fn it_agrees_with_the_definition(pattern in "[ab*?]{0,7}", name in "[ab]{0,9}") {
            let (p, n): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
            prop_assert_eq!(matches(&pattern, &name), by_definition(&p, &n));
        }
    }
}

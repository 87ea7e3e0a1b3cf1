//! Lines by their ids, or as a range: `"G1-001..G1-050"`.
//!
//! Invariant: the ids of a range have one length, and come in order.

/// Most lines that a scenario may name at once.
const LINES_MAX: u64 = 20_000;

/// The ids that a text names: one, or both ends of a range and all between.
pub(super) fn expand(text: &str) -> Result<Vec<String>, String> {
    let Some((first, last)) = text.split_once("..") else {
        return Ok(vec![text.to_owned()]);
    };
    let (stem, from) = split(first);
    let (other, to) = split(last);
    let (low, high) = (from.parse::<u64>(), to.parse::<u64>());
    match (low, high) {
        (Ok(low), Ok(high)) if stem == other && from.len() == to.len() && low <= high => {
            if high - low >= LINES_MAX {
                return Err(format!("names more than {LINES_MAX} lines"));
            }
            Ok((low..=high)
                .map(|n| format!("{stem}{n:0width$}", width = from.len()))
                .collect())
        }
        _ => Err(format!(
            "`{text}` is no range; hint: write both ends with as many digits, like G1-001..G1-050"
        )),
    }
}

/// The ids of the members that a group is given by number.
pub(super) fn numbered(group: &str, members: u64) -> Vec<String> {
    let width = members.to_string().len().max(3);
    (1..=members.min(LINES_MAX))
        .map(|n| format!("{group}-{n:0width$}"))
        .collect()
}

/// What stands before the digits at the end, and those; at most as many as a number holds.
fn split(id: &str) -> (&str, &str) {
    let digits = id
        .bytes()
        .rev()
        .take_while(u8::is_ascii_digit)
        .take(18)
        .count();
    id.split_at(id.len() - digits)
}

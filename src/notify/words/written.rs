//! The texts that somebody wrote into a task, as readers may see them.
//!
//! Invariant: a text that proposes an offer which is withheld or was refused is shown to nobody.

use std::borrow::Cow;

use crate::domain::locale::Locale;
use crate::domain::task::{Item, Task};

/// The item of a task; a part that is not to be shown says why.
#[must_use]
pub(crate) fn item(locale: Locale, task: &Task) -> Cow<'_, Item> {
    let item = task.item_in(locale);
    if item.texts().iter().any(|text| task.hides(text)) {
        Cow::Owned(item.map_texts(|text| shown(locale, task, text).into_owned()))
    } else {
        Cow::Borrowed(item)
    }
}

/// A text of a task, or why it is not shown.
#[must_use]
pub(super) fn shown<'a>(locale: Locale, task: &Task, text: &'a str) -> Cow<'a, str> {
    let hidden = match (task.hides(text), task.withheld_words) {
        (false, _) => return Cow::Borrowed(text),
        (true, true) => (
            "（原文提到优惠，携转保护期内不显示）",
            "(not shown while a line may be ported: it proposes an offer)",
        ),
        (true, false) => (
            "（原文提到未批准的优惠，不再显示）",
            "(shown no more: it proposes an offer that was refused)",
        ),
    };
    Cow::Borrowed(locale.pick(hidden.0, hidden.1))
}

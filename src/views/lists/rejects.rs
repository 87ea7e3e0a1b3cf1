//! Deliveries that were no events, and conflicts.

use crate::domain::locale::Locale;
use crate::report::{Column, Instants, Listing};
use crate::store::StoredReject;
use crate::views::codes;
use crate::views::column::{ListColumn, at, column, count, int, listing, text};

pub(crate) const REJECTS: &[ListColumn<StoredReject>] = &[
    column(count("reject_id", "编号"), |r| r.reject_id.into()),
    column(Column::text("source", "来源"), |r| text(&*r.source)),
    column(count("position", "位置"), |r| int(r.position)),
    column(
        Column::code("class", "类别", codes::reject_class).one_of(codes::reject_classes),
        |r| r.class.name().into(),
    ),
    column(Column::text("reason", "错误原文").masking(), |r| {
        text(&*r.reason)
    }),
    column(at("at", "时间"), |r| r.rejected_at.into()),
];

/// `rejects list`
#[must_use]
pub(crate) fn rejects(rejects: &[StoredReject], instants: Instants) -> Listing<'static> {
    listing(REJECTS, rejects, instants)
}

/// `rejects show`: where it was, its class in the reader's words, the reason and the bytes as text.
#[must_use]
pub(crate) fn reject_file(reject: &StoredReject, locale: Locale) -> String {
    let class = reject.class.name();
    let class = locale.pick(codes::reject_class(class), class);
    let raw = reject.payload.as_deref().map_or_else(
        || locale.pick("(原文未保留)", "(not kept)").into(),
        String::from_utf8_lossy,
    );
    let StoredReject {
        source,
        position,
        reason,
        ..
    } = reject;
    format!("{source} {position} {class}\n{reason}\n{raw}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::local_day::Timestamp;
    use crate::domain::reject::RejectClass;

    #[test]
    fn a_rejection_reads_as_in_the_list_in_the_language_of_the_reader() {
        let mut reject = StoredReject {
            reject_id: 1,
            source: "d.jsonl".to_owned(),
            position: 7,
            class: RejectClass::NotCloudevent,
            reason: "specversion: missing".to_owned(),
            rejected_at: Timestamp::from_micros(0),
            payload: Some(b"{}".to_vec()),
            mode: Vec::new(),
        };
        assert_eq!(
            reject_file(&reject, Locale::ZhCn),
            "d.jsonl 7 不是 CloudEvent\nspecversion: missing\n{}\n"
        );
        reject.payload = None;
        assert_eq!(
            Locale::ALL.map(|locale| reject_file(&reject, locale)),
            [
                "d.jsonl 7 不是 CloudEvent\nspecversion: missing\n(原文未保留)\n",
                "d.jsonl 7 not_cloudevent\nspecversion: missing\n(not kept)\n"
            ]
        );
    }
}

//! Files and partitions: how far each is read, and the files beside them that are not read.

use std::collections::BTreeMap;

use crate::domain::ignored_file::{IgnoredBecause, IgnoredEntry};
use crate::domain::locale::Locale;
use crate::domain::source_state::SourceStatus;
use crate::notify::words::ignored_files::because;
use crate::notify::words::pauses;
use crate::report::{Column, Instants, Listing};
use crate::store::SourceRow;
use crate::views::codes;
use crate::views::column::{ListColumn, at, column, count, int, listing, some, text};

#[derive(Debug)]
struct ListedSource<'a> {
    row: SourceRow,
    /// Why it is not read.
    ignored: Option<&'a IgnoredBecause>,
    /// For whom the list is; programs get the texts of the log and the store.
    reader: Option<Locale>,
}

impl<'a> ListedSource<'a> {
    const COLUMNS: &'a [ListColumn<Self>] = &[
        column(Column::text("source", "来源"), |r| text(&*r.row.name)),
        column(Column::code("state", "状态", codes::source_state), |r| {
            // What was a file once may be something else now.
            let read = r.row.state.status();
            r.ignored
                .map_or(read, |_| SourceStatus::Ignored)
                .name()
                .into()
        }),
        column(count("position", "位置（行或偏移）"), |r| {
            int(r.row.next_position)
        }),
        column(count("applied", "采用"), |r| int(r.row.applied)),
        column(count("duplicate", "重复"), |r| int(r.row.duplicate)),
        column(count("conflict", "冲突").if_room(), |r| {
            int(r.row.conflict)
        }),
        column(count("rejected", "拒收"), |r| int(r.row.rejected)),
        column(count("gaps", "空缺").if_room(), |r| int(r.row.gaps)),
        column(count("lag", "积压（字节或条）"), |r| int(r.row.lag)),
        column(count("unknown_reason", "原因不明").if_room(), |r| {
            int(r.row.unknown_reason)
        }),
        column(
            count("replaced_characters", "替换字符").if_room(),
            |r| int(r.row.replaced_characters),
        ),
        column(at("complete_until", "已读至").if_room(), |r| {
            r.row.complete_until.into()
        }),
        column(
            Column::text("reason", "原因或错误原文"),
            |r| match r.ignored {
                Some(why) => text(because(r.reader.unwrap_or(Locale::En), why)),
                None => some(r.row.state.pause(), |pause| {
                    text(r.reader.map_or_else(
                        || pause.reason.clone(),
                        |locale| pauses::in_a_line(locale, pause),
                    ))
                }),
            },
        ),
        column(count("epoch", "任期").detail(), |r| int(r.row.epoch)),
    ];
}

/// `sources list`
#[must_use]
pub(crate) fn sources(
    sources: &[SourceRow],
    ignored: &[IgnoredEntry],
    instants: Instants,
) -> Listing<'static> {
    let reader = instants.reader();
    let mut rows: BTreeMap<&str, ListedSource<'_>> = ignored
        .iter()
        .map(|one| {
            let row = SourceRow {
                name: one.name.clone(),
                ..SourceRow::default()
            };
            let ignored = Some(&one.reason);
            (
                &*one.name,
                ListedSource {
                    row,
                    ignored,
                    reader,
                },
            )
        })
        .collect();
    for source in sources {
        let shown = rows.entry(&source.name).or_insert(ListedSource {
            row: SourceRow::default(),
            ignored: None,
            reader,
        });
        shown.row = as_asked(source);
    }
    listing(ListedSource::COLUMNS, rows.into_values(), instants)
}

/// A file that is to be read again is counted again, from the request on.
fn as_asked(row: &SourceRow) -> SourceRow {
    match row
        .file
        .filter(|marks| marks.accept_asked > marks.accept_done)
    {
        Some(_) => SourceRow {
            name: row.name.clone(),
            epoch: row.epoch,
            ..SourceRow::default()
        },
        None => row.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::pause::{Pause, PauseCause};
    use crate::domain::source_state::SourceState;
    use crate::domain::zone::Zone;
    use crate::report::Cell;

    #[test]
    fn people_read_in_their_language_why_input_is_paused_and_programs_what_was_reported() {
        let said = "E_FILE_REPLACED: a.jsonl has changed; hint: accept it";
        let row = SourceRow {
            name: "a.jsonl".to_owned(),
            state: SourceState::Paused(Pause {
                cause: PauseCause::FileReplaced,
                reason: said.to_owned(),
            }),
            ..SourceRow::default()
        };
        let reason = |instants| {
            let list = sources(std::slice::from_ref(&row), &[], instants);
            let at = list.columns().iter().position(|one| one.name == "reason");
            match &list.rows()[0][at.expect("a column")] {
                Cell::Text(reason) => reason.to_string(),
                cell => panic!("{cell:?}"),
            }
        };
        let zone = Zone::parse("Asia/Shanghai").expect("a zone");
        let [zh, en] = Locale::ALL.map(|locale| reason(Instants::Local(zone, locale)));
        assert!(
            zh.starts_with("文件中已读过的部分") && zh.ends_with(&format!("错误原文：{said}")),
            "{zh}"
        );
        assert!(
            en.starts_with("what was read of a file has changed") && en.ends_with(said),
            "{en}"
        );
        assert_eq!(reason(Instants::Utc), said);
    }
}

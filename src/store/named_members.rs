//! Members whom alerts named.

use super::damage::named;
use super::value::{Row, get, params};
use super::{StoreError, Tx};
use crate::domain::alert::AlertId;
use crate::domain::ids::{GroupId, IdError, ManagerId, SubscriberId};
use crate::domain::local_day::Timestamp;
use crate::domain::named_member::NamedMember;

impl Tx<'_> {
    /// Saves a member whom an alert named, if that is not there.
    pub fn insert_named_member(&self, one: &NamedMember) -> Result<(), StoreError> {
        let params = params![
            one.alert_id.as_str(),
            one.subscriber_id.as_str(),
            one.group_id.as_str(),
            one.manager_id.as_ref().map(ManagerId::as_str),
            one.ends_at.micros(),
            one.kept.map(i32::from)
        ];
        self.execute(
            "save a named member",
            include_str!("sql/insert_named_member.sql"),
            params,
        )
        .map(drop)
    }

    /// The named members whose 30 days end in an interval, its end left out.
    pub fn named_members(
        &self,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<NamedMember>, StoreError> {
        let params = params![from.micros(), until.micros()];
        self.rows(
            "list named members",
            include_str!("sql/list_named_members.sql"),
            params,
            read_named_member,
        )
    }

    /// The named members whose 30 days end before an instant, and of whom it is not settled whether
    /// they were kept.
    pub fn unsettled_named_members(
        &self,
        before: Timestamp,
    ) -> Result<Vec<NamedMember>, StoreError> {
        let params = params![before.micros()];
        self.rows(
            "list unsettled named members",
            include_str!("sql/list_unsettled_named_members.sql"),
            params,
            read_named_member,
        )
    }

    /// Settles whether named members were kept.
    pub fn settle_named_members(&self, all: &[(NamedMember, bool)]) -> Result<(), StoreError> {
        let all = all.iter().map(|(one, kept)| {
            params![
                i32::from(*kept),
                one.alert_id.as_str(),
                one.subscriber_id.as_str()
            ]
            .to_vec()
        });
        self.execute_all(
            "settle who was kept",
            include_str!("sql/settle_named_member.sql"),
            all,
        )
    }
}

fn read_named_member(row: &Row<'_>) -> Result<NamedMember, StoreError> {
    named(row, read_columns)
}

fn read_columns(row: &Row<'_>) -> Result<NamedMember, StoreError> {
    let id = |at| get::<String>(row, at);
    let damaged = |error: IdError| StoreError::Damaged {
        what: "a named member",
        detail: error.to_string(),
    };
    Ok(NamedMember {
        alert_id: AlertId::new(id(0)?),
        subscriber_id: SubscriberId::parse(&id(1)?).map_err(damaged)?,
        group_id: GroupId::parse(&id(2)?).map_err(damaged)?,
        manager_id: get::<Option<String>>(row, 3)?
            .map(|id| ManagerId::parse(&id))
            .transpose()
            .map_err(damaged)?,
        ends_at: Timestamp::from_micros(get(row, 4)?),
        kept: get::<Option<i64>>(row, 5)?.map(|kept| kept != 0),
    })
}

//! The spelling of each field type in JSON.
//!
//! It may not know which event has which field. Invariant: a value has one spelling only, where the
//! contract has one.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::fields::{FromField, Raw};
use super::{number, rfc3339};
use crate::domain::event::{
    Channel, ComplaintSeverity, ComplaintState, Effect, Every, Intent, KeyDateKind,
    MemberChangeKind, Population, PortStage, Role, Status, StopReason, Tier, VisitMode,
};
use crate::domain::ids::{
    BillId, ComplaintId, ContactId, GroupId, KeyDateId, ManagerId, PaymentId, ProjectId,
    SubscriberId, SurveyId, UnitId,
};
use crate::domain::local_day::Month;
use crate::domain::money::Fen;
use crate::domain::names::names;
use crate::domain::short_text::ShortText;

macro_rules! closed_lists {
    ($($list:ident)*) => {$(
        impl FromField<'_> for $list {
            const EXPECTED: &'static str = $list::ONE_OF;

            fn from_field(raw: Raw<'_>) -> Option<Self> {
                $list::parse(&raw.text()?)
            }
        }
    )*};
}

closed_lists! {
    PortStage MemberChangeKind Role Population ComplaintState ComplaintSeverity Channel Intent Effect Tier
    VisitMode KeyDateKind Every KeyDateCalendar StopReason
}

names! {
    /// The calendar of a key date.
    pub(super) enum KeyDateCalendar {
        Solar = "solar",
        Lunar = "lunar",
    }
}

macro_rules! ids {
    ($($id:ident)*) => {$(
        impl FromField<'_> for $id {
            const EXPECTED: &'static str = "a text of 1 to 64 characters without control characters, and without blanks at either end";

            fn from_field(raw: Raw<'_>) -> Option<Self> {
                $id::parse(&raw.text()?).ok()
            }
        }
    )*};
}

ids! { SubscriberId GroupId UnitId ManagerId BillId PaymentId ComplaintId SurveyId ContactId ProjectId KeyDateId }

impl FromField<'_> for Status {
    const EXPECTED: &'static str = "a canonical status, e.g. active or suspended_one_way";

    fn from_field(raw: Raw<'_>) -> Option<Self> {
        Self::parse(&raw.text()?)
    }
}

impl<'a> FromField<'a> for Cow<'a, str> {
    const EXPECTED: &'static str = "a text";

    fn from_field(raw: Raw<'a>) -> Option<Self> {
        raw.text()
    }
}

impl FromField<'_> for ShortText {
    const EXPECTED: &'static str = "a text";

    fn from_field(raw: Raw<'_>) -> Option<Self> {
        raw.text().map(Into::into)
    }
}

impl FromField<'_> for bool {
    const EXPECTED: &'static str = "true or false";

    fn from_field(raw: Raw<'_>) -> Option<Self> {
        match raw.0 {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }
}

impl FromField<'_> for Fen {
    const EXPECTED: &'static str = "an integer number of fen between -10^13 and 10^13";

    fn from_field(raw: Raw<'_>) -> Option<Self> {
        Self::parse(number::integer(raw.0)?)
    }
}

impl FromField<'_> for u64 {
    const EXPECTED: &'static str = "an integer of 0 or more";

    fn from_field(raw: Raw<'_>) -> Option<Self> {
        number::integer(raw.0)?.try_into().ok()
    }
}

impl FromField<'_> for NaiveDate {
    const EXPECTED: &'static str = "a date YYYY-MM-DD of the years 1900 to 2099";

    fn from_field(raw: Raw<'_>) -> Option<Self> {
        rfc3339::date(&raw.text()?)
    }
}

impl FromField<'_> for Month {
    const EXPECTED: &'static str = "a month YYYY-MM of the years 2000 to 2099";

    fn from_field(raw: Raw<'_>) -> Option<Self> {
        Self::parse(&raw.text()?)
    }
}

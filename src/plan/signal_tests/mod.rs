//! Every signal, from the events that call for it: raised, not raised just below, undone, and the
//! same in any order.

mod city;
mod complaints;
mod events;
mod figures;
mod lapsing;
mod large_sums;
mod order;
mod subscribers;
mod units;

pub(in crate::plan) use self::city::rules;
use self::city::{TestCity, at, zone};
use self::events::{bill_of, complaint, pay, subscriber};

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDateTime, TimeDelta};

use super::*;
use crate::domain::alert::{Alert, AlertId, AlertState};
use crate::domain::complaints::ComplaintCounts;
use crate::domain::counters::{SeriesByGroup, add_to_group};
use crate::domain::entity::Entity;
use crate::domain::event::{
    Bill, Complaint, ComplaintSeverity, ComplaintState, Event, EventData, Group, MemberChangeKind,
    Membership, Order, Payment, Population, PortOut, PortStage, Role, Scale, Status, StopReason,
    SubscriberStatus, Survey, Tier, VisitMode,
};
use crate::domain::feed::Feeds;
use crate::domain::ids::{BillId, ManagerId, PaymentId, SubscriberId, SurveyId};
use crate::domain::limit_micro::LimitMicro;
use crate::domain::local_day::Month;
use crate::domain::money::Fen;
use crate::domain::rate_base::RateBase;
use crate::domain::reference::Reference;
use crate::domain::silence::Silence;
use crate::domain::zone::Zone;
use crate::evaluate::alerts::{ExistingAlerts, raise};
use crate::evaluate::rules::{LimitSet, Rules, SignalRules};
use crate::evaluate::signals::left_company;
use crate::plan::lapsing::{lapsed, passed_by};
use crate::plan::whole::wanted_by_figures;
use crate::plan::{
    ApplyRules, Arrival, Effects, Target, TouchedGroups, apply, apply_billed_subscriber,
    by_timeline,
};

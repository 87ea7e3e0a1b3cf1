//! A bill and its payments: the latest event of the bill's id counts, in the month that is its
//! period.
//!
//! A bill of period M counts on the row of day D of M by the events before the end of D; on the row
//! of M's last day by the events before 00:00 on the 11th of M+1. So each event falls into a slot:
//! a day of M. The unpaid amount counts, with all events so far, on the due day; the reader decides
//! how many days later it is overdue.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::billed_subscriber::BilledSubscriberKey;
use super::differences::{Differences, add_steps};
use crate::domain::counters::Counter;
use crate::domain::event::{Bill, Order, Payment};
use crate::domain::history::History;
use crate::domain::ids::{GroupId, PaymentId, SubscriberId};
use crate::domain::local_day::{LocalDay, Month, Timestamp};
use crate::domain::money::Fen;
use crate::domain::zone::Zone;

/// The bills of a period are known by this day of the next month.
const KNOWN_BY_DAY: i32 = 10;

/// The data of a bill event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BillChange {
    pub group_id: GroupId,
    /// The subscriber; none for the unified-pay account.
    pub subscriber_id: Option<SubscriberId>,
    pub period: Month,
    pub amount_fen: Fen,
    pub due_on: LocalDay,
}

/// All events of one bill and of its payments.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillTimeline {
    bills: History<BillChange>,
    payments: History<(PaymentId, Fen)>,
}

impl BillTimeline {
    pub(crate) fn put_bill(&mut self, order: Order, bill: Bill) {
        let Bill {
            group_id,
            subscriber_id,
            period,
            amount_fen,
            due_on,
            ..
        } = bill;
        self.bills.put_entry(
            order,
            BillChange {
                group_id,
                subscriber_id,
                period,
                amount_fen,
                due_on: LocalDay::from_date(due_on),
            },
        );
    }

    pub(crate) fn put_payment(&mut self, order: Order, payment: Payment) {
        self.payments
            .put_entry(order, (payment.payment_id, payment.amount_fen));
    }

    /// Removes an event; returns whether it existed.
    pub(crate) fn retract(&mut self, source: &str, id: &str) -> bool {
        self.bills.retract(source, id) || self.payments.retract(source, id)
    }

    /// Whether it is paid, its due day and period are before `day`, and it has no event at `t`,
    /// when that day begins, or later.
    #[must_use]
    pub(crate) fn is_over_before(&self, t: Timestamp, day: LocalDay) -> bool {
        let is_of_before = |bill: &BillChange| bill.due_on < day && bill.period.last_day() < day;
        let is_past = self.bills.is_before(t)
            && self.payments.is_before(t)
            && self.bills.latest().is_none_or(is_of_before);
        is_past && self.unpaid_fen().is_none()
    }

    /// The unpaid amount of the bill in fen, with all events so far: above 0, or none.
    #[must_use]
    pub(crate) fn unpaid_fen(&self) -> Option<i128> {
        let bill = self.bills.latest()?;
        // The latest event of a payment counts.
        let paid: BTreeMap<&PaymentId, Fen> = self
            .payments
            .entries()
            .iter()
            .map(|(_, (payment, fen))| (payment, *fen))
            .collect();
        let unpaid = i128::from(bill.amount_fen.get())
            - paid.values().map(|fen| i128::from(fen.get())).sum::<i128>();
        (unpaid > 0).then_some(unpaid)
    }

    /// Adds `sign` times the bill's fen to the counters, and passes each change of a billed
    /// subscriber to `subscribers`.
    pub(crate) fn contribute(
        &self,
        zone: Zone,
        sign: i64,
        out: &mut Differences,
        mut subscribers: impl FnMut(BilledSubscriberKey, LocalDay, i64),
    ) {
        let periods: BTreeSet<Month> = self
            .bills
            .entries()
            .iter()
            .map(|(_, bill)| bill.period)
            .collect();
        for period in periods {
            let steps = self.bills.entries().iter().map_while(|(order, bill)| {
                let slot = slot(zone, period, order.time)?;
                Some((slot, (bill.period == period).then_some(bill)))
            });
            add_steps(steps, |bill, day, n| {
                out.add(
                    &bill.group_id,
                    day,
                    Counter::BilledFen,
                    sign * n * bill.amount_fen.get(),
                );
                if let Some(subscriber_id) = &bill.subscriber_id {
                    let key = BilledSubscriberKey {
                        group_id: bill.group_id.clone(),
                        period,
                        subscriber_id: subscriber_id.clone(),
                    };
                    subscribers(key, day, sign * n);
                }
            });
        }
        if let (Some(bill), Some(unpaid_fen)) = (self.bills.latest(), self.unpaid_fen()) {
            let (bills, fen) = match bill.subscriber_id {
                None => (Counter::UnpaidUnified, Counter::UnpaidUnifiedFen),
                Some(_) => (Counter::UnpaidSubscribers, Counter::UnpaidSubscribersFen),
            };
            out.add(&bill.group_id, bill.due_on, bills, sign);
            out.add(
                &bill.group_id,
                bill.due_on,
                fen,
                i128::from(sign) * unpaid_fen,
            );
        }
    }
}

/// The first row of the period that includes an event of that instant; none if it is too late for
/// all.
fn slot(zone: Zone, period: Month, time: Timestamp) -> Option<LocalDay> {
    let day = zone.day_of(time);
    let (first, last) = (period.first_day(), period.last_day());
    (day <= last.plus(KNOWN_BY_DAY)).then(|| day.clamp(first, last))
}

#[cfg(test)]
#[path = "bill_tests.rs"]
mod tests;

//! Bills of the month before, payments, and stops for arrears that end when the bill is paid.
//!
//! Invariant: a period is billed whole or not at all: every member of its last day, and each
//! unified-pay account, once.

use super::city_state::CityState;
use super::roster::SubscriberNo;
use crate::domain::event::{Bill, EventData, Payment, Status, StopReason, Tier};
use crate::domain::ids::{BillId, PaymentId};
use crate::domain::local_day::{LocalDay, Month};
use crate::domain::money::Fen;

/// Bills are sent on these days of the next month.
const BILL_DAYS: (i32, i32) = (3, 6);
/// Bills are due on this day of the next month.
const DUE_DAY: i32 = 25;
/// Share of subscribers that are stopped for arrears and pay then.
const ARREARS: f64 = 0.015;
/// Share of subscribers that pay late, but before a stop.
const LATE: f64 = 0.04;

impl CityState {
    /// Sends the day's share of the bills.
    pub(super) fn bill(&mut self, day: LocalDay) {
        let month = day.month();
        let send = |nth: i32| {
            month
                .first_day()
                .plus(nth - 1)
                .clamp(self.days.first, self.days.last)
        };
        let begun = month.first_day().plus(BILL_DAYS.1 - 1) >= self.days.first
            && month.first_day().plus(BILL_DAYS.0 - 1) <= self.days.last;
        let turns: Vec<i32> = (BILL_DAYS.0..=BILL_DAYS.1)
            .filter(|nth| begun && send(*nth) == day)
            .collect();
        if turns.is_empty() {
            return;
        }
        let shares = BILL_DAYS.1 - BILL_DAYS.0 + 1;
        for group in 0..self.layout.sites.len() {
            if turns.contains(&(BILL_DAYS.0 + group as i32 % shares)) {
                self.bill_account(group, day);
            }
            for subscriber in self.roster.members(group).to_vec() {
                let is_billed = self.roster.subscriber(subscriber).since < month.first_day();
                if is_billed && turns.contains(&(BILL_DAYS.0 + subscriber as i32 % shares)) {
                    self.bill_subscriber(group, subscriber, day);
                }
            }
        }
    }

    /// The unified-pay account (统付) of a valuable group.
    fn bill_account(&mut self, group: usize, day: LocalDay) {
        let site = &self.layout.sites[group];
        if site.group.tier > Tier::B {
            return;
        }
        let fen = site.size as i64 * 1_200 + i64::from(self.rng.between(-200, 200)) * 100;
        let (bill_id, due) = self.say_bill(group, None, fen.max(10_000), day);
        let paid = due.plus(self.rng.between(-12, 2));
        self.say_payment(bill_id, fen.max(10_000), paid.max(day.plus(1)));
    }

    fn bill_subscriber(&mut self, group: usize, subscriber: SubscriberNo, day: LocalDay) {
        let fee = self.roster.subscriber(subscriber).fee_fen;
        let fen = fee + i64::from(self.rng.between(-8, 12)) * fee / 200;
        let (bill_id, due) = self.say_bill(group, Some(subscriber), fen, day);
        let plain =
            self.roster.subscriber(subscriber).is_plain() && !self.guard.spared[group].subscribers;
        let paid = match self.rng.unit() {
            u if u < ARREARS && plain && self.roster.subscriber(subscriber).events_until < day => {
                self.stop_for_arrears(subscriber, due)
            }
            u if u < ARREARS + LATE => due.plus(self.rng.between(1, 5)),
            _ => day.plus(self.rng.between(1, 18)),
        };
        self.say_payment(bill_id, fen, paid);
    }

    /// Stops the subscriber after the due day; returns the day on which it pays and is restored.
    fn stop_for_arrears(&mut self, subscriber: SubscriberNo, due: LocalDay) -> LocalDay {
        let stop = due.plus(self.rng.between(6, 9));
        let mut back = stop.plus(self.rng.between(1, 2));
        let time = self.days.within(stop, 6, 8, &mut self.rng);
        self.say_status(
            time,
            subscriber,
            Status::SuspendedOneWay,
            Some(StopReason::Arrears),
        );
        if self.rng.chance(0.4) {
            let time = self.days.within(stop.plus(3), 6, 8, &mut self.rng);
            self.say_status(
                time,
                subscriber,
                Status::Suspended,
                Some(StopReason::Arrears),
            );
            back = stop.plus(self.rng.between(4, 8));
        }
        let time = self.days.within(back, 19, 21, &mut self.rng);
        self.say_status(time, subscriber, Status::Active, None);
        self.roster.occupy_until(subscriber, back);
        back
    }

    fn say_bill(
        &mut self,
        group: usize,
        subscriber: Option<SubscriberNo>,
        fen: i64,
        day: LocalDay,
    ) -> (BillId, LocalDay) {
        let (month, group_id) = (day.month(), self.group_id(group));
        let subscriber_id =
            subscriber.map(|subscriber| self.roster.subscriber(subscriber).id.clone());
        let payer = subscriber_id
            .as_ref()
            .map_or(group_id.as_str(), |id| id.as_str());
        let bill_id = bill_id(month.plus(-1), payer);
        let due = month.first_day().plus(DUE_DAY - 1);
        let time = self.days.within(day, 1, 6, &mut self.rng);
        let amount_fen = Fen::parse(fen).expect("a bill of a city is in range");
        let payload = Bill {
            bill_id: bill_id.clone(),
            group_id,
            subscriber_id,
            period: month.plus(-1),
            amount_fen,
            due_on: due.date(),
        };
        self.log.say(time, EventData::Bill(payload));
        (bill_id, due)
    }

    fn say_payment(&mut self, bill_id: BillId, fen: i64, day: LocalDay) {
        let time = self.days.within(day, 8, 19, &mut self.rng);
        let payment_id = PaymentId::parse(&format!("P{:08}", self.next_serial()))
            .expect("a short text is an id");
        let amount_fen = Fen::parse(fen).expect("a bill of a city is in range");
        self.log.say(
            time,
            EventData::Payment(Payment {
                payment_id,
                bill_id,
                amount_fen,
            }),
        );
    }
}

fn bill_id(period: Month, payer: &str) -> BillId {
    BillId::parse(&format!("B{}-{payer}", period.to_string().replace('-', "")))
        .expect("a short text is an id")
}

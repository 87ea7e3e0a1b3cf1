//! The unpaid amount of a bill: partial, excess, reversed, late and retracted payments.

use proptest::prelude::*;

use super::*;
use crate::domain::ids::BillId;

fn order(n: i64) -> Order {
    Order {
        time: Timestamp::from_micros(n),
        id: n.to_string().into(),
        source: "/boss".into(),
    }
}

fn id() -> BillId {
    BillId::parse("B1").expect("id")
}

fn fen(n: i64) -> Fen {
    Fen::parse(n).expect("an amount")
}

fn bill(amount: i64) -> Bill {
    Bill {
        bill_id: id(),
        group_id: GroupId::parse("G1").expect("id"),
        subscriber_id: None,
        period: Month::from_year_month(2026, 7),
        amount_fen: fen(amount),
        due_on: "2026-08-25".parse().expect("a date"),
    }
}

fn payment(name: &str, amount: i64) -> Payment {
    Payment {
        payment_id: PaymentId::parse(name).expect("id"),
        bill_id: id(),
        amount_fen: fen(amount),
    }
}

/// A bill with payments in their order.
fn unpaid(amount: i64, payments: &[(&str, i64)]) -> Option<i128> {
    let mut timeline = BillTimeline::default();
    timeline.put_bill(order(0), bill(amount));
    (1..)
        .zip(payments)
        .for_each(|(at, (name, fen))| timeline.put_payment(order(at), payment(name, *fen)));
    timeline.unpaid_fen()
}

#[test]
fn a_bill_is_unpaid_by_what_the_latest_of_each_payment_leaves() {
    for (amount, payments, left) in [
        (1_000, &[][..], Some(1_000)),
        (1_000, &[("P1", 400)], Some(600)),
        (1_000, &[("P1", 400), ("P2", 600)], None),
        (1_000, &[("P1", 1_500)], None),
        (1_000, &[("P1", 1_000), ("P1", 400)], Some(600)),
        (1_000, &[("P1", 1_000), ("P2", -1)], Some(1)),
        (0, &[], None),
        (-500, &[], None),
        (-500, &[("P1", -800)], Some(300)),
    ] {
        assert_eq!(unpaid(amount, payments), left, "{amount} {payments:?}");
    }
}

#[test]
fn payments_without_their_bill_owe_nothing_and_count_once_it_comes() {
    let mut timeline = BillTimeline::default();
    timeline.put_payment(order(5), payment("P1", 400));
    assert_eq!(timeline.unpaid_fen(), None);
    timeline.put_bill(order(9), bill(1_000));
    assert_eq!(timeline.unpaid_fen(), Some(600));
    assert!(timeline.retract("/boss", "5"));
    assert_eq!(timeline.unpaid_fen(), Some(1_000));
    timeline.put_bill(order(10), bill(300));
    assert_eq!(timeline.unpaid_fen(), Some(300), "the latest bill holds");
}

#[test]
fn what_is_unpaid_counts_on_the_day_on_which_it_is_due_for_its_kind_of_account() {
    let zone = Zone::parse("Asia/Shanghai").expect("a zone");
    let due = LocalDay::from_date("2026-08-25".parse().expect("a date"));
    for (of_subscriber, counters) in [
        (None, [Counter::UnpaidUnified, Counter::UnpaidUnifiedFen]),
        (
            Some(SubscriberId::parse("13800000001").expect("id")),
            [Counter::UnpaidSubscribers, Counter::UnpaidSubscribersFen],
        ),
    ] {
        let mut timeline = BillTimeline::default();
        timeline.put_bill(
            order(0),
            Bill {
                subscriber_id: of_subscriber,
                ..bill(1_000)
            },
        );
        timeline.put_payment(order(1), payment("P1", 400));
        let mut differences = Differences::default();
        timeline.contribute(zone, 1, &mut differences, |_, _, _| {});
        let of_due = differences
            .into_sorted()
            .into_iter()
            .find(|(_, day, _)| *day == due)
            .map(|(.., counts)| counts);
        assert_eq!(
            of_due.map(|counts| counters.map(|counter| counts.get(counter))),
            Some([1, 600])
        );
    }
}

proptest! {
    #[test]
    fn what_is_unpaid_is_a_function_of_the_set_of_events(
        bills in proptest::collection::vec((0u8..4, -50i64..200), 1..12),
        order_of in proptest::collection::vec(any::<u16>(), 12),
        retracted in proptest::collection::vec(0i64..12, 0..4),
    ) {
        // By definition: the latest bill less the latest of each payment.
        let kept = || (0..).zip(&bills).filter(|(n, _)| !retracted.contains(n)).map(|(_, one)| *one);
        let amount = kept().filter(|(what, _)| *what == 0).last().map(|(_, fen)| fen);
        let paid: i64 = (1..4).filter_map(|name| kept().filter(|(what, _)| *what == name).last()).map(|(_, fen)| fen).sum();
        let expected = amount.map(|amount| amount - paid).filter(|left| *left > 0);

        let mut places: Vec<i64> = (0..bills.len() as i64).collect();
        places.sort_by_key(|place| order_of[*place as usize]);
        let mut timeline = BillTimeline::default();
        for place in places {
            match bills[place as usize] {
                (0, fen) => timeline.put_bill(order(place), bill(fen)),
                (name, fen) => timeline.put_payment(order(place), payment(&format!("P{name}"), fen)),
            }
        }
        for n in &retracted {
            timeline.retract("/boss", &n.to_string());
        }
        prop_assert_eq!(timeline.unpaid_fen(), expected.map(i128::from));
    }
}

//! What happens in the city of the tests, and events by few words.

use super::*;

impl TestCity {
    /// Subscribers `1380000` + number join a group long before.
    pub(super) fn members(&mut self, group: &str, numbers: std::ops::Range<u32>) {
        for n in numbers {
            self.join(group, n, Role::Member);
        }
    }

    pub(super) fn join(&mut self, group: &str, n: u32, role: Role) {
        self.membership("2026-01-01 00:00", group, n, MemberChangeKind::Joined, role);
    }

    pub(super) fn leave(&mut self, time: &str, group: &str, n: u32) {
        self.membership(time, group, n, MemberChangeKind::Left, Role::Member);
    }

    fn membership(
        &mut self,
        time: &str,
        group: &str,
        n: u32,
        change: MemberChangeKind,
        role: Role,
    ) {
        let (group_id, locked, population) =
            (GroupId::parse(group).expect("id"), false, Population::Group);
        self.append(
            time,
            EventData::Membership(Membership {
                subscriber_id: subscriber(n),
                group_id,
                change,
                role,
                locked,
                population,
            }),
        );
    }

    pub(super) fn status(
        &mut self,
        time: &str,
        n: u32,
        status: Status,
        reason: Option<StopReason>,
    ) -> String {
        self.append(
            time,
            EventData::SubscriberStatus(SubscriberStatus {
                subscriber_id: subscriber(n),
                status,
                code: None,
                reason,
            }),
        )
    }

    pub(super) fn port(&mut self, time: &str, n: u32, stage: PortStage) -> String {
        self.append(
            time,
            EventData::PortOut(PortOut {
                subscriber_id: subscriber(n),
                stage,
            }),
        )
    }

    pub(super) fn complain(
        &mut self,
        time: &str,
        id: &str,
        change: impl FnOnce(&mut Complaint),
    ) -> String {
        self.append(time, EventData::Complaint(complaint(id, change)))
    }

    pub(super) fn answer(
        &mut self,
        time: &str,
        id: &str,
        group: &str,
        score_thousandths: i64,
        scale: Scale,
    ) -> String {
        let (survey_id, group_id) = (
            SurveyId::parse(id).expect("id"),
            GroupId::parse(group).expect("id"),
        );
        self.append(
            time,
            EventData::Survey(Survey {
                survey_id,
                group_id,
                score_thousandths,
                scale,
            }),
        )
    }

    pub(super) fn bill(&mut self, time: &str, bill: Bill) -> String {
        self.append(time, EventData::Bill(bill))
    }

    pub(super) fn pay(&mut self, time: &str, payment: &str, bill: &str, fen: i64) -> String {
        self.append(time, EventData::Payment(pay(payment, bill, fen)))
    }
}

pub(super) fn subscriber(n: u32) -> SubscriberId {
    SubscriberId::parse(&format!("1380000{n:04}")).expect("id")
}

pub(super) fn complaint(id: &str, change: impl FnOnce(&mut Complaint)) -> Complaint {
    let mut complaint = Complaint {
        complaint_id: ComplaintId::parse(id).expect("id"),
        group_id: GroupId::parse("GB").expect("id"),
        subscriber_id: None,
        state: ComplaintState::Filed,
        category: None,
        severity: ComplaintSeverity::Normal,
    };
    change(&mut complaint);
    complaint
}

/// A bill of a group; of a subscriber, or of its unified-pay account.
pub(super) fn bill_of(
    id: &str,
    group: &str,
    of_subscriber: Option<u32>,
    period: &str,
    fen: i64,
    due_on: &str,
) -> Bill {
    Bill {
        bill_id: BillId::parse(id).expect("id"),
        group_id: GroupId::parse(group).expect("id"),
        subscriber_id: of_subscriber.map(subscriber),
        period: Month::parse(period).expect("a month"),
        amount_fen: Fen::parse(fen).expect("an amount"),
        due_on: due_on.parse().expect("a date"),
    }
}

pub(super) fn pay(payment: &str, bill: &str, fen: i64) -> Payment {
    let amount_fen = Fen::parse(fen).expect("an amount");
    Payment {
        payment_id: PaymentId::parse(payment).expect("id"),
        bill_id: BillId::parse(bill).expect("id"),
        amount_fen,
    }
}

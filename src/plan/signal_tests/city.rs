//! A city of a few group customers whose events are applied and judged without a store.

use super::*;

pub(super) fn zone() -> Zone {
    Zone::parse("Asia/Shanghai").expect("known zone")
}

/// A local time in Shanghai, `2026-08-03 10:00`.
pub(super) fn at(text: &str) -> Timestamp {
    zone().at(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a local time"))
}

pub(in crate::plan) fn rules() -> Rules {
    let limits = LimitSet {
        churn_rate: LimitMicro::from_micros(30_000),
        member_loss_rate: LimitMicro::from_micros(30_000),
        complaint_rate_10k: LimitMicro::from_micros(40_000_000),
        satisfaction: LimitMicro::from_micros(80_000_000),
    };
    Rules {
        company_name: String::new(),
        zone: zone(),
        limits,
        tier_limits: BTreeMap::new(),
        unit_limits: BTreeMap::new(),
        base: RateBase::Opening,
        alpha: 0.01,
        min_answers: 5,
        clear_after: 1,
        signals: SignalRules::default(),
        required_feeds: Vec::new(),
        feed_grace: TimeDelta::hours(2),
    }
}

/// A read model and every alert there was: a worker without a store.
pub(super) struct TestCity {
    pub(super) rules: Rules,
    pub(super) reference: Reference,
    pub(super) feeds: Feeds,
    pub(super) series: SeriesByGroup,
    pub(super) complaints: ComplaintCounts,
    pub(super) timelines: BTreeMap<EntityKey, Entity>,
    pub(super) went_to: BTreeMap<String, EntityKey>,
    pub(super) checks: BTreeMap<EntityKey, Timestamp>,
    pub(super) alerts: Vec<Alert>,
}

impl TestCity {
    /// Groups `GA`, `GB`, `GC` and `GD` of these tiers, and `GU`, of whom nothing is known.
    pub(super) fn new() -> Self {
        let mut city = Self {
            rules: rules(),
            reference: Reference::default(),
            feeds: Feeds::default(),
            series: SeriesByGroup::default(),
            complaints: ComplaintCounts::default(),
            timelines: BTreeMap::new(),
            went_to: BTreeMap::new(),
            checks: BTreeMap::new(),
            alerts: Vec::new(),
        };
        for (id, tier) in [
            ("GA", Tier::A),
            ("GB", Tier::B),
            ("GC", Tier::C),
            ("GD", Tier::D),
        ] {
            city.group(id, |group| group.tier = tier);
        }
        city
    }

    pub(super) fn group(&mut self, id: &str, change: impl FnOnce(&mut Group)) {
        let mut group = Group {
            group_id: GroupId::parse(id).expect("id"),
            name: id.into(),
            unit_id: UnitId::parse("U1").expect("id"),
            manager_id: ManagerId::parse("M1").expect("id"),
            tier: Tier::C,
            industry: None,
            parent_group_id: None,
            visit_mode: VisitMode::Visit,
            closed: false,
        };
        change(&mut group);
        self.append("2026-01-01 00:00", EventData::Group(group));
    }

    /// Applies an event; returns its id.
    pub(super) fn append(&mut self, time: &str, data: EventData) -> String {
        let id = format!("E{}", self.went_to.len());
        self.put_event(Event {
            order: Order {
                time: at(time),
                id: id.as_str().into(),
                source: "/boss".into(),
            },
            data,
        });
        id
    }

    pub(super) fn put_event(&mut self, event: Event) {
        let arrival = Arrival::new(event, zone());
        self.went_to
            .insert(arrival.event.order.id.to_string(), arrival.goes_to.clone());
        match arrival.goes_to {
            EntityKey::Reference => self.reference.put_event(*arrival.event),
            key => self.apply(vec![(key, arrival.event)], Vec::new()),
        }
    }

    pub(super) fn retract(&mut self, id: &str) {
        match self.went_to[id].clone() {
            EntityKey::Reference => self.reference.retract_all(&BTreeSet::from([("/boss", id)])),
            key => self.apply(
                Vec::new(),
                vec![(
                    key,
                    Target {
                        source: "/boss".into(),
                        id: id.into(),
                    },
                )],
            ),
        }
    }

    pub(super) fn apply(
        &mut self,
        accepted: Vec<(EntityKey, Box<Event>)>,
        retracted: Vec<(EntityKey, Target)>,
    ) {
        let rules = ApplyRules {
            hints_since: Timestamp::MIN,
            ..ApplyRules::new(&self.rules, (None, true), Timestamp::from_micros(0))
        };
        let mut effects = Effects::default();
        for (key, changes) in by_timeline(accepted, retracted) {
            let timeline = self
                .timelines
                .entry(key.clone())
                .or_insert_with(|| Entity::empty(&key).expect("it has a timeline"));
            apply(timeline, &key, changes, rules, &mut effects);
        }
        for (key, days) in std::mem::take(&mut effects.billed_subscribers) {
            let key = EntityKey::BilledSubscriber(Box::new(key));
            let timeline = self
                .timelines
                .entry(key.clone())
                .or_insert_with(|| Entity::empty(&key).expect("it has a timeline"));
            apply_billed_subscriber(timeline, &key, days, &mut effects.differences);
        }
        for (group, day, counts) in effects.differences.into_sorted() {
            add_to_group(&mut self.series, &group, day, &counts);
        }
        effects
            .complaints
            .into_iter()
            .for_each(|(of, n)| self.complaints.add(of, n));
        self.checks.extend(effects.signal_checks);
    }

    pub(super) fn inputs(&self) -> FigureInputs<'_> {
        FigureInputs {
            reference: &self.reference,
            feeds: &self.feeds,
            series: &self.series,
            complaints: &self.complaints,
            rules: &self.rules,
        }
    }

    /// Evaluates the signals; returns what fires then: kind, scope and subject.
    pub(super) fn evaluate(&mut self, now: &str) -> Vec<String> {
        let now = at(now);
        let due: Vec<EntityKey> = self
            .checks
            .iter()
            .filter(|(_, at)| **at <= now)
            .map(|(key, _)| key.clone())
            .collect();
        let mut subjects = JudgedSubjects::default();
        for key in due {
            self.checks.remove(&key);
            subjects.put_timeline(key.clone(), self.timelines.get(&key));
        }
        let inputs = self.inputs();
        let signals = SignalEvaluation::new(inputs, &subjects, now, now);
        let open: Vec<Alert> = self
            .alerts
            .iter()
            .filter(|alert| alert.state.is_open())
            .cloned()
            .collect();
        let by_series = wanted_by_figures(inputs, None, (now, now));
        let all = TouchedGroups {
            all: true,
            ..TouchedGroups::default()
        };
        let (ended, wanted, again) = (
            signals.ended(open.iter(), &all),
            signals.wanted(by_series, &self.leavers()),
            signals.judged_again(),
        );
        self.checks.extend(again);
        self.keep(ended);
        for one in wanted {
            let changes = raise(
                vec![one],
                &ExistingAlerts {
                    alerts: &self.alerts,
                    with_open_task: &BTreeSet::new(),
                },
                now,
            );
            self.keep(changes);
        }
        self.firing()
    }

    /// Evaluates the signals where no task answers any alert but `answered`, with silences; returns
    /// what fires then.
    pub(super) fn evaluate_unanswered(
        &mut self,
        now: &str,
        answered: Option<Signal>,
        silences: &[Silence],
    ) -> Vec<String> {
        self.evaluate(now);
        let now = at(now);
        let inputs = self.inputs();
        let open: BTreeMap<AlertId, Alert> = self
            .alerts
            .iter()
            .filter(|alert| alert.state.is_open())
            .map(|alert| (alert.alert_id(), alert.clone()))
            .collect();
        let is_answered = |id: &AlertId| {
            answered.is_some_and(|signal| open[id].key.kind == AlertKind::Signal(signal))
        };
        let passed = passed_by(inputs, open.iter(), is_answered, zone().day_of(now));
        let lapsed = lapsed(inputs, passed, silences, now);
        self.keep(lapsed);
        self.firing()
    }

    /// Everybody who has left, by his timeline.
    pub(super) fn leavers(&self) -> Leavers {
        let mut leavers = Leavers::new();
        for (key, timeline) in &self.timelines {
            let (EntityKey::Subscriber(subscriber), Entity::Subscriber(timeline)) = (key, timeline)
            else {
                continue;
            };
            let facts: Vec<SubscriberFact> = timeline.walk().facts().collect();
            if let Some((group, day)) = left_company(&facts, zone()) {
                leavers
                    .entry(group)
                    .or_default()
                    .push((day, subscriber.clone()));
            }
        }
        leavers
    }

    pub(super) fn keep(&mut self, changes: Vec<AlertChange>) {
        for change in changes {
            let alert = change.alert().clone();
            self.alerts.retain(|known| known.key != alert.key);
            self.alerts.push(alert);
        }
    }

    /// What fires: kind, scope and subject.
    pub(super) fn firing(&self) -> Vec<String> {
        let firing = self
            .alerts
            .iter()
            .filter(|alert| alert.state == AlertState::Firing);
        let mut firing: Vec<String> = firing
            .map(|alert| {
                format!(
                    "{} {} {}",
                    alert.key.kind.name(),
                    alert.key.scope.id(),
                    alert.key.subject
                )
                .trim_end()
                .to_owned()
            })
            .collect();
        firing.sort();
        firing
    }

    /// The last alert of a kind.
    pub(super) fn last(&self, kind: Signal) -> &Alert {
        self.alerts
            .iter()
            .rev()
            .find(|alert| alert.key.kind == AlertKind::Signal(kind))
            .expect("an alert of that kind")
    }

    pub(super) fn because(&self, kind: Signal) -> Option<ResolvedBecause> {
        self.last(kind).resolved_because
    }
}

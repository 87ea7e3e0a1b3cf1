//! The counters, and how the days of each add up.

/// How a counter's days add up to the figure of a day D.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// The sum of all days up to D: a series that continues through the months.
    Running,
    /// The sum of the days of D's month up to D: a series that restarts each month.
    Month,
    /// The value of D alone.
    Day,
}

macro_rules! counters {
    ($($(#[$doc:meta])* $name:ident = $span:ident;)*) => {
        /// One additive counter of a group and day.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Counter { $($(#[$doc])* $name,)* }

        impl Counter {
            /// Every counter, in the order in which they are stored.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// How its days add up.
            #[must_use]
            pub const fn span(self) -> Span {
                match self { $(Self::$name => Span::$span,)* }
            }

            /// Whether it counts open bills, on their due day: it is kept for as long as they are
            /// open.
            #[must_use]
            pub const fn is_open(self) -> bool {
                matches!(self, Self::UnpaidUnified | Self::UnpaidUnifiedFen | Self::UnpaidSubscribers | Self::UnpaidSubscribersFen)
            }

            /// Whether reports show it; the others are for signals only, and come last.
            #[must_use]
            pub const fn is_shown(self) -> bool {
                (self as u8) < Self::LeftCompany as u8
            }
        }
    };
}

counters! {
    Members = Running;
    /// Members with a suspended status, as changes.
    Suspended = Running;
    /// Complaints whose latest state is `filed`, as changes.
    OpenComplaints = Running;
    /// Of the members at the month's start, those with the status `invalid`.
    OpeningInvalid = Month;
    /// Members that are not in the opening base.
    Joined = Month;
    /// In the opening base and no longer members.
    Lost = Month;
    /// In the opening base and cancelled by the customer.
    ChurnedVoluntary = Month;
    /// In the opening base and cancelled by the operator.
    ChurnedInvoluntary = Month;
    /// In the opening base and ported out.
    PortedOut = Month;
    /// Complaints first filed in the month and not withdrawn.
    Complaints = Month;
    /// Answers first given in the month.
    SurveyAnswers = Month;
    /// Sum of their scores on the 100 scale, in thousandths.
    SurveyScoreThousandths = Month;
    /// Subscribers that joined a group for the first time.
    Developed = Month;
    /// Subscribers with a bill whose period is the month.
    Billed = Month;
    /// The bills whose period is the month, in fen.
    BilledFen = Month;
    /// Members suspended at the day's end and not at its start.
    NewlySuspended = Day;
    /// Members who left the company on the day and have not come back so far: for signals only.
    LeftCompany = Day;
    /// Of them, those with a churned status; the others only left their group customer.
    LeftChurned = Day;
    /// Unified-pay bills that are not fully paid so far, by their due day: for signals only.
    UnpaidUnified = Day;
    /// Their unpaid amount in fen.
    UnpaidUnifiedFen = Day;
    /// Bills of members that are not fully paid so far, likewise.
    UnpaidSubscribers = Day;
    /// Their unpaid amount in fen.
    UnpaidSubscribersFen = Day;
}

/// How many counters there are.
pub(crate) const COUNTERS: usize = Counter::ALL.len();

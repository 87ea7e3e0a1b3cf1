//! The seven statutory festivals (法定节日), which every manager plans a month ahead.
//!
//! It may not know when they fall: `follow_up::holidays` computes that.

use super::names::names;

names! {
    pub enum Festival {
        /// 元旦, 1 January.
        NewYear = "new_year",
        /// 春节, the first day of the lunar year.
        Spring = "spring_festival",
        /// 清明节, the solar term.
        Qingming = "qingming",
        /// 劳动节, 1 May.
        LabourDay = "labour_day",
        /// 端午节, lunar 5-5.
        DragonBoat = "dragon_boat",
        /// 中秋节, lunar 8-15.
        MidAutumn = "mid_autumn",
        /// 国庆节, 1 October.
        NationalDay = "national_day",
    }
}

impl Festival {
    /// Its name in the State Council's notices, and so in the calendar files.
    #[must_use]
    pub(crate) const fn official_name(self) -> &'static str {
        match self {
            Self::NewYear => "元旦",
            Self::Spring => "春节",
            Self::Qingming => "清明节",
            Self::LabourDay => "劳动节",
            Self::DragonBoat => "端午节",
            Self::MidAutumn => "中秋节",
            Self::NationalDay => "国庆节",
        }
    }

    /// Whether the manual names it as a main festival (重点节日).
    #[must_use]
    pub(crate) const fn is_first_of_all(self) -> bool {
        matches!(
            self,
            Self::Spring | Self::MidAutumn | Self::LabourDay | Self::NationalDay
        )
    }
}

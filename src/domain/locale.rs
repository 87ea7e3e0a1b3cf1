//! The two languages that people read.

use super::names::names;

names! {
    /// A language; every text exists in both, which the compiler sees to.
    #[derive(Default)]
    pub enum Locale {
        #[default]
        ZhCn = "zh-CN",
        En = "en",
    }
}

impl Locale {
    /// The text of this language.
    #[must_use]
    pub const fn pick(self, zh: &'static str, en: &'static str) -> &'static str {
        match self {
            Self::ZhCn => zh,
            Self::En => en,
        }
    }
}

//! The two languages of texts.

use super::names::names;

names! {
    /// A language; the compiler ensures that every text exists in both.
    #[derive(Default)]
    pub enum Locale {
        #[default]
        ZhCn = "zh-CN",
        En = "en",
    }
}

impl Locale {
    /// The text in this language.
    #[must_use]
    pub(crate) const fn pick(self, zh: &'static str, en: &'static str) -> &'static str {
        match self {
            Self::ZhCn => zh,
            Self::En => en,
        }
    }
}

//! Closed lists of named values: for configuration, events, listings, JSON and the store.
//!
//! Not strum: its names would follow the variants, so that renaming a variant would rename stored
//! data, or would have to be given twice, for strum and for serde; and its lists are no arrays.
//! Invariant: a name is written once, as it was shipped; the order of a list is the numbering in
//! the store.

macro_rules! names {
    ($($(#[$list_meta:meta])* $vis:vis enum $list:ident {
        $($(#[$meta:meta])* $variant:ident = $name:literal,)+
    })+) => {$(
        $(#[$list_meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize,
        )]
        $vis enum $list {
            $($(#[$meta])* #[serde(rename = $name)] $variant,)+
        }

        impl $list {
            $vis const ALL: [Self; [$($name),+].len()] = [$(Self::$variant),+];

            /// The allowed names, for messages: `one of a, b, c`.
            $vis const ONE_OF: &'static str =
                concat!("one of ", $crate::domain::names::names!(@listed $($name)+));

            #[must_use]
            $vis const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// Parses [`Self::name`].
            #[must_use]
            $vis fn parse(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }
        }

        // Uses every item, since a private list may use only some.
        const _: (&[$list], &str, fn($list) -> &'static str, fn(&str) -> Option<$list>) =
            (&$list::ALL, $list::ONE_OF, $list::name, $list::parse);
    )+};
    (@listed $first:literal $($other:literal)*) => { concat!($first $(, ", ", $other)*) };
}

pub(crate) use names;

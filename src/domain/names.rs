//! Closed lists whose values have names: in configuration, events, listings, JSON and the store.
//!
//! Not strum: there a name would follow the variant's and stand twice, for it and for serde, so that
//! renaming a variant would rename what is stored; and its lists are no arrays. Invariant: a name
//! stands once, as it was shipped; the order of a list is the one in which the store numbers it.

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
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$variant),+];

            /// What is expected, for people: `one of a, b, c`.
            pub const ONE_OF: &'static str =
                concat!("one of ", $crate::domain::names::names!(@listed $($name)+));

            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// From [`Self::name`].
            #[must_use]
            pub fn parse(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }
        }

        // A list has them all, if nobody asks a private one for some.
        const _: (&[$list], &str, fn($list) -> &'static str, fn(&str) -> Option<$list>) =
            (&$list::ALL, $list::ONE_OF, $list::name, $list::parse);
    )+};
    (@listed $first:literal $($other:literal)*) => { concat!($first $(, ", ", $other)*) };
}

pub(crate) use names;

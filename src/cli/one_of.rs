//! An argument that is one of a closed list, by name.
//!
//! Invariant: the names that help shows are those that are taken.

/// A value of a closed list, by its name.
macro_rules! one_of {
    ($list:ty) => {
        clap::builder::TypedValueParser::map(
            clap::builder::PossibleValuesParser::new(<$list>::ALL.iter().map(|one| one.name())),
            |name| <$list>::parse(&name).expect("only a name of the list passes"),
        )
    };
}
pub(in crate::cli) use one_of;

//! A promise becomes a test on each store that there is; one of what lasts, on those on a disk.

macro_rules! promises {
    ([$($promise:ident;)*] $(of_what_lasts: [$($lasting:ident;)*])?) => {
        mod sqlite {
            $(#[test] fn $promise() { super::$promise(&crate::store_fixture::StoreFixture::sqlite()); })*
            $($(#[test] fn $lasting() { super::$lasting(&crate::store_fixture::StoreFixture::sqlite()); })*)?
        }
        mod postgres {
            $(#[test] fn $promise() { super::$promise(&crate::store_fixture::StoreFixture::postgres()); })*
            $($(#[test] fn $lasting() { super::$lasting(&crate::store_fixture::StoreFixture::postgres()); })*)?
        }
        mod in_memory {
            $(#[test] fn $promise() { super::$promise(&crate::store_fixture::StoreFixture::in_memory()); })*
        }
    };
}

pub(super) use promises;

//! Timelines, by entity.

use std::collections::HashMap;

use super::{Tx, get};
use crate::domain::entity::{Entity, EntityKey};
use crate::store::StoreError;
use crate::store::codec::{pack, unpack};

impl Tx<'_> {
    /// The timelines of `keys`; one that is not there is empty. Keys without a timeline are left out.
    ///
    /// # Errors
    /// When the database says no, or a timeline cannot be read back.
    pub fn timelines(&self, keys: impl Iterator<Item = EntityKey>) -> Result<HashMap<EntityKey, Entity>, StoreError> {
        let mut all = HashMap::new();
        for key in keys {
            let Some(empty) = Entity::empty(&key) else { continue };
            let stored = self.row("load a timeline", include_str!("sql/get_timeline.sql"), [pack(&key)], |row| {
                unpack("a timeline", &get::<Vec<u8>>(row, 0)?)
            })?;
            all.insert(key, stored.unwrap_or(empty));
        }
        Ok(all)
    }

    /// Saves timelines, sorted by key.
    ///
    /// # Errors
    /// When the database says no.
    pub fn save_timelines(&self, timelines: &mut [(EntityKey, Entity)]) -> Result<(), StoreError> {
        timelines.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        for (key, entity) in &*timelines {
            self.execute("save a timeline", include_str!("sql/save_timeline.sql"), (pack(key), pack(entity)))?;
        }
        Ok(())
    }
}

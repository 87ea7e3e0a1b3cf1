//! Timelines, by entity.

use super::Tx;
use crate::domain::entity::{Entity, EntityKey};
use crate::domain::fast_map::FastMap;
use crate::store::StoreError;
use crate::store::codec::{pack, unpack};

impl Tx<'_> {
    /// The timelines of `keys`; one that is not there is empty. Keys without a timeline are left out.
    ///
    /// # Errors
    /// When the database says no, or a timeline cannot be read back.
    pub fn timelines(&self, keys: impl Iterator<Item = EntityKey>) -> Result<FastMap<EntityKey, Entity>, StoreError> {
        self.with_memory(|memory| {
            let mut all = FastMap::default();
            for key in keys {
                let Some(empty) = Entity::empty(&key) else { continue };
                let entity = memory.timelines.get(self, &pack(&key), |state| unpack("a timeline", state))?;
                all.insert(key, entity.unwrap_or(empty));
            }
            Ok(all)
        })
    }

    /// Saves timelines.
    ///
    /// # Errors
    /// When the database says no.
    pub fn save_timelines(&self, timelines: impl Iterator<Item = (EntityKey, Entity)>) -> Result<(), StoreError> {
        let packed = timelines.map(|(key, entity)| (pack(&key).into(), pack(&entity).into()));
        self.with_memory(|memory| {
            memory.staged.timelines.extend(packed);
            Ok(())
        })
    }
}

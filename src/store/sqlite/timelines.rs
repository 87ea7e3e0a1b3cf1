//! Timelines, by entity.

use super::Tx;
use super::runs::put_frame;
use crate::domain::entity::{Entity, EntityKey};
use crate::store::StoreError;
use crate::store::codec::unpack;

impl Tx<'_> {
    /// The timeline of a key, if there is any; what this transaction has saved is not seen yet.
    ///
    /// # Errors
    /// When the database says no, or the timeline cannot be read back.
    pub fn timeline(&self, key: &EntityKey) -> Result<Option<Entity>, StoreError> {
        self.with_memory(|memory| memory.timelines.get(self, key.digest(), |state| unpack("a timeline", state)))
    }

    /// Saves a timeline.
    ///
    /// # Errors
    /// When the database says no.
    pub fn save_timeline(&self, key: &EntityKey, entity: &Entity) -> Result<(), StoreError> {
        self.with_memory(|memory| {
            put_frame(&mut memory.staged.timelines, key.digest(), entity);
            Ok(())
        })
    }
}

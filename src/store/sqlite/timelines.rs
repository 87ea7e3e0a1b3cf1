//! Timelines, by entity.

use xxhash_rust::xxh3::xxh3_128;

use super::filter::Filter;
use super::{Tx, get};
use crate::domain::entity::{Entity, EntityKey};
use crate::domain::fast_map::FastMap;
use crate::store::StoreError;
use crate::store::codec::{pack, unpack};
use crate::store::error::Doing;

impl Tx<'_> {
    /// The timelines of `keys`; one that is not there is empty. Keys without a timeline are left out.
    ///
    /// # Errors
    /// When the database says no, or a timeline cannot be read back.
    pub fn timelines(&self, keys: impl Iterator<Item = EntityKey>) -> Result<FastMap<EntityKey, Entity>, StoreError> {
        let mut all = FastMap::default();
        for key in keys {
            let Some(empty) = Entity::empty(&key) else { continue };
            let packed = pack(&key);
            let kept = self.with_memory(|memory| memory.timeline(&packed).map(|state| unpack("a timeline", state)))?;
            let entity = match kept {
                Some(entity) => entity?,
                None => self.timeline_of_table(packed)?.unwrap_or(empty),
            };
            all.insert(key, entity);
        }
        Ok(all)
    }

    /// The filter of the timelines in their table.
    pub(super) fn read_timeline_filter(&self) -> Result<Filter, StoreError> {
        let doing = "read the timelines' keys";
        let count = self.row(doing, include_str!("sql/count_timelines.sql"), [], |row| get::<i64>(row, 0))?.unwrap_or(0);
        let mut filter = Filter::with_room(count as usize * 2);
        self.rows(doing, include_str!("sql/list_timeline_keys.sql"), [], |row| {
            let key = row
                .get_ref(0)
                .doing(doing)?
                .as_blob()
                .map_err(|e| StoreError::Damaged { what: "a timeline's key", detail: e.to_string() })?;
            filter.put(xxh3_128(key));
            Ok(())
        })?;
        Ok(filter)
    }

    fn timeline_of_table(&self, packed: Vec<u8>) -> Result<Option<Entity>, StoreError> {
        if !self.with_memory(|memory| memory.may_have_timeline(&packed))? {
            return Ok(None);
        }
        let state = self.row("load a timeline", include_str!("sql/get_timeline.sql"), [&packed], |row| get::<Vec<u8>>(row, 0))?;
        let Some(state) = state else { return Ok(None) };
        let entity = unpack("a timeline", &state)?;
        self.with_memory(|memory| memory.keep(packed.into(), state.into()))?;
        Ok(Some(entity))
    }

    /// Saves timelines.
    ///
    /// # Errors
    /// When the database says no.
    pub fn save_timelines(&self, timelines: impl Iterator<Item = (EntityKey, Entity)>) -> Result<(), StoreError> {
        let packed = timelines.map(|(key, entity)| (pack(&key).into(), pack(&entity).into()));
        self.with_memory(|memory| memory.staged.timelines.extend(packed))
    }
}

//! Timelines, by entity.

use super::Tx;
use super::cores::on_every_core;
use super::runs::Stretches;
use super::staged::Staged;
use super::table::Seek;
use crate::domain::entity::{Entity, EntityKey};
use crate::store::StoreError;
use crate::store::codec::unpack;

impl Tx<'_> {
    /// The timeline of a key, if there is any; what this transaction has saved is not seen yet.
    ///
    /// # Errors
    /// When the timeline cannot be read back.
    pub fn timeline(&self, key: &EntityKey) -> Result<Option<Entity>, StoreError> {
        self.with_memory(|memory| timeline(&mut memory.timelines.seek(), key.digest()))
    }

    /// Has `update` change each timeline, an empty one where none is known, and stages it; on every core, since timelines
    /// are independent of each other. Each key may come once; keys without a timeline are left out. Gives back what `update`
    /// noted beside, part by part in the order of the keys.
    ///
    /// # Errors
    /// When a timeline cannot be read back.
    pub fn update_timelines<C: Send, N: Default + Send>(
        &self,
        staged: &mut Staged,
        changes: Vec<(EntityKey, C)>,
        update: impl Fn(&EntityKey, &mut Entity, C, &mut N) + Send + Sync,
    ) -> Result<Vec<N>, StoreError> {
        self.with_memory(|memory| {
            let table = &memory.timelines;
            let done = on_every_core(changes, |part| -> Result<(Stretches, N), StoreError> {
                let (mut frames, mut notes, mut seek) = (Stretches::default(), N::default(), table.seek());
                for (key, changes) in part {
                    let digest = key.digest();
                    let Some(mut entity) = timeline(&mut seek, digest)?.or_else(|| Entity::empty(&key)) else { continue };
                    update(&key, &mut entity, changes, &mut notes);
                    frames.put(digest, &entity);
                }
                Ok((frames, notes))
            });
            let keep = |part: Result<(Stretches, N), StoreError>| {
                let (frames, notes) = part?;
                staged.timelines.extend(frames.finish());
                Ok(notes)
            };
            done.into_iter().map(keep).collect()
        })
    }
}

fn timeline(seek: &mut Seek<'_>, digest: u128) -> Result<Option<Entity>, StoreError> {
    seek.find(digest)?.map(|state| unpack("a timeline", state)).transpose()
}

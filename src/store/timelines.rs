//! Timelines, by entity.

use super::codec::unpack;
use super::frames::Chunks;
use super::parallel::parallel_map;
use super::staged::Staged;
use super::{StoreError, Tx};
use crate::domain::entity::{Entity, EntityKey};

impl Tx<'_> {
    /// The timelines of keys, in their order; what this transaction has staged is not seen yet.
    ///
    /// # Errors
    /// When a timeline cannot be read back.
    pub fn timelines(&self, keys: &[EntityKey]) -> Result<Vec<Option<Entity>>, StoreError> {
        let digests = keys.iter().map(EntityKey::digest);
        match self {
            Self::Sqlite(tx) => tx.with_memory(|memory| {
                let mut seek = memory.timelines.seek();
                digests
                    .map(|digest| seek.find(digest)?.map(decode_timeline).transpose())
                    .collect()
            }),
            Self::Shared(tx) => {
                let known = tx.timelines(digests.clone().collect())?;
                digests
                    .map(|digest| {
                        known
                            .get(&digest)
                            .map(|state| decode_timeline(state))
                            .transpose()
                    })
                    .collect()
            }
        }
    }

    /// Has `update` change each timeline, an empty one where none is known, and stages it; on every
    /// core, since timelines are independent of each other. Each key may come once; keys without a
    /// timeline are left out. Returns what `update` noted beside, part by part in the order of the
    /// keys. Where many write, no other transaction may change these timelines until the
    /// transaction ends.
    ///
    /// # Errors
    /// When a timeline cannot be read back.
    pub fn update_timelines<C: Send, N: Default + Send>(
        &self,
        staged: &mut Staged,
        changes: Vec<(EntityKey, C)>,
        update: impl Fn(&EntityKey, &mut Entity, C, &mut N) + Send + Sync,
    ) -> Result<Vec<N>, StoreError> {
        let done = match self {
            Self::Sqlite(tx) => tx.with_memory(|memory| {
                let table = &memory.timelines;
                Ok(parallel_map(changes, |part| {
                    let mut seek = table.seek();
                    update_part(
                        part,
                        |digest| seek.find(digest)?.map(decode_timeline).transpose(),
                        &update,
                    )
                }))
            })?,
            Self::Shared(tx) => {
                let known =
                    tx.lock_timelines(changes.iter().map(|(key, _)| key.digest()).collect())?;
                parallel_map(changes, |part| {
                    update_part(
                        part,
                        |digest| {
                            known
                                .get(&digest)
                                .map(|state| decode_timeline(state))
                                .transpose()
                        },
                        &update,
                    )
                })
            }
        };
        let keep = |part: Result<(Chunks, N), StoreError>| {
            let (frames, notes) = part?;
            staged.timelines.extend(frames.finish());
            Ok(notes)
        };
        done.into_iter().map(keep).collect()
    }
}

fn update_part<C, N: Default>(
    part: Vec<(EntityKey, C)>,
    mut find: impl FnMut(u128) -> Result<Option<Entity>, StoreError>,
    update: &impl Fn(&EntityKey, &mut Entity, C, &mut N),
) -> Result<(Chunks, N), StoreError> {
    let (mut frames, mut notes) = (Chunks::default(), N::default());
    for (key, changes) in part {
        let digest = key.digest();
        let Some(mut entity) = find(digest)?.or_else(|| Entity::empty(&key)) else {
            continue;
        };
        update(&key, &mut entity, changes, &mut notes);
        frames.push_frame(digest, &entity);
    }
    Ok((frames, notes))
}

fn decode_timeline(state: &[u8]) -> Result<Entity, StoreError> {
    unpack("a timeline", state)
}

//! Timelines, by entity.

use std::thread;

use super::Tx;
use super::runs::put_frame;
use super::table::Table;
use crate::domain::entity::{Entity, EntityKey};
use crate::store::StoreError;
use crate::store::codec::unpack;

/// Below that many timelines a second thread does not pay.
const PARALLEL_MIN: usize = 1_000;
/// Threads at most.
const THREADS_MAX: usize = 8;

impl Tx<'_> {
    /// The timeline of a key, if there is any; what this transaction has saved is not seen yet.
    ///
    /// # Errors
    /// When the timeline cannot be read back.
    pub fn timeline(&self, key: &EntityKey) -> Result<Option<Entity>, StoreError> {
        self.with_memory(|memory| timeline(&memory.timelines, key.digest()))
    }

    /// Has `update` change each timeline, an empty one where none is stored, and saves it; on every core, since timelines are
    /// independent of each other. Each key may come once; keys without a timeline are left out. Gives back what `update` noted beside, part by part in the order
    /// of the keys.
    ///
    /// # Errors
    /// When a timeline cannot be read back.
    pub fn update_timelines<C: Send, N: Default + Send>(
        &self,
        changes: Vec<(EntityKey, C)>,
        update: impl Fn(&EntityKey, &mut Entity, C, &mut N) + Sync,
    ) -> Result<Vec<N>, StoreError> {
        self.with_memory(|memory| {
            let parts = split(changes);
            let table = &memory.timelines;
            let update_part = |part: Vec<(EntityKey, C)>| -> Result<(Vec<u8>, N), StoreError> {
                let (mut frames, mut notes) = (Vec::new(), N::default());
                for (key, changes) in part {
                    let digest = key.digest();
                    let Some(mut entity) = timeline(table, digest)?.or_else(|| Entity::empty(&key)) else { continue };
                    update(&key, &mut entity, changes, &mut notes);
                    put_frame(&mut frames, digest, &entity);
                }
                Ok((frames, notes))
            };
            let done: Vec<_> = thread::scope(|scope| {
                let mut parts = parts.into_iter();
                let here = parts.next();
                let others: Vec<_> = parts.map(|part| scope.spawn(|| update_part(part))).collect();
                let here = here.map(&update_part);
                let others = others.into_iter().map(|other| other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
                here.into_iter().chain(others).collect()
            });
            let mut all = Vec::new();
            for part in done {
                let (frames, notes) = part?;
                memory.staged.timelines.extend_from_slice(&frames);
                all.push(notes);
            }
            Ok(all)
        })
    }
}

fn timeline(table: &Table, digest: u128) -> Result<Option<Entity>, StoreError> {
    table.get(digest, |state| unpack("a timeline", state))
}

/// As many parts as there are cores, if that pays.
fn split<T>(mut all: Vec<T>) -> Vec<Vec<T>> {
    let threads = if all.len() < PARALLEL_MIN { 1 } else { thread::available_parallelism().map_or(1, usize::from).min(THREADS_MAX) };
    let size = all.len().div_ceil(threads);
    let mut parts = Vec::new();
    while all.len() > size {
        parts.push(all.split_off(all.len() - size));
    }
    parts.push(all);
    parts.reverse();
    parts
}

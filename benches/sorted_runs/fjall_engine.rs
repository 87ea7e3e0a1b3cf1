//! fjall: three keyspaces of one database, one synced batch a commit.

use std::path::Path;

use fjall::config::BlockSizePolicy;
use fjall::{Database, Keyspace, KeyspaceCreateOptions, PersistMode};

use super::Done;
use super::key_value::{Engine, Entries, Kind};

pub struct Fjall {
    database: Database,
    /// By [`Kind`].
    keyspaces: [Keyspace; 3],
}

impl Fjall {
    /// fjall's own defaults, except for the sizes and for settings that follow from the access:
    /// identities are mostly absent, timelines and counters mostly present.
    pub fn open(dir: &Path, cache_bytes: u64, block_bytes: u32) -> Done<Self> {
        let database = Database::builder(dir.join("fjall"))
            .cache_size(cache_bytes)
            .open()?;
        let keyspace = |name, mostly_there| {
            database.keyspace(name, || {
                KeyspaceCreateOptions::default()
                    .expect_point_read_hits(mostly_there)
                    .data_block_size_policy(BlockSizePolicy::all(block_bytes))
            })
        };
        let keyspaces = [
            keyspace("identity", false)?,
            keyspace("timeline", true)?,
            keyspace("counter", true)?,
        ];
        Ok(Self {
            database,
            keyspaces,
        })
    }
}

impl Engine for Fjall {
    fn begin_reads(&self) -> Done<()> {
        Ok(())
    }

    fn end_reads(&self) -> Done<()> {
        Ok(())
    }

    fn find<R>(&self, kind: Kind, digest: u128, read: impl FnOnce(&[u8]) -> R) -> Done<Option<R>> {
        let found = self.keyspaces[kind as usize].get(digest.to_be_bytes())?;
        Ok(found.map(|value| read(&value)))
    }

    fn commit(&self, entries: &[Entries; 3]) -> Done<()> {
        let count = entries.iter().map(Vec::len).sum();
        let mut batch = fjall::OwnedWriteBatch::with_capacity(self.database.clone(), count)
            .durability(Some(PersistMode::SyncData));
        for kind in Kind::ALL {
            for (digest, value) in &entries[kind as usize] {
                batch.insert(
                    &self.keyspaces[kind as usize],
                    digest.to_be_bytes(),
                    &value[..],
                );
            }
        }
        Ok(batch.commit()?)
    }
}

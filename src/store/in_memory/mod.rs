//! A store of many workers in the memory of one process, for tryouts: no two transactions run at
//! once, and its maker sets the clock and decides which of them fail.
//!
//! What it cannot show is one transaction waiting for another's locks; a real server shows that.

mod in_memory_store;

pub use in_memory_store::Commit;
pub use in_memory_store::Database;
pub use in_memory_store::FaultInjector;
pub use in_memory_store::InMemoryStore;
pub use in_memory_store::Tx;

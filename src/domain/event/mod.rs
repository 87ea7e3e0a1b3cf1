//! The events that the worker accepts, as values: the content of a CloudEvent once it has been
//! decoded and checked.
//!
//! It may not know JSON, topics or files. Invariant: an [`Event`] obeys every rule of the input
//! contract, with defaults filled in, so that two events of equal meaning are equal values.

mod boss;
mod crm;
mod envelope;

pub use boss::Feed;
pub use boss::MemberChangeKind;
pub use boss::Membership;
pub use boss::Population;
pub use boss::Role;
pub use boss::Status;
pub use boss::SubscriberStatus;
pub(crate) use boss::{Bill, Payment, PortOut, PortStage, Retraction, StatusCode, StopReason};
pub use crm::Complaint;
pub use crm::ComplaintSeverity;
pub use crm::ComplaintState;
pub use crm::Group;
pub use crm::Manager;
pub use crm::Project;
pub use crm::Tier;
pub use crm::Unit;
pub use crm::VisitMode;
pub(crate) use crm::{
    Channel, Contact, Effect, Every, Intent, KeyDate, KeyDateKind, KeyDay, LunarDay, Scale, Survey,
};
pub use envelope::Event;
pub use envelope::EventData;
pub(crate) use envelope::EventType;
pub use envelope::Order;

//! A simulated AWS organization: HTTP request in, HTTP response out.
//!
//! [`Sandbox`] answers AWS's wire calls as AWS documents them, and stricter: late, in small pages, with quotas. It opens
//! no socket and reads no clock: whoever calls it brings the time ([`serve`] alone listens). Its state is a [`world`]
//! of tables, in memory or in a directory. Requests enter through [`Sandbox::call`]; shape data turns them into typed
//! requests for a [`service`]; answers go back the same way.
//!
//! | entry | for |
//! |---|---|
//! | [`Sandbox::open`], [`Sandbox::in_memory`], [`Sandbox::close`], [`Sandbox::reset`] | a world on disk or not |
//! | [`Sandbox::call`] | one HTTP request, as a client's connector sends it |
//! | [`Sandbox::call_json`] | one operation by name, as `glidepath sandbox call` does it |
//! | [`Sandbox::now`], [`Sandbox::advance`], [`Sandbox::next_due`] | simulated time |
//! | [`Sandbox::tamper`] | changing a resource of a stack behind its back |
//! | [`Sandbox::add_role`] | IAM roles beyond those of the seed and of created accounts |
//! | [`Sandbox::enable_identity_center`], [`Sandbox::remove_identity_center`], [`Sandbox::sign_in`] | what people do in Identity Center's console and sign-in page |
//! | [`Sandbox::enable_region`], [`Sandbox::add_network_interface`] | opt-in Regions of accounts, and default VPCs that are used |
//! | [`Sandbox::snapshot`], [`Sandbox::from_snapshot`], [`Sandbox::canonical_dump`] | comparing worlds |
//! | [`Sandbox::show`], [`operations()`] | what is there, and what can be called |
//! | [`serve`] | the same over a socket |

mod codec;
mod consistency;
mod faults;
mod http;
mod operations;
mod options;
mod rates;
mod recorder;
mod sandbox;
pub mod serve;
pub mod service;
mod state;
mod store;
#[cfg(test)]
mod tests;
pub mod world;

pub use crate::http::ADMINISTRATOR_KEY;
pub use consistency::Consistency;
pub use faults::{FaultPlan, FaultPlanError, ResourceAct, ResourceFault};
pub use operations::{OperationInfo, operations};
pub use options::SandboxOptions;
pub use rates::Rates;
pub use sandbox::{AccessTokenError, CallError, Fault, RoleError, Sandbox, Snapshot};
pub use service::cloudformation::{TamperError, Tampering};
pub use service::sso_portal::SignInError;
pub use store::{OpenError, StoreError};
pub use world::{Founding, IdentityCenter, ManagementAccount, WorldSeed};

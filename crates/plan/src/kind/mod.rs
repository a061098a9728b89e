//! The kinds of resource, one file each: the typed spec, what the manifest desires of it, what a
//! snapshot shows of it, what it refers to, and whose it is.

pub mod access_control_attributes;
pub mod account;
pub mod account_settings;
pub mod assignments;
pub mod attachment;
pub mod delegated_administrator;
pub mod group;
pub mod key;
pub mod membership;
pub mod organization;
pub mod permission_set;
pub mod policy;
pub mod policy_type;
pub mod resource_policy;
pub mod root_access;
pub mod stack;
pub mod stack_set;
pub mod stack_set_targets;
pub mod trusted_access;
pub mod unit;
pub mod user;

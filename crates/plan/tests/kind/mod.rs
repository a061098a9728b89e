//! One file for each kind of resource, named as in `src/kind/`.

mod access_control_attributes;
mod account;
mod account_settings;
mod assignments;
mod attachment;
mod delegated_administrator;
mod group;
mod key;
mod membership;
mod organization;
mod permission_set;
mod policy;
mod policy_type;
mod resource_policy;
mod root_access;
mod stack;
mod stack_set;
mod stack_set_targets;
mod trusted_access;
mod unit;
mod user;

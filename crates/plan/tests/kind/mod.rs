//! One file for each kind of resource, named as in `src/kind/`.

mod account;
mod attachment;
mod delegated_administrator;
mod key;
mod organization;
mod policy;
mod policy_type;
mod resource_policy;
mod stack;
mod stack_set;
mod stack_set_targets;
mod trusted_access;
mod unit;

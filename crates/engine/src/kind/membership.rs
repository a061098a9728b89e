//! Who is in a group of a managed directory.

use super::identity_center::CenterLook;
use super::{Step, Task};
use crate::error::EngineError;
use crate::gap::Unknown;
use crate::work::{Outcome, Problem};
use glidepath_model::Address;
use glidepath_model::identity_center::Group;
use glidepath_plan::kind::membership::MembershipSpec;
use std::collections::{BTreeMap, BTreeSet};

/// Reads the members of every group whose members the manifest says.
pub(super) async fn read(
    center: &CenterLook<'_, '_>,
    groups: &mut BTreeMap<String, Group>,
) -> Result<(), EngineError> {
    let look = center.look;
    let asked = |group: &&Group| {
        let address = Address::Membership(group.name.clone());
        look.zone.desired.contains_key(&address) && look.scope.holds(&address)
    };
    let asked: Vec<(String, String)> =
        groups.values().filter(asked).map(|group| (group.name.clone(), group.id.clone())).collect();
    let read = look.each(asked, |(name, id)| async move {
        let listed = center.store.list_memberships(&id).await;
        let listed = look.read(Unknown::Membership(name.clone()), listed)?;
        Ok(listed.map(|listed| (name, listed)))
    });
    for (name, members) in read.await? {
        if let Some(group) = groups.get_mut(&name) {
            group.members = Some(members.into_iter().map(|member| member.user).collect());
        }
    }
    Ok(())
}

pub(crate) async fn perform(task: Task<'_, MembershipSpec>) -> Result<Outcome, Problem> {
    let Task { work, address, step } = task;
    let Address::Membership(name) = address else { return Err(Problem::NoId(address.clone())) };
    let wanted = match &step {
        Step::Create { after } | Step::Update { after, .. } | Step::Adopt { after, .. } => &after.members,
        // Nobody is taken out of a group that the manifest no longer speaks of.
        Step::Delete { physical, .. } | Step::Forget { physical } => return Ok(Outcome::of(*physical)),
    };
    let center = work.center().await?;
    let group = Address::Group(name.clone());
    let group = work.id(&group).ok_or(Problem::NoId(group))?;
    let mut users: BTreeMap<String, &String> = BTreeMap::new();
    for user in wanted {
        let address = Address::User(user.clone());
        users.insert(work.id(&address).ok_or(Problem::NoId(address))?, user);
    }
    let there = center.store.list_memberships(&group).await?;
    for member in there.iter().filter(|member| !users.contains_key(&member.user)) {
        center.store_writer.delete_membership(&member.id).await?;
    }
    let inside: BTreeSet<&String> = there.iter().map(|member| &member.user).collect();
    for user in users.keys().filter(|user| !inside.contains(user)) {
        center.store_writer.create_membership(&group, user).await?;
    }
    Ok(Outcome::of(group))
}

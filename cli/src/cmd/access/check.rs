//! `access check`: what somebody who signed in really reaches, beside what the manifest promises.

mod token;

use crate::args::{AccessCheckArgs, AwsArgs};
use crate::cmd::look::aws_failure;
use crate::exit_code::ExitCode;
use crate::failure::{Failure, Outcome};
use crate::view;
use crate::view::style::shown;
use crate::wanted::Wanted;
use crate::wire::Wire;
use glidepath_aws::portal::{self, Reached};
use glidepath_aws::{AccessMode, Error};
use glidepath_model::Principal;
use glidepath_plan::LandingZone;
use glidepath_plan::sign_in::{SignIn, SignIns};
use std::collections::BTreeSet;

/// An account and a permission set.
type Way = (String, String);

/// What was promised and what is reached.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Comparison {
    /// Both.
    pub(crate) as_promised: BTreeSet<Way>,
    /// Promised, and not reached.
    pub(crate) missing: BTreeSet<Way>,
    /// Reached by a permission set of the manifest, and not promised.
    pub(crate) surplus: BTreeSet<Way>,
    /// Reached by permission sets of others.
    pub(crate) others: BTreeSet<Way>,
}

pub(super) fn run(args: &AccessCheckArgs, aws: &AwsArgs) -> Outcome {
    let wanted = Wanted::read(&args.from.manifest, args.today)?;
    let zone = &wanted.zone;
    let Some(center) = &zone.identity_center else {
        return Err(Failure::new(ExitCode::Invalid, "the manifest says nothing of who may sign in"));
    };
    let wire = Wire::open(aws, &wanted)?;
    let token = match wire.sign_in(&args.user)? {
        Some(token) => token,
        None => token::cached(args.start_url.as_deref())?,
    };
    let reached = wire.run(ask(&wire, &center.region, &token))??;
    wire.close()?;
    let compared = compare(zone, args, &reached);
    if args.json {
        view::json::print(&view::json::access_check(&compared));
    } else {
        view::data(&view::text::access::check(&args.user, &compared));
    }
    let differs = !compared.missing.is_empty() || !compared.surplus.is_empty();
    Ok(if differs { ExitCode::Changes } else { ExitCode::Done })
}

/// Everything that the portal shows by a token.
async fn ask(wire: &Wire, region: &str, token: &str) -> Result<Vec<(Reached, Vec<String>)>, Failure> {
    let aws = wire.connect(AccessMode::ReadOnly).await?;
    let reader = portal::Reader::new(aws.session(), region, token);
    let told =
        |error: Error| aws_failure("ask the access portal", &error).help("sign in again: `aws sso login`");
    let mut all = Vec::new();
    for account in reader.list_accounts().await.map_err(told)? {
        let sets = reader.list_permission_sets(&account.id).await.map_err(told)?;
        all.push((account, sets));
    }
    Ok(all)
}

fn compare(zone: &LandingZone, args: &AccessCheckArgs, reached: &[(Reached, Vec<String>)]) -> Comparison {
    let all = SignIns::of_manifest(zone);
    let is_theirs = |one: &&SignIn| match &one.principal {
        Principal::User(name) => *name == args.user,
        Principal::Group(name) => {
            args.groups.contains(name)
                || one.members.as_ref().is_some_and(|members| members.contains(&args.user))
        }
    };
    let promised: BTreeSet<Way> = all
        .all
        .iter()
        .filter(is_theirs)
        .map(|one| (one.account.clone(), one.permission_set.clone()))
        .collect();
    let ours: BTreeSet<&String> = all.all.iter().map(|one| &one.permission_set).collect();
    let mut compared = Comparison::default();
    for (account, sets) in reached {
        let name = name_of(zone, account);
        for set in sets {
            let way = (name.clone(), set.clone());
            let list = match (promised.contains(&way), ours.contains(set)) {
                (true, _) => &mut compared.as_promised,
                (false, true) => &mut compared.surplus,
                (false, false) => &mut compared.others,
            };
            list.insert(way);
        }
    }
    compared.missing = &promised - &compared.as_promised;
    compared
}

/// The name that the manifest has for an account: by its id, else by its e-mail address.
fn name_of(zone: &LandingZone, account: &Reached) -> String {
    if account.id == zone.management_id {
        return zone.management_name.clone();
    }
    let by_id =
        zone.accounts.iter().find(|(_, known)| known.id.as_ref().is_some_and(|id| id.value == account.id));
    let by_email =
        || zone.accounts.iter().find(|(_, known)| known.email.value.eq_ignore_ascii_case(&account.email));
    by_id.or_else(by_email).map_or_else(|| shown(&account.name), |(name, _)| name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_reached_is_sorted_by_what_was_promised() {
        let text = r#"
glidepath: 1
organization:
  name: acme
  management: {name: acme-root, id: "111122223333"}
  home: eu-west-1
  regions: [eu-west-1]
  email: aws+{account}@example.com
units: {W: {accounts: {shop: {id: "444455556666"}, till: }}}
identity:
  permissionSets: {Admin: {managed: [AdministratorAccess]}}
  assignments: [{group: platform, permissionSet: Admin, on: [W]}]
"#;
        let loaded = glidepath_manifest::load_text("landing-zone.yaml", text);
        let today = "2026-11-24".parse().unwrap();
        let zone = glidepath_plan::resolve(
            &loaded.manifest.unwrap(),
            glidepath_guardrails::Catalogue::built_in(),
            today,
        )
        .unwrap();
        let args = AccessCheckArgs {
            user: "anna".into(),
            groups: vec!["platform".into()],
            start_url: None,
            from: crate::args::ManifestArg { manifest: ".".into() },
            today: None,
            json: false,
        };
        let account = |id: &str, name: &str, email: &str| Reached {
            id: glidepath_model::AccountId::parse(id).unwrap(),
            name: name.into(),
            email: email.into(),
        };
        let reached = [
            (account("444455556666", "Shop", "x@example.com"), vec!["Admin".to_owned(), "Legacy".to_owned()]),
            (account("111122223333", "root", "y@example.com"), vec!["Admin".to_owned()]),
        ];
        let way = |account: &str, set: &str| BTreeSet::from([(account.to_owned(), set.to_owned())]);
        let expected = Comparison {
            as_promised: way("shop", "Admin"),
            missing: way("till", "Admin"),
            surplus: way("acme-root", "Admin"),
            others: way("shop", "Legacy"),
        };
        assert_eq!(compare(&zone, &args, &reached), expected);
    }
}

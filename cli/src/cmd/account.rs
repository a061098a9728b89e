//! `account`: everything that applies to one account.

use super::look::look;
use super::plan::options;
use crate::args::{AccountShowArgs, AccountVerb, Against, AwsArgs, ScopeArgs};
use crate::exit_code::ExitCode;
use crate::failure::{Failure, Outcome};
use crate::view;
use crate::view::progress::Progress;
use crate::view::style::shown;
use crate::view::text::account::page;
use crate::wanted::Wanted;
use crate::wire::Wire;
use glidepath_aws::AccessMode;
use glidepath_engine::Depth;
use glidepath_plan::account_page::AccountPage;
use glidepath_plan::drift::DriftReport;
use glidepath_plan::pattern::nearest;
use glidepath_plan::planner::plan;

pub(super) fn run(verb: &AccountVerb, aws: &AwsArgs) -> Outcome {
    match verb {
        AccountVerb::Show(args) => show(args, aws),
    }
}

fn show(args: &AccountShowArgs, aws: &AwsArgs) -> Outcome {
    let wanted = Wanted::read(&args.from.manifest, args.today)?;
    let found = match args.against {
        Against::Aws => of_aws(args, &wanted, aws)?,
        _ => AccountPage::of_manifest(&wanted.zone, &wanted.manifest, &args.name),
    };
    let Some(account) = found else {
        let failure = Failure::new(ExitCode::Invalid, format!("there is no account `{}`", shown(&args.name)));
        let names = wanted.zone.accounts.keys().chain([&wanted.zone.management_name]);
        return Err(match nearest(&args.name, names) {
            Some(near) => failure.help(format!("did you mean `{}`?", shown(&near))),
            None => failure,
        });
    };
    if args.json {
        view::json::print(&view::json::account(&account));
    } else {
        view::data(&page(&account));
    }
    let drift = account.drift.unwrap_or_default();
    let differs = !(drift.modified.is_empty() && drift.missing.is_empty() && drift.unmanaged.is_empty());
    let said = [
        differs.then_some(ExitCode::Changes),
        (!drift.not_checked.is_empty()).then_some(ExitCode::Incomplete),
    ];
    Ok(ExitCode::heaviest(said.into_iter().flatten()))
}

fn of_aws(args: &AccountShowArgs, wanted: &Wanted, aws: &AwsArgs) -> Result<Option<AccountPage>, Failure> {
    let wire = Wire::open(aws, wanted)?;
    let progress = Progress::new(aws);
    let found = wire.run(look(&wire, &wanted.zone, (AccessMode::ReadOnly, Depth::Shallow), &progress))??;
    wire.close()?;
    let scope = ScopeArgs { targets: Vec::new(), today: args.today, deep: false };
    let plan = plan(&wanted.zone, &found.snapshot, &options(&scope, wanted, &found.standing));
    let report = DriftReport::of(&plan, &wanted.zone);
    Ok(AccountPage::of_aws(&wanted.zone, &wanted.manifest, &found.snapshot, &report, &args.name))
}

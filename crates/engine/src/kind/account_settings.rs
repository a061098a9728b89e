//! Settings of accounts: read and changed as the account itself, only as far as the manifest sets them. Contacts are
//! written by the management account, whom trusted access lets do so.
//!
//! An account that cannot be entered, or that refuses any of it, is a gap of its own: what it has is unknown.

use super::{Step, Task};
use crate::enter::enter;
use crate::error::EngineError;
use crate::event::Subject;
use crate::gap::Unknown;
use crate::observe::Look;
use crate::work::{LAG, Outcome, Problem, Work};
use futures::future::try_join_all;
use glidepath_aws::{Error, Session, contacts, ec2_settings, iam_settings, kms, s3_settings};
use glidepath_model::account_settings::{AccountSettings, DefaultVpcParts, RegionSettings};
use glidepath_model::organization::Snapshot;
use glidepath_model::{AccountId, Address};
use glidepath_plan::identity::Identity;
use glidepath_plan::kind::account_settings::{AccountSettingsSpec, NAMED_KEY};
use glidepath_plan::kind::key::alias_of;
use glidepath_plan::setting::{RegionSetting, Setting, steps};
use glidepath_plan::{Desired, Spec};
use std::collections::BTreeMap;

/// What EC2 answers to a key that it does not know, or not yet.
const NO_KEY: &str = "InvalidKmsKey.NotFound";

/// What accounts have of what the manifest sets for them.
pub(crate) async fn read(
    look: &Look<'_>,
    snapshot: &Snapshot,
) -> Result<BTreeMap<AccountId, AccountSettings>, EngineError> {
    let wanted: Vec<(&str, &AccountSettings)> = look
        .zone
        .desired
        .iter()
        .filter_map(|(address, desired)| match (address, desired) {
            (Address::AccountSettings(name), Desired::Present(Spec::AccountSettings(settings)))
                if look.scope.holds(address) =>
            {
                Some((name.as_str(), settings))
            }
            _ => None,
        })
        .collect();
    if wanted.is_empty() {
        return Ok(BTreeMap::new());
    }
    look.begin(Subject::AccountSettings);
    let identity = Identity::resolve(look.zone, snapshot);
    let found = look.each(wanted, |(name, wanted)| {
        let id = identity.account_id(name).cloned();
        let usable =
            |id: &AccountId| snapshot.accounts.get(id).is_some_and(|account| account.state.is_usable());
        // One that is still to be made has no settings, and one that is closed is not looked after.
        let id = id.filter(usable);
        async move {
            let Some(id) = id else { return Ok(None) };
            let found = async {
                let session = enter(look.aws, look.zone, name, &id).await?;
                settings(&session, &id, &look.zone.home, wanted).await
            };
            let found = look.read(Unknown::Settings(name.to_owned()), found.await)?;
            Ok(found.map(|found| (id, found)))
        }
    });
    let found: BTreeMap<AccountId, AccountSettings> = found.await?.into_iter().collect();
    look.end(Subject::AccountSettings, found.len());
    Ok(found)
}

/// What an account has of what is wanted. Regions are asked side by side.
async fn settings(
    session: &Session,
    account: &AccountId,
    home: &str,
    wanted: &AccountSettings,
) -> Result<AccountSettings, Error> {
    let contacts = contacts::Reader::new(session);
    let iam = iam_settings::Reader::new(session);
    let s3 = s3_settings::Reader::new(session, account, home);
    let mut found = AccountSettings::default();
    for kind in wanted.contacts.keys() {
        found.contacts.extend(contacts.contact(*kind).await?.map(|contact| (*kind, contact)));
    }
    if wanted.alias.is_some() {
        found.alias = iam.alias().await?;
    }
    if wanted.password_policy.is_some() {
        found.password_policy = iam.password_policy().await?;
    }
    if wanted.s3_public_access_block.is_some() {
        found.s3_public_access_block = Some(s3.public_access_block().await?);
    }
    let regions = wanted.regions.iter().map(|(region, wanted)| async move {
        Ok::<_, Error>((region.clone(), in_region(session, region, wanted).await?))
    });
    found.regions = try_join_all(regions).await?.into_iter().collect();
    Ok(found)
}

async fn in_region(
    session: &Session,
    region: &str,
    wanted: &RegionSettings,
) -> Result<RegionSettings, Error> {
    let ec2 = ec2_settings::Reader::new(session, region);
    let mut found = RegionSettings::default();
    if wanted.ebs_encryption.is_some() {
        found.ebs_encryption = Some(ec2.ebs_encryption().await?);
    }
    if let Some(wanted) = &wanted.ebs_key {
        found.ebs_key = Some(ebs_key(session, region, &ec2, wanted).await?);
    }
    if wanted.instance_metadata.is_some() {
        found.instance_metadata = Some(ec2.instance_metadata().await?);
    }
    if wanted.serial_console.is_some() {
        found.serial_console = Some(ec2.serial_console().await?);
    }
    if wanted.snapshot_block.is_some() {
        found.snapshot_block = Some(ec2.snapshot_block().await?);
    }
    if wanted.image_block.is_some() {
        found.image_block = Some(ec2.image_block().await?);
    }
    if wanted.default_vpc.is_some() {
        found.default_vpc = Some(ec2.default_vpc().await?);
    }
    Ok(found)
}

/// The key that encrypts volumes, by the name that the manifest gives it where it is the same key: EC2 tells it by its
/// ARN, whatever it was set by.
async fn ebs_key(
    session: &Session,
    region: &str,
    ec2: &ec2_settings::Reader,
    wanted: &str,
) -> Result<String, Error> {
    let found = ec2.ebs_key().await?;
    let named = name_in_aws(wanted);
    if found == named {
        return Ok(wanted.to_owned());
    }
    let alias = named.starts_with("alias/") || named.contains(":alias/");
    let key = if alias { kms::Reader::new(session, region).describe_key(&named).await? } else { None };
    let same = key.is_some_and(|key| key.arn == found || key.id == found);
    Ok(if same { wanted.to_owned() } else { found })
}

/// What AWS calls a key that encrypts volumes.
fn name_in_aws(key: &str) -> String {
    key.strip_prefix(NAMED_KEY).map_or_else(|| key.to_owned(), alias_of)
}

pub(crate) async fn perform(task: Task<'_, AccountSettingsSpec>) -> Result<Outcome, Problem> {
    let Task { work, address, step } = task;
    let Address::AccountSettings(name) = address else { return Err(Problem::NoId(address.clone())) };
    match step {
        Step::Create { after } => {
            let account = work.account(name)?;
            let hand = Hand::new(work, &account).await?;
            // What a new account has from the start is only known once it is there.
            let before = settings(&hand.session, &account, &work.zone.home, after).await?;
            hand.reach(&before, after).await?;
            Ok(Outcome::of(account.as_str()))
        }
        Step::Update { physical, before, after } | Step::Adopt { physical, before, after } => {
            let account = crate::work::account_id(address, physical)?;
            Hand::new(work, &account).await?.reach(before, after).await?;
            Ok(Outcome::of(physical))
        }
        Step::Forget { physical } => Ok(Outcome::of(physical)),
        Step::Delete { .. } => Err(Problem::NotPossible {
            what: "taking the settings of an account away",
            instead: "an account has each of them in any case: say what it shall be",
        }),
    }
}

/// What the settings of one account are changed with.
struct Hand<'a> {
    work: &'a Work<'a>,
    account: &'a AccountId,
    session: Session,
}

impl<'a> Hand<'a> {
    async fn new(work: &'a Work<'a>, account: &'a AccountId) -> Result<Self, Problem> {
        Ok(Self { work, account, session: work.enter(account).await? })
    }

    /// Makes every step, one after the other. INVARIANT (every step can be repeated).
    async fn reach(&self, before: &AccountSettings, after: &AccountSettings) -> Result<(), Problem> {
        for step in steps(before, after) {
            self.make(&step).await?;
        }
        Ok(())
    }

    async fn make(&self, step: &Setting) -> Result<(), Problem> {
        let permit = self.work.writer.permit();
        let iam = || iam_settings::Writer::new(&self.session, permit);
        match step {
            Setting::Contact(kind, contact) => {
                let writer = contacts::Writer::new(self.work.session(), permit)?;
                writer.put(self.member(), *kind, contact).await?;
            }
            Setting::Alias(alias) => iam()?.create_alias(alias).await?,
            Setting::PasswordPolicy(policy) => {
                // All else keeps what it is right now: IAM replaces the whole.
                let before = iam_settings::Reader::new(&self.session).password_policy().await?;
                iam()?.update_password_policy(&policy.over(before.as_ref())).await?;
            }
            Setting::PublicAccessBlock(block) => {
                let home = &self.work.zone.home;
                let writer = s3_settings::Writer::new(&self.session, self.account, home, permit)?;
                writer.put_public_access_block(*block).await?;
            }
            Setting::InRegion(region, setting) => self.make_in_region(region, setting).await?,
        }
        Ok(())
    }

    /// The account as a member that the management account names; none where it is the management account itself.
    fn member(&self) -> Option<&AccountId> {
        Some(self.account).filter(|account| **account != self.work.zone.management_id)
    }

    async fn make_in_region(&self, region: &str, setting: &RegionSetting) -> Result<(), Problem> {
        let ec2 = ec2_settings::Writer::new(&self.session, region, self.work.writer.permit())?;
        match setting {
            RegionSetting::EbsEncryption(on) => ec2.set_ebs_encryption(*on).await?,
            RegionSetting::EbsKey(key) => self.set_ebs_key(&ec2, key).await?,
            RegionSetting::InstanceMetadata(metadata) => ec2.set_instance_metadata(metadata).await?,
            RegionSetting::SerialConsole(on) => ec2.set_serial_console(*on).await?,
            RegionSetting::SnapshotBlock(block) => ec2.set_snapshot_block(*block).await?,
            RegionSetting::ImageBlock(on) => ec2.set_image_block(*on).await?,
            RegionSetting::DeleteDefaultVpc(parts) => self.delete_default_vpc(region, &ec2, parts).await?,
        }
        Ok(())
    }

    /// A key that this run made may take a moment to be known to EC2.
    async fn set_ebs_key(&self, ec2: &ec2_settings::Writer, key: &str) -> Result<(), Problem> {
        let named = name_in_aws(key);
        let is_new =
            key.strip_prefix(NAMED_KEY).is_some_and(|name| self.work.is_new(&Address::Key(name.to_owned())));
        let set = self.work.until(LAG, || async {
            match ec2.set_ebs_key(&named).await {
                Ok(()) => Ok(Some(())),
                Err(error) if is_new && error.code() == Some(NO_KEY) => Ok(None),
                Err(error) => Err(error.into()),
            }
        });
        let what = || format!("the key `{named}` to be known to EC2");
        set.await?.ok_or_else(|| Problem::Unsettled { what: what(), waited: LAG })
    }

    /// Takes a default VPC away: nothing at all where anything lives in it by now, else its gateway, its subnets and
    /// itself. A run that died in between is gone on with by the next one, which sees what is left.
    async fn delete_default_vpc(
        &self,
        region: &str,
        ec2: &ec2_settings::Writer,
        parts: &DefaultVpcParts,
    ) -> Result<(), Problem> {
        let interfaces = ec2_settings::Reader::new(&self.session, region).interfaces(&parts.vpc).await?;
        if let Some(first) = interfaces.first() {
            return Err(Problem::VpcInUse {
                vpc: parts.vpc.clone(),
                region: region.to_owned(),
                interfaces: interfaces.len(),
                first: first.clone(),
            });
        }
        if let Some(gateway) = &parts.gateway {
            if !parts.detached {
                ec2.detach_gateway(gateway, &parts.vpc).await?;
            }
            ec2.delete_gateway(gateway).await?;
        }
        for subnet in &parts.subnets {
            ec2.delete_subnet(subnet).await?;
        }
        ec2.delete_vpc(&parts.vpc).await?;
        Ok(())
    }
}

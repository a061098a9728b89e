//! Faults on purpose: throttles, failures and broken connections, drawn from a seed.
//!
//! What happens to a request depends on the seed, on which run of the world this is, on the request itself and on how
//! often the same request was made in this run; not on the order in which different requests come. So a test with
//! concurrent requests repeats, and a request that fails today need not fail on every later run.
//!
//! Resources that CloudFormation cannot make or remove are named one by one, and always fail.

use crate::world::fraction;
use glidepath_model::Digest;
use std::collections::BTreeMap;
use std::str::FromStr;

/// How often which fault strikes.
#[derive(Debug, Clone, PartialEq)]
pub struct FaultPlan {
    /// What the draws follow from.
    pub seed: u64,
    /// Share of calls answered as throttled.
    pub throttle: f64,
    /// Share of calls answered with a failure of the service.
    pub error: f64,
    /// Share of calls whose connection breaks before they have an effect.
    pub reset_before: f64,
    /// Share of calls whose connection breaks after they had their effect.
    pub reset_after: f64,
    /// Share of mutating calls answered with `ConcurrentModificationException` or `StaleRequestException`, or half of them with
    /// `PolicyChangesInProgressException`, where the operation knows it.
    pub concurrent: f64,
    /// Resources of stacks that fail.
    pub resources: Vec<ResourceFault>,
}

/// Resources of stacks that CloudFormation cannot make or remove.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceFault {
    /// What fails.
    pub act: ResourceAct,
    /// The account, or `*`.
    pub account: String,
    /// The Region, or `*`.
    pub region: String,
    /// The resource's type or logical id; none means each.
    pub resource: Option<String>,
}

/// What is done to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResourceAct {
    /// It is made.
    Create,
    /// It is removed.
    Delete,
}

impl ResourceFault {
    /// Reads `ACCOUNT/REGION` or `ACCOUNT/REGION/RESOURCE`.
    fn read(act: ResourceAct, text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '/');
        let (account, region) = (parts.next()?, parts.next()?);
        let resource = parts.next();
        if account.is_empty() || region.is_empty() || resource == Some("") {
            return None;
        }
        let (account, region) = (account.to_owned(), region.to_owned());
        Some(Self { act, account, region, resource: resource.map(str::to_owned) })
    }

    /// Whether it is about a resource that goes by these names.
    pub(crate) fn strikes(
        &self,
        act: ResourceAct,
        (account, region): (&str, &str),
        names: [&str; 2],
    ) -> bool {
        let is = |pattern: &str, text: &str| pattern == "*" || pattern == text;
        self.act == act
            && is(&self.account, account)
            && is(&self.region, region)
            && self.resource.as_deref().is_none_or(|resource| names.contains(&resource))
    }
}

/// A fault plan that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultPlanError {
    /// A part that is no `name=value` of a known name.
    #[error(
        "`{0}` is not part of a fault plan\nhelp: `seed=7,throttle=0.1,error=0.05,reset-before=0.05,reset-after=0.05,concurrent=0.05`, \
         and `fail=ACCOUNT/REGION/TYPE` or `fail-delete=ACCOUNT/REGION/TYPE` for resources of stacks"
    )]
    Part(String),
    /// A share outside 0 to 1.
    #[error("`{0}` is not a share between 0 and 1")]
    Share(String),
    /// Shares that add up to more than every call.
    #[error("the shares add up to more than 1")]
    Sum,
}

impl FromStr for FaultPlan {
    type Err = FaultPlanError;

    fn from_str(text: &str) -> Result<Self, FaultPlanError> {
        let mut plan = Self {
            seed: 0,
            throttle: 0.0,
            error: 0.0,
            reset_before: 0.0,
            reset_after: 0.0,
            concurrent: 0.0,
            resources: Vec::new(),
        };
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let wrong = || FaultPlanError::Part(glidepath_model::text::printable(part).into_owned());
            let (name, value) = part.split_once('=').ok_or_else(wrong)?;
            let share = match name {
                "seed" => {
                    plan.seed = value.parse().map_err(|_| wrong())?;
                    continue;
                }
                "fail" => {
                    plan.resources.push(ResourceFault::read(ResourceAct::Create, value).ok_or_else(wrong)?);
                    continue;
                }
                "fail-delete" => {
                    plan.resources.push(ResourceFault::read(ResourceAct::Delete, value).ok_or_else(wrong)?);
                    continue;
                }
                "throttle" => &mut plan.throttle,
                "error" => &mut plan.error,
                "reset-before" => &mut plan.reset_before,
                "reset-after" => &mut plan.reset_after,
                "concurrent" => &mut plan.concurrent,
                _ => return Err(wrong()),
            };
            *share = value.parse().map_err(|_| wrong())?;
            if !(0.0..=1.0).contains(share) {
                return Err(FaultPlanError::Share(glidepath_model::text::printable(part).into_owned()));
            }
        }
        let sum = plan.throttle + plan.error + plan.reset_before + plan.reset_after + plan.concurrent;
        if sum > 1.0 { Err(FaultPlanError::Sum) } else { Ok(plan) }
    }
}

/// What strikes one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strike {
    Throttle,
    Error,
    ResetBefore,
    ResetAfter,
    Concurrent,
    PolicyChanges,
}

impl Strike {
    /// The code by which a mutating operation with these errors says that it met another change; none if it has none.
    pub(crate) fn conflict(self, errors: &[String]) -> Option<&'static str> {
        let concurrent = "ConcurrentModificationException";
        // How stack sets say it.
        let stale = "StaleRequestException";
        // How Identity Center and account management say it.
        let conflict = "ConflictException";
        let codes: &[&'static str] = match self {
            Self::Concurrent => &[concurrent, stale, conflict],
            Self::PolicyChanges => &["PolicyChangesInProgressException", concurrent, stale, conflict],
            Self::Throttle | Self::Error | Self::ResetBefore | Self::ResetAfter => &[],
        };
        codes.iter().copied().find(|code| errors.iter().any(|error| error == code))
    }
}

/// The draws of one run.
#[derive(Debug, Clone)]
pub(crate) struct Faults {
    plan: FaultPlan,
    run: u64,
    /// How often each request was made.
    made: BTreeMap<Digest, u32>,
}

impl Faults {
    pub(crate) fn new(plan: FaultPlan, run: u64) -> Self {
        Self { plan, run, made: BTreeMap::new() }
    }

    /// What strikes this request of this operation, made once more.
    pub(crate) fn draw(&mut self, operation: &str, body: &[u8]) -> Option<Strike> {
        let digest = Digest::of_bytes(&[operation.as_bytes(), b"\n", body].concat());
        let times = self.made.entry(digest.clone()).or_default();
        *times += 1;
        let mut at = fraction(self.plan.seed, &format!("fault/{}/{times}/{digest}", self.run));
        let plan = &self.plan;
        let strikes = [
            (plan.throttle, Strike::Throttle),
            (plan.error, Strike::Error),
            (plan.reset_before, Strike::ResetBefore),
            (plan.reset_after, Strike::ResetAfter),
            (plan.concurrent / 2.0, Strike::Concurrent),
            (plan.concurrent / 2.0, Strike::PolicyChanges),
        ];
        for (share, strike) in strikes {
            if at < share {
                return Some(strike);
            }
            at -= share;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_read_from_its_text_and_wrong_parts_are_named() {
        let plan: FaultPlan = "seed=7,throttle=0.1,reset-after=0.05".parse().unwrap();
        assert_eq!((plan.seed, plan.throttle, plan.reset_after, plan.error), (7, 0.1, 0.05, 0.0));
        assert_eq!("throttel=1".parse::<FaultPlan>(), Err(FaultPlanError::Part("throttel=1".to_owned())));
        assert_eq!("error=1.5".parse::<FaultPlan>(), Err(FaultPlanError::Share("error=1.5".to_owned())));
        assert_eq!("error=0.6,throttle=0.6".parse::<FaultPlan>(), Err(FaultPlanError::Sum));
    }

    #[test]
    fn resources_that_fail_are_named_by_account_region_and_type() {
        let plan: FaultPlan = "fail=444455556666/eu-west-1/AWS::S3::Bucket,fail-delete=*/*".parse().unwrap();
        let [make, remove] = plan.resources.as_slice() else { panic!("{plan:?}") };
        let bucket = ["AWS::S3::Bucket", "Logs"];
        assert!(make.strikes(ResourceAct::Create, ("444455556666", "eu-west-1"), bucket));
        assert!(!make.strikes(ResourceAct::Create, ("444455556666", "eu-west-2"), bucket));
        assert!(!make.strikes(
            ResourceAct::Create,
            ("444455556666", "eu-west-1"),
            ["AWS::SNS::Topic", "Logs"]
        ));
        assert!(!make.strikes(ResourceAct::Delete, ("444455556666", "eu-west-1"), bucket));
        assert!(remove.strikes(ResourceAct::Delete, ("111122223333", "us-east-1"), bucket));
        let wrong = "fail=444455556666".parse::<FaultPlan>();
        assert_eq!(wrong, Err(FaultPlanError::Part("fail=444455556666".to_owned())));
    }

    #[test]
    fn draws_have_the_planned_shares_and_do_not_depend_on_the_order_of_requests() {
        let plan: FaultPlan = "seed=3,throttle=0.2,reset-before=0.1".parse().unwrap();
        let bodies: Vec<String> = (0..2_000).map(|number| number.to_string()).collect();
        let mut faults = Faults::new(plan.clone(), 1);
        let one: Vec<_> = bodies.iter().map(|body| faults.draw("CreatePolicy", body.as_bytes())).collect();
        let mut faults = Faults::new(plan.clone(), 1);
        let mut two: Vec<_> =
            bodies.iter().rev().map(|body| faults.draw("CreatePolicy", body.as_bytes())).collect();
        two.reverse();
        assert_eq!(one, two);
        let throttled = one.iter().filter(|strike| **strike == Some(Strike::Throttle)).count();
        assert!((300..500).contains(&throttled), "{throttled}");
        let mut other_run = Faults::new(plan, 2);
        let three: Vec<_> =
            bodies.iter().map(|body| other_run.draw("CreatePolicy", body.as_bytes())).collect();
        assert_ne!(one, three);
    }
}

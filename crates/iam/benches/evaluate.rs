//! How fast a request is decided against ten realistic SCPs over four levels.
//!
//! Policies are read from the folder named by `GLIDEPATH_BENCH_SCPS` where it is set, else a built-in set of
//! the same make is used.

use glidepath_iam::context::Context;
use glidepath_iam::document;
use glidepath_iam::evaluate::{Layers, Level};
use glidepath_iam::request::{Principal, Request, Resource};
use glidepath_iam::statement::Policy;

fn main() {
    divan::main();
}

const BUILT_IN: [&str; 6] = [
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"organizations:LeaveOrganization","Resource":"*"}}"#,
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","NotAction":["iam:*","sts:*","organizations:*","route53:*","cloudfront:*","support:*","health:*","budgets:*","waf:*","shield:*","globalaccelerator:*","ce:*"],"Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":["eu-west-1","eu-central-1"]},"ArnNotLike":{"aws:PrincipalArn":["arn:aws:iam::*:role/deploy"]}}}}"#,
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringLike":{"aws:PrincipalArn":"arn:aws:iam::*:root"}}}}"#,
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":["cloudtrail:StopLogging","cloudtrail:DeleteTrail","cloudtrail:UpdateTrail"],"Resource":"*"}}"#,
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"ec2:RunInstances","Resource":"arn:aws:ec2:*:*:instance/*","Condition":{"StringNotLike":{"ec2:InstanceType":["t3.*","m6i.*"]}}}}"#,
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":["iam:CreateUser","iam:CreateAccessKey"],"Resource":"*"}}"#,
];

fn policies() -> Vec<Policy> {
    let texts: Vec<String> = match std::env::var_os("GLIDEPATH_BENCH_SCPS") {
        Some(folder) => std::fs::read_dir(folder)
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| std::fs::read_to_string(entry.path()).ok())
            .collect(),
        None => BUILT_IN.iter().map(|text| (*text).to_owned()).collect(),
    };
    texts
        .iter()
        .filter_map(|text| document::parse(text).ok())
        .enumerate()
        .map(|(at, document)| Policy::new(&format!("scp-{at}"), &document))
        .collect()
}

fn layers() -> Layers {
    let allow = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    let full = || document::parse(allow).map(|document| Policy::new("FullAWSAccess", &document));
    let mut levels: Vec<Level> = ["root", "Workloads", "Prod", "account"]
        .into_iter()
        .map(|name| Level { name: name.to_owned(), policies: full().into_iter().collect() })
        .collect();
    let count = levels.len();
    for (at, policy) in policies().into_iter().enumerate() {
        if let Some(level) = levels.get_mut(at % count) {
            level.policies.push(policy);
        }
    }
    Layers { scps: Some(levels), identity: full().into_iter().collect(), ..Layers::default() }
}

fn requests() -> Vec<Request> {
    let actions = [
        "s3:GetObject",
        "ec2:RunInstances",
        "iam:CreateUser",
        "kms:Decrypt",
        "sts:AssumeRole",
        "lambda:Invoke",
    ];
    actions
        .into_iter()
        .filter_map(|action| {
            let mut context = Context::new();
            context.set("aws:RequestedRegion", "eu-west-1");
            context.set("aws:SourceIp", "203.0.113.7");
            context.set("ec2:InstanceType", "t3.micro");
            let principal = Principal::parse("arn:aws:sts::111122223333:assumed-role/app/run").ok()?;
            let resource = Resource::Arn("arn:aws:ec2:eu-west-1:111122223333:instance/i-0abc".to_owned());
            Request::new(principal, action, resource, None, context).ok()
        })
        .collect()
}

/// Six different requests an iteration.
#[divan::bench]
fn decide_six_requests(bencher: divan::Bencher<'_, '_>) {
    let (layers, requests) = (layers(), requests());
    bencher.counter(divan::counter::ItemsCount::new(requests.len())).bench_local(|| {
        requests
            .iter()
            .filter(|request| layers.outcome(request) == glidepath_iam::decision::Outcome::Allowed)
            .count()
    });
}

//! Surroundings that tests share: a few exports, parameters and secrets, and three zones in every region.

use glidepath_template::{Fault, Place, Surroundings, Template, read};

/// What is around.
pub(crate) struct World;

impl Surroundings for World {
    fn export(&self, name: &str) -> Option<String> {
        (name == "network-VpcId").then(|| "vpc-0a1b2c3d".to_owned())
    }

    fn dynamic(&self, service: &str, reference: &str) -> Option<String> {
        match (service, reference) {
            ("ssm", "/glidepath/size:2") => Some("small".to_owned()),
            ("secretsmanager", "db:SecretString:password") => Some("hunter2".to_owned()),
            _ => None,
        }
    }

    fn zones(&self, region: &str) -> Vec<String> {
        ["a", "b", "c"].map(|letter| format!("{region}{letter}")).to_vec()
    }

    fn parameter(&self, name: &str) -> Option<String> {
        match name {
            "/glidepath/image" => Some("ami-0a1b2c3d".to_owned()),
            "/glidepath/subnets" => Some("subnet-1, subnet-2".to_owned()),
            _ => None,
        }
    }
}

/// A stack in eu-west-1 of AWS's documentation account.
pub(crate) fn place() -> Place<'static> {
    Place {
        account: "111122223333",
        region: "eu-west-1",
        partition: "aws",
        url_suffix: "amazonaws.com",
        stack_name: "shop",
        stack_id: "arn:aws:cloudformation:eu-west-1:111122223333:stack/shop/1",
        notification_arns: &[],
    }
}

/// A template that has to be readable.
pub(crate) fn template(text: &str) -> Template {
    read(text).unwrap_or_else(|faults| panic!("{}", lines(&faults)))
}

/// Faults as text, one a line.
pub(crate) fn lines(faults: &[Fault]) -> String {
    faults.iter().map(|fault| format!("{fault}\n")).collect()
}

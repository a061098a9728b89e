//! What a key's policy is made of, and the making of it.
//!
//! People and roles are named by their account, with a condition on `aws:PrincipalArn`, and not as principals: AWS
//! refuses a principal that does not exist yet, and turns one that is deleted into an id that no role of the same name
//! gets back. So their own policies have to allow it, too.
//!
//! Sources: <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>; of each service, the
//! page in `glidepath_model::key_services`

use glidepath_model::Address;
use glidepath_model::key_services::{KeyService, KeyServices, KeyUse, Part, Template, Templates};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What administrators may do: everything but use the key, and but grant its use to others.
const ADMINISTRATION: [&str; 16] = [
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:Describe*",
    "kms:Disable*",
    "kms:Enable*",
    "kms:Get*",
    "kms:List*",
    "kms:PutKeyPolicy",
    "kms:ReplicateKey",
    "kms:RevokeGrant",
    "kms:RotateKeyOnDemand",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:Update*",
];
/// What readers may do.
const READING: [&str; 2] = ["kms:Decrypt", "kms:DescribeKey"];

/// Who administers, encrypts and decrypts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct KeyAccess {
    /// The account that owns the key, by its name in the manifest.
    pub account: String,
    /// The key's Regions.
    pub regions: Vec<String>,
    /// Who administers it, besides the administrators of its account.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub admins: Vec<Administrator>,
    /// Services, by their words in `glidepath_model::key_services`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub encrypt_for: Vec<String>,
    /// Who may decrypt.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decrypt_for: Vec<Reader>,
}

/// Somebody who administers a key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Administrator {
    /// The account that it belongs to.
    pub of: Owner,
    /// What it is there: `role/glidepath/apply`, `user/anna`, `root`.
    pub name: String,
}

/// The account that a principal belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Owner {
    /// The account that owns the key.
    Own,
    /// The account of this id.
    Id(String),
}

/// Somebody who decrypts with a key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Reader {
    /// An account by its name in the manifest.
    Account(String),
    /// Every account of the organization.
    Organization,
    /// A role by its ARN.
    Role(String),
}

/// The ids that policies name, as far as they are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownIds {
    /// AWS's partition.
    pub partition: String,
    /// The management account's id.
    pub management: String,
    /// The organization's id.
    pub organization: Option<String>,
    /// Ids of accounts by their names in the manifest.
    pub accounts: BTreeMap<String, String>,
}

impl KnownIds {
    fn account(&self, name: &str) -> Result<&str, Address> {
        self.accounts.get(name).map(String::as_str).ok_or_else(|| Address::Account(name.to_owned()))
    }

    fn organization(&self) -> Result<&str, Address> {
        self.organization.as_deref().ok_or(Address::Organization)
    }

    fn root(&self, account: &str) -> String {
        format!("arn:{}:iam::{account}:root", self.partition)
    }
}

impl KeyAccess {
    /// What has to exist before the policy can be written down.
    #[must_use]
    pub fn references(&self) -> BTreeSet<Address> {
        let readers = self.decrypt_for.iter().filter_map(|reader| match reader {
            Reader::Account(name) => Some(Address::Account(name.clone())),
            Reader::Organization | Reader::Role(_) => None,
        });
        std::iter::once(Address::Account(self.account.clone())).chain(readers).collect()
    }

    /// The policy's document.
    ///
    /// # Errors
    /// The address of the first thing whose id is not known.
    pub fn document(&self, known: &KnownIds) -> Result<Value, Address> {
        let owner = known.account(&self.account)?;
        let mut statements = vec![json!({
            "Sid": "Administration",
            "Effect": "Allow",
            "Principal": {"AWS": known.root(owner)},
            "Action": ADMINISTRATION,
            "Resource": "*",
        })];
        statements.extend(self.administrators(known, owner));
        let services = KeyServices::published().ok();
        for word in &self.encrypt_for {
            let Some(service) = services.and_then(|services| services.services.get(word)) else { continue };
            for (at, used) in service.statements.iter().enumerate() {
                statements.push(self.service(known, owner, (word, at), service, used)?);
            }
        }
        statements.extend(self.readers(known)?);
        Ok(json!({"Version": "2012-10-17", "Statement": statements}))
    }

    /// A statement for the administrators of each account.
    fn administrators(&self, known: &KnownIds, owner: &str) -> Vec<Value> {
        let mut by_account: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for admin in &self.admins {
            let account = match &admin.of {
                Owner::Own => owner,
                Owner::Id(id) => id,
            };
            let arn = format!("arn:{}:iam::{account}:{}", known.partition, admin.name);
            by_account.entry(account).or_default().insert(arn);
        }
        let statement = |(account, arns): (&str, BTreeSet<String>)| {
            let root = known.root(account);
            let mut statement = json!({
                "Sid": format!("Administration{account}"),
                "Effect": "Allow",
                "Principal": {"AWS": root},
                "Action": ADMINISTRATION,
                "Resource": "*",
            });
            if !arns.contains(&root) {
                insert(
                    &mut statement,
                    "Condition",
                    json!({"ArnEquals": {"aws:PrincipalArn": one_or_many(arns)}}),
                );
            }
            statement
        };
        by_account.into_iter().map(statement).collect()
    }

    fn service(
        &self,
        known: &KnownIds,
        owner: &str,
        (word, at): (&str, usize),
        service: &KeyService,
        used: &KeyUse,
    ) -> Result<Value, Address> {
        let filled = |template: &Template| self.filled(known, owner, template);
        let mut statement = json!({
            "Sid": format!("Encryption{word}{}", if at == 0 { String::new() } else { (at + 1).to_string() }),
            "Effect": "Allow",
            "Principal": {"Service": one_or_many(filled(&service.principal)?)},
            "Action": one_or_many(used.actions.iter().cloned()),
            "Resource": "*",
        });
        let mut block = Map::new();
        for (operator, keys) in &used.conditions {
            let mut conditions = Map::new();
            for (key, Templates(values)) in keys {
                let values: Result<Vec<Vec<String>>, Address> = values.iter().map(filled).collect();
                conditions.insert(key.clone(), one_or_many(values?.into_iter().flatten()));
            }
            block.insert(operator.clone(), Value::Object(conditions));
        }
        if !block.is_empty() {
            insert(&mut statement, "Condition", Value::Object(block));
        }
        Ok(statement)
    }

    /// A text for each Region, where it names one; else one text.
    fn filled(&self, known: &KnownIds, owner: &str, template: &Template) -> Result<Vec<String>, Address> {
        let each_region = template.0.contains(&Part::Region);
        let regions =
            if each_region { self.regions.as_slice() } else { self.regions.get(..1).unwrap_or_default() };
        let text = |region: &String| {
            template.0.iter().try_fold(String::new(), |text, part| {
                Ok(text
                    + match part {
                        Part::Text(text) => text,
                        Part::Partition => &known.partition,
                        Part::Management => &known.management,
                        Part::Owner => owner,
                        Part::Organization => known.organization()?,
                        Part::Region => region,
                    })
            })
        };
        regions.iter().map(text).collect()
    }

    fn readers(&self, known: &KnownIds) -> Result<Vec<Value>, Address> {
        let mut accounts = BTreeSet::new();
        let mut roles: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut everybody = None;
        for reader in &self.decrypt_for {
            match reader {
                Reader::Account(name) => {
                    accounts.insert(known.root(known.account(name)?));
                }
                Reader::Organization => everybody = Some(known.organization()?),
                Reader::Role(arn) => {
                    let account = arn.split(':').nth(4).unwrap_or_default();
                    roles.entry(account.to_owned()).or_default().insert(arn.clone());
                }
            }
        }
        let statement = |sid: String, principal: Value, condition: Option<Value>| {
            let mut statement = json!({
                "Sid": sid, "Effect": "Allow", "Principal": principal, "Action": READING, "Resource": "*",
            });
            if let Some(condition) = condition {
                insert(&mut statement, "Condition", condition);
            }
            statement
        };
        let mut statements = Vec::new();
        if !accounts.is_empty() {
            let sid = "Decryption".to_owned();
            statements.push(statement(sid, json!({"AWS": one_or_many(accounts)}), None));
        }
        for (account, arns) in roles {
            let condition = json!({"ArnEquals": {"aws:PrincipalArn": one_or_many(arns)}});
            let principal = json!({"AWS": known.root(&account)});
            statements.push(statement(format!("Decryption{account}"), principal, Some(condition)));
        }
        if let Some(organization) = everybody {
            let condition = json!({"StringEquals": {"aws:PrincipalOrgID": organization}});
            statements.push(statement(
                "DecryptionOrganization".to_owned(),
                json!({"AWS": "*"}),
                Some(condition),
            ));
        }
        Ok(statements)
    }
}

fn insert(statement: &mut Value, element: &str, value: Value) {
    if let Value::Object(members) = statement {
        members.insert(element.to_owned(), value);
    }
}

fn one_or_many(texts: impl IntoIterator<Item = String>) -> Value {
    let mut texts: Vec<String> = texts.into_iter().collect();
    match (texts.len(), texts.pop()) {
        (1, Some(only)) => Value::from(only),
        (_, last) => {
            texts.extend(last);
            Value::from(texts)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use glidepath_iam::context::Context;
    use glidepath_iam::decision::Outcome;
    use glidepath_iam::document::parse;
    use glidepath_iam::evaluate::Layers;
    use glidepath_iam::request::{Principal, Request, Resource};
    use glidepath_iam::statement::Policy;

    const OWNER: &str = "444455556666";
    const MANAGEMENT: &str = "111122223333";

    fn known() -> KnownIds {
        let accounts = [("log-archive", OWNER), ("security", "777788889999"), ("acme-root", MANAGEMENT)];
        KnownIds {
            partition: "aws".to_owned(),
            management: MANAGEMENT.to_owned(),
            organization: Some("o-a1b2c3d4e5".to_owned()),
            accounts: accounts.map(|(name, id)| (name.to_owned(), id.to_owned())).into(),
        }
    }

    fn access() -> KeyAccess {
        let services = KeyServices::published().unwrap().services.keys().cloned().collect();
        KeyAccess {
            account: "log-archive".to_owned(),
            regions: vec!["eu-west-1".to_owned(), "eu-central-1".to_owned()],
            admins: vec![Administrator {
                of: Owner::Id(MANAGEMENT.to_owned()),
                name: "role/glidepath/apply".to_owned(),
            }],
            encrypt_for: services,
            decrypt_for: vec![Reader::Account("security".to_owned())],
        }
    }

    fn allows(principal: &str, action: &str, context: &[(&str, &str)]) -> bool {
        let document = access().document(&known()).unwrap();
        let policy = Policy::new("key", &parse(&document.to_string()).unwrap());
        let everything = r#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
        let layers = Layers {
            identity: vec![Policy::new("own", &parse(everything).unwrap())],
            resource: Some(policy),
            ..Layers::default()
        };
        let mut keys = Context::new();
        for (key, value) in context {
            keys.set(key, *value);
        }
        let resource = Resource::Arn(format!("arn:aws:kms:eu-west-1:{OWNER}:key/k"));
        let principal = Principal::parse(principal).unwrap();
        let request = Request::new(principal, action, resource, Some(OWNER.to_owned()), keys).unwrap();
        layers.outcome(&request) == Outcome::Allowed
    }

    #[test]
    fn the_owners_administrators_can_change_the_key_and_not_read_with_it() {
        let role = "arn:aws:iam::444455556666:role/OrganizationAccountAccessRole";
        assert!(allows(role, "kms:PutKeyPolicy", &[]) && allows(role, "kms:ScheduleKeyDeletion", &[]));
        assert!(!allows(role, "kms:Decrypt", &[]) && !allows(role, "kms:CreateGrant", &[]));
    }

    #[test]
    fn an_administrator_of_another_account_is_the_named_role_alone() {
        assert!(allows("arn:aws:iam::111122223333:role/glidepath/apply", "kms:PutKeyPolicy", &[]));
        assert!(!allows("arn:aws:iam::111122223333:role/other", "kms:PutKeyPolicy", &[]));
    }

    #[test]
    fn readers_decrypt_and_others_do_not() {
        assert!(allows("arn:aws:iam::777788889999:role/analyst", "kms:Decrypt", &[]));
        assert!(!allows("arn:aws:iam::777788889999:role/analyst", "kms:GenerateDataKey", &[]));
        assert!(!allows("arn:aws:iam::123456789012:role/analyst", "kms:Decrypt", &[]));
    }

    #[test]
    fn cloudtrail_encrypts_for_trails_of_the_management_account_and_no_other() {
        let trail = |account: &str| format!("arn:aws:cloudtrail:eu-west-1:{account}:trail/org");
        let with = |account: &str| {
            let arn = trail(account);
            let keys =
                [("aws:SourceArn", arn.as_str()), ("kms:EncryptionContext:aws:cloudtrail:arn", arn.as_str())];
            allows("cloudtrail.amazonaws.com", "kms:GenerateDataKey", &keys)
        };
        assert!(with(MANAGEMENT));
        assert!(!with("123456789012"), "a stranger's trail");
        assert!(!allows("cloudtrail.amazonaws.com", "kms:GenerateDataKey", &[]), "nobody's trail");
    }

    #[test]
    fn config_encrypts_for_the_organization_and_no_other() {
        let with = |organization: &str| {
            let keys = [
                ("aws:SourceArn", "arn:aws:config:eu-west-1:444455556666:config-recorder"),
                ("aws:SourceOrgID", organization),
            ];
            allows("config.amazonaws.com", "kms:GenerateDataKey", &keys)
        };
        assert!(with("o-a1b2c3d4e5") && !with("o-0000000000"));
    }

    #[test]
    fn cloudwatch_logs_encrypts_in_every_region_of_the_key_for_its_own_account() {
        let with = |region: &str, account: &str| {
            let arn = format!("arn:aws:logs:{region}:{account}:log-group:x");
            let keys = [("kms:EncryptionContext:aws:logs:arn", arn.as_str())];
            allows(&format!("logs.{region}.amazonaws.com"), "kms:Encrypt", &keys)
        };
        assert!(with("eu-west-1", OWNER) && with("eu-central-1", OWNER));
        assert!(!with("us-east-1", OWNER) && !with("eu-west-1", "123456789012"));
    }

    #[test]
    fn every_service_is_refused_without_the_keys_that_it_sends() {
        for (word, service) in &KeyServices::published().unwrap().services {
            let Part::Text(first) = &service.principal.0[0] else { panic!("{word}") };
            let principal = if first.ends_with(".com") {
                first.clone()
            } else {
                "logs.eu-west-1.amazonaws.com".to_owned()
            };
            let open = service.note.is_some();
            for action in ["kms:GenerateDataKey", "kms:Decrypt", "kms:Encrypt"] {
                assert!(open || !allows(&principal, action, &[]), "{word} {action}");
            }
        }
    }

    #[test]
    fn what_is_not_known_yet_is_named() {
        let mut unknown = known();
        unknown.organization = None;
        assert_eq!(access().document(&unknown), Err(Address::Organization));
        unknown.accounts.remove("log-archive");
        assert_eq!(access().document(&unknown), Err(Address::Account("log-archive".to_owned())));
    }
}

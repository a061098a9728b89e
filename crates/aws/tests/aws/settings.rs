//! Settings of accounts: requests in Query, EC2's and S3's forms, and answers in XML, without a crate of their services.

use crate::fake::{Answer, Log, options, permit, run};
use bytes::Bytes;
use glidepath_aws::{Aws, Connector, Error, contacts, ec2_settings, iam_settings, s3_settings};
use glidepath_model::AccountId;
use glidepath_model::account_settings::{
    AlternateContact, ContactKind, DefaultVpc, HttpTokens, InstanceMetadata, PasswordPolicy, Preference,
    PublicAccessBlock, RootFeature, SnapshotBlock,
};
use std::sync::{Arc, Mutex};

const REGION: &str = "eu-central-1";

fn account() -> AccountId {
    AccountId::parse("444455556666").unwrap()
}

/// An answer of an account that has everything; none to what is no operation on settings.
pub(crate) fn answer(operation: &str) -> Option<String> {
    let contact = r#"{"AlternateContact": {"Name": "Security", "Title": "CISO", "EmailAddress": "s@example.com",
        "PhoneNumber": "1", "AlternateContactType": "SECURITY"}}"#;
    let iam = |result: &str| {
        format!("<{operation}Response><{operation}Result>{result}</{operation}Result></{operation}Response>")
    };
    let ec2 =
        |result: &str| format!("<{operation}Response><requestId>x</requestId>{result}</{operation}Response>");
    Some(match operation {
        "POST /getAlternateContact" => contact.to_owned(),
        "POST /putAlternateContact" => "{}".to_owned(),
        "PUT /v20180820/configuration/publicAccessBlock" => String::new(),
        "GET /v20180820/configuration/publicAccessBlock" => {
            "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>TRUE\
             </IgnorePublicAcls><BlockPublicPolicy>false</BlockPublicPolicy></PublicAccessBlockConfiguration>"
                .to_owned()
        }
        "ListAccountAliases" => {
            iam("<AccountAliases><member>acme</member></AccountAliases><IsTruncated>false</IsTruncated>")
        }
        "GetAccountPasswordPolicy" => iam(
            "<PasswordPolicy><MinimumPasswordLength>14</MinimumPasswordLength><RequireSymbols>true</RequireSymbols>\
             <MaxPasswordAge>0</MaxPasswordAge></PasswordPolicy>",
        ),
        "ListOrganizationsFeatures" => {
            iam("<EnabledFeatures><member>RootSessions</member><member>New</member></EnabledFeatures>")
        }
        "CreateAccountAlias" | "UpdateAccountPasswordPolicy" => iam(""),
        other if other.contains("OrganizationsRoot") => iam(""),
        "GetEbsEncryptionByDefault" => ec2("<ebsEncryptionByDefault>true</ebsEncryptionByDefault>"),
        "GetEbsDefaultKmsKeyId" => ec2("<kmsKeyId>alias/aws/ebs</kmsKeyId>"),
        "GetInstanceMetadataDefaults" => ec2(
            "<accountLevel><httpTokens>required</httpTokens><httpPutResponseHopLimit>2</httpPutResponseHopLimit>\
             <managedBy>account</managedBy></accountLevel>",
        ),
        "GetSerialConsoleAccessStatus" => {
            ec2("<serialConsoleAccessEnabled>false</serialConsoleAccessEnabled>")
        }
        "GetSnapshotBlockPublicAccessState" => ec2("<state>block-new-sharing</state>"),
        "GetImageBlockPublicAccessState" => {
            ec2("<imageBlockPublicAccessState>block-new-sharing</imageBlockPublicAccessState>")
        }
        "DescribeVpcs" => {
            ec2("<vpcSet><item><vpcId>vpc-1</vpcId><isDefault>true</isDefault></item></vpcSet>")
        }
        "DescribeSubnets" => ec2(
            "<subnetSet><item><subnetId>subnet-1</subnetId></item><item><subnetId>subnet-2</subnetId></item></subnetSet>",
        ),
        "DescribeInternetGateways" => ec2(
            "<internetGatewaySet><item><internetGatewayId>igw-9</internetGatewayId><attachmentSet/><tagSet/></item>\
             <item><internetGatewayId>igw-1</internetGatewayId><attachmentSet><item><vpcId>vpc-1</vpcId></item>\
             </attachmentSet></item></internetGatewaySet>",
        ),
        "DescribeNetworkInterfaces" => ec2("<networkInterfaceSet/>"),
        "EnableEbsEncryptionByDefault"
        | "DisableEbsEncryptionByDefault"
        | "ModifyEbsDefaultKmsKeyId"
        | "ModifyInstanceMetadataDefaults"
        | "EnableSerialConsoleAccess"
        | "DisableSerialConsoleAccess"
        | "EnableSnapshotBlockPublicAccess"
        | "DisableSnapshotBlockPublicAccess"
        | "EnableImageBlockPublicAccess"
        | "DisableImageBlockPublicAccess"
        | "DetachInternetGateway"
        | "DeleteInternetGateway"
        | "DeleteSubnet"
        | "DeleteVpc" => ec2("<return>true</return>"),
        _ => return None,
    })
}

pub(crate) async fn read_everything(aws: &Aws) {
    let session = aws.session();
    contacts::Reader::new(session).contact(ContactKind::Security).await.unwrap().unwrap();
    let iam = iam_settings::Reader::new(session);
    iam.alias().await.unwrap().unwrap();
    iam.password_policy().await.unwrap().unwrap();
    iam.root_access().await.unwrap();
    s3_settings::Reader::new(session, &account(), REGION).public_access_block().await.unwrap();
    let ec2 = ec2_settings::Reader::new(session, REGION);
    ec2.ebs_encryption().await.unwrap();
    ec2.ebs_key().await.unwrap();
    ec2.instance_metadata().await.unwrap();
    ec2.serial_console().await.unwrap();
    ec2.snapshot_block().await.unwrap();
    ec2.image_block().await.unwrap();
    ec2.default_vpc().await.unwrap();
}

fn contact() -> AlternateContact {
    let text = |text: &str| text.to_owned();
    AlternateContact { name: text("A"), title: text("B"), email: text("c@example.com"), phone: text("1") }
}

pub(crate) async fn write_everything(aws: &Aws) {
    let session = aws.session();
    let contacts = contacts::Writer::new(session, &permit()).unwrap();
    contacts.put(Some(&account()), ContactKind::Billing, &contact()).await.unwrap();
    let iam = iam_settings::Writer::new(session, &permit()).unwrap();
    iam.create_alias("acme").await.unwrap();
    iam.update_password_policy(&PasswordPolicy::default()).await.unwrap();
    for feature in RootFeature::ALL {
        iam.enable_root_access(feature).await.unwrap();
        iam.disable_root_access(feature).await.unwrap();
    }
    let s3 = s3_settings::Writer::new(session, &account(), REGION, &permit()).unwrap();
    s3.put_public_access_block(PublicAccessBlock::all(true)).await.unwrap();
    let ec2 = ec2_settings::Writer::new(session, REGION, &permit()).unwrap();
    for on in [true, false] {
        ec2.set_ebs_encryption(on).await.unwrap();
        ec2.set_serial_console(on).await.unwrap();
        ec2.set_image_block(on).await.unwrap();
    }
    ec2.set_ebs_key("alias/volumes").await.unwrap();
    ec2.set_instance_metadata(&InstanceMetadata::default()).await.unwrap();
    ec2.set_snapshot_block(SnapshotBlock::BlockAllSharing).await.unwrap();
    ec2.set_snapshot_block(SnapshotBlock::Unblocked).await.unwrap();
    ec2.detach_gateway("igw-1", "vpc-1").await.unwrap();
    ec2.delete_gateway("igw-1").await.unwrap();
    ec2.delete_subnet("subnet-1").await.unwrap();
    ec2.delete_vpc("vpc-1").await.unwrap();
}

/// Runs against answers in XML.
fn against<T>(
    answers: impl Fn(&str) -> Answer + Send + Sync + 'static,
    test: impl AsyncFnOnce(Aws) -> T,
) -> T {
    run(options(&Log::default(), move |operation, _, _| answers(operation)), test)
}

fn usual(operation: &str) -> Answer {
    Answer::Xml(200, answer(operation).unwrap())
}

#[test]
fn answers_are_told_in_the_models_types() {
    against(usual, async |aws| {
        let iam = iam_settings::Reader::new(aws.session());
        let policy = iam.password_policy().await.unwrap().unwrap();
        assert_eq!((policy.minimum_length, policy.symbols, policy.max_age), (Some(14), Some(true), None));
        assert_eq!(policy.hard_expiry, Some(false), "what is left out is off");
        assert_eq!(iam.root_access().await.unwrap().into_iter().collect::<Vec<_>>(), [RootFeature::Sessions]);
        let s3 = s3_settings::Reader::new(aws.session(), &account(), REGION);
        let block = s3.public_access_block().await.unwrap();
        assert!(block.block_public_acls && block.ignore_public_acls);
        assert!(!block.block_public_policy && !block.restrict_public_buckets);
        let ec2 = ec2_settings::Reader::new(aws.session(), REGION);
        let metadata = ec2.instance_metadata().await.unwrap();
        assert_eq!((metadata.http_tokens, metadata.hop_limit), (Some(HttpTokens::Required), Some(2)));
        assert_eq!(metadata.endpoint, Some(Preference::NoPreference));
        let DefaultVpc::Present(vpc) = ec2.default_vpc().await.unwrap() else { panic!() };
        assert_eq!((vpc.subnets.len(), vpc.gateway.as_deref(), vpc.detached), (2, Some("igw-1"), false));
    });
}

/// How the default VPC is told where the gateways of the Region are these.
fn with_gateways(gateways: &'static str) -> Option<(Option<String>, bool)> {
    let answers = move |operation: &str| match operation {
        "DescribeInternetGateways" => {
            Answer::Xml(200, format!("<r><internetGatewaySet>{gateways}</internetGatewaySet></r>"))
        }
        other => usual(other),
    };
    against(answers, async |aws| {
        match ec2_settings::Reader::new(aws.session(), REGION).default_vpc().await.unwrap() {
            DefaultVpc::Present(parts) => Some((parts.gateway, parts.detached)),
            DefaultVpc::Absent => None,
        }
    })
}

#[test]
fn a_gateway_that_hangs_on_nothing_is_the_vpcs_only_if_it_is_alone_and_has_no_tag() {
    const LOOSE: &str = "<item><internetGatewayId>igw-2</internetGatewayId></item>";
    const TAGGED: &str =
        "<item><internetGatewayId>igw-3</internetGatewayId><tagSet><item><key>a</key></item></tagSet></item>";
    const TWO: &str = "<item><internetGatewayId>igw-2</internetGatewayId></item><item><internetGatewayId>igw-4</internetGatewayId></item>";
    assert_eq!(with_gateways(LOOSE), Some((Some("igw-2".to_owned()), true)));
    assert_eq!(with_gateways(TAGGED), Some((None, false)));
    assert_eq!(with_gateways(TWO), Some((None, false)));
    assert_eq!(with_gateways(""), Some((None, false)));
}

fn refused(
    status: u16,
    form: fn(&str) -> String,
    code: &'static str,
) -> impl Fn(&str) -> Answer + Send + Sync {
    move |_| Answer::Xml(status, form(code))
}

fn query(code: &str) -> String {
    format!(
        "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>m</Message></Error></ErrorResponse>"
    )
}

fn ec2(code: &str) -> String {
    format!("<Response><Errors><Error><Code>{code}</Code><Message>m</Message></Error></Errors></Response>")
}

fn s3(code: &str) -> String {
    format!("<Error><Code>{code}</Code><Message>m</Message></Error>")
}

#[test]
fn what_is_not_there_is_told_from_what_is_refused() {
    against(refused(404, query, "NoSuchEntity"), async |aws| {
        assert_eq!(iam_settings::Reader::new(aws.session()).password_policy().await.unwrap(), None);
    });
    against(refused(409, query, "ServiceAccessNotEnabledException"), async |aws| {
        assert!(iam_settings::Reader::new(aws.session()).root_access().await.unwrap().is_empty());
    });
    against(refused(404, s3, "NoSuchPublicAccessBlockConfiguration"), async |aws| {
        let reader = s3_settings::Reader::new(aws.session(), &account(), REGION);
        assert_eq!(reader.public_access_block().await.unwrap(), PublicAccessBlock::default());
    });
    against(refused(403, ec2, "UnauthorizedOperation"), async |aws| {
        let error = ec2_settings::Reader::new(aws.session(), REGION).ebs_encryption().await.unwrap_err();
        assert!(error.is_denied(), "{error}");
    });
    against(refused(400, ec2, "InvalidSubnetID.NotFound"), async |aws| {
        let writer = ec2_settings::Writer::new(aws.session(), REGION, &permit()).unwrap();
        writer.delete_subnet("subnet-1").await.unwrap();
        assert!(writer.delete_vpc("vpc-1").await.is_err(), "only what is gone itself is done");
    });
    against(refused(403, s3, "AccessDenied"), async |aws| {
        let reader = s3_settings::Reader::new(aws.session(), &account(), REGION);
        assert!(reader.public_access_block().await.unwrap_err().is_denied());
    });
}

#[test]
fn a_throttle_in_xml_is_waited_for_like_any_other() {
    let log = Log::default();
    let options = options(&log, |operation, _, before| match before {
        0 => Answer::Xml(503, ec2("RequestLimitExceeded")),
        1 => Answer::Xml(400, query("Throttling")),
        _ => usual(operation),
    });
    run(options, async |aws| {
        assert!(ec2_settings::Reader::new(aws.session(), REGION).ebs_encryption().await.unwrap());
    });
    assert_eq!(log.operations(), ["GetEbsEncryptionByDefault"; 3]);
}

#[test]
fn answers_that_are_none_are_malformed_and_nothing_is_made_up() {
    for body in ["", "<a>", "{}", "<r><ebsEncryptionByDefault>maybe</ebsEncryptionByDefault></r>", "<r/>"] {
        let answers = move |_: &str| Answer::Xml(200, body.to_owned());
        against(answers, async |aws| {
            let error = ec2_settings::Reader::new(aws.session(), REGION).ebs_encryption().await.unwrap_err();
            assert!(matches!(error, Error::Malformed { .. }), "{body}: {error}");
        });
    }
    let looping = |operation: &str| match operation {
        "DescribeSubnets" => Answer::Xml(200, "<r><subnetSet/><nextToken>again</nextToken></r>".to_owned()),
        other => usual(other),
    };
    against(looping, async |aws| {
        let error = ec2_settings::Reader::new(aws.session(), REGION).default_vpc().await.unwrap_err();
        assert!(error.to_string().contains("more than 100 pages"), "{error}");
    });
}

/// Where requests went: method, address, the scope that they were signed for, the header for S3's account, the body.
fn sent(test: impl AsyncFnOnce(Aws)) -> Vec<String> {
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let told = seen.clone();
    let mut options = options(&Log::default(), |_, _, _| Answer::Reset);
    options.connector = Connector::InProcess(Arc::new(move |request: http::Request<Bytes>| {
        let header =
            |name: &str| request.headers().get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
        let body = String::from_utf8(request.body().to_vec()).unwrap();
        let authorization = header("authorization");
        let scope = authorization.split("Credential=").nth(1).unwrap().split(',').next().unwrap();
        let scope = scope.splitn(3, '/').nth(2).unwrap();
        let account = header("x-amz-account-id");
        told.lock().unwrap().push(format!(
            "{} {} {scope} [{account}] {body}",
            request.method(),
            request.uri()
        ));
        let operation = match body.split('&').find_map(|pair| pair.strip_prefix("Action=")) {
            Some(action) => action.to_owned(),
            None => format!("{} {}", request.method(), request.uri().path()),
        };
        Ok(http::Response::builder().status(200).body(answer(&operation).unwrap().into()).unwrap())
    }));
    run(options, test);
    Arc::into_inner(seen).map_or_else(Vec::new, |seen| seen.into_inner().unwrap())
}

#[test]
fn every_service_is_called_at_its_own_host_and_signed_for_its_own_region() {
    let requests = sent(async |aws| {
        let session = aws.session();
        iam_settings::Writer::new(session, &permit()).unwrap().create_alias("acme").await.unwrap();
        ec2_settings::Reader::new(session, REGION).interfaces("vpc-1").await.unwrap();
        s3_settings::Reader::new(session, &account(), REGION).public_access_block().await.unwrap();
        let contacts = contacts::Writer::new(session, &permit()).unwrap();
        contacts.put(Some(&account()), ContactKind::Security, &contact()).await.unwrap();
        contacts.put(None, ContactKind::Security, &contact()).await.unwrap();
    });
    let contact = r#""AlternateContactType":"SECURITY","Name":"A","Title":"B","EmailAddress":"c@example.com","PhoneNumber":"1""#;
    assert_eq!(
        requests,
        [
            "POST https://iam.amazonaws.com/ us-east-1/iam/aws4_request [] \
             Action=CreateAccountAlias&Version=2010-05-08&AccountAlias=acme"
                .to_owned(),
            "POST https://ec2.eu-central-1.amazonaws.com/ eu-central-1/ec2/aws4_request [] \
             Action=DescribeNetworkInterfaces&Version=2016-11-15&Filter.1.Name=vpc-id&Filter.1.Value.1=vpc-1"
                .to_owned(),
            "GET https://444455556666.s3-control.eu-central-1.amazonaws.com/v20180820/configuration/publicAccessBlock \
             eu-central-1/s3/aws4_request [444455556666] "
                .to_owned(),
            format!(
                "POST https://account.us-east-1.amazonaws.com/putAlternateContact us-east-1/account/aws4_request [] \
                 {{{contact},\"AccountId\":\"444455556666\"}}"
            ),
            format!(
                "POST https://account.us-east-1.amazonaws.com/putAlternateContact us-east-1/account/aws4_request [] \
                 {{{contact}}}"
            ),
        ]
    );
}

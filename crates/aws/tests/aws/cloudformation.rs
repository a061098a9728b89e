//! Stack sets and stacks: what is read from AWS's XML, what is sent, and what counts as done.

use crate::fake::{Answer, Log, options, permit, run};
use glidepath_aws::cloudformation::{
    ChangeSetOrder, ChangeSetState, Detection, Preferences, Protection, Reader, ResourceAction, StackIs,
    StackSetText, Targets, Writer,
};
use glidepath_aws::{Aws, Error, Rates};
use glidepath_model::deployment::{AutoDeployment, InstanceStatus, OperationStatus, StackSetAction};
use glidepath_model::{AccountId, Tags};
use std::collections::{BTreeMap, BTreeSet};

const REGION: &str = "eu-west-1";
const STACK: &str = "arn:aws:cloudformation:eu-west-1:111122223333:stack/trail/1";

fn wrapped(operation: &str, body: &str) -> String {
    format!("<{operation}Response><{operation}Result>{body}</{operation}Result></{operation}Response>")
}

fn refused(code: &str, message: &str) -> Answer {
    let body = format!(
        "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
    );
    Answer::Xml(400, body)
}

fn set(more: &str) -> String {
    format!(
        "<StackSet><StackSetName>base</StackSetName><StackSetId>base:1</StackSetId><StackSetARN>arn:aws:x</StackSetARN>\
         <TemplateBody>{{}}</TemplateBody>{more}</StackSet>"
    )
}

fn instance(detailed: &str) -> String {
    format!(
        "<member><Account>444455556666</Account><Region>{REGION}</Region>\
         <OrganizationalUnitId>ou-ab12-11112222</OrganizationalUnitId><StatusReason>why</StatusReason>\
         <StackInstanceStatus><DetailedStatus>{detailed}</DetailedStatus></StackInstanceStatus></member>"
    )
}

fn change_set(status: &str, more: &str) -> String {
    wrapped(
        "DescribeChangeSet",
        &format!("<ChangeSetId>arn:aws:c</ChangeSetId><Status>{status}</Status>{more}"),
    )
}

/// An answer to every operation that the SDK and our parsers take.
pub(crate) fn answer(operation: &str) -> String {
    let operations = "<OperationId>gp1</OperationId><Action>CREATE</Action><Status>SUCCEEDED</Status>";
    let body = match operation {
        "CreateStackSet" => "<StackSetId>base:1</StackSetId>".to_owned(),
        "DescribeStackSet" => set(""),
        "UpdateStackSet" | "CreateStackInstances" | "UpdateStackInstances" | "DeleteStackInstances" => {
            "<OperationId>gp1</OperationId>".to_owned()
        }
        "DescribeStackSetOperation" => format!("<StackSetOperation>{operations}</StackSetOperation>"),
        "GetTemplate" => "<TemplateBody>{}</TemplateBody>".to_owned(),
        "DescribeChangeSet" => return change_set("CREATE_COMPLETE", ""),
        "CreateChangeSet" => "<Id>arn:aws:c</Id><StackId>arn:aws:s</StackId>".to_owned(),
        "DetectStackSetDrift" => "<OperationId>gp1</OperationId>".to_owned(),
        "DetectStackDrift" => "<StackDriftDetectionId>d1</StackDriftDetectionId>".to_owned(),
        "DescribeStackDriftDetectionStatus" => {
            "<DetectionStatus>DETECTION_COMPLETE</DetectionStatus>".to_owned()
        }
        "DescribeOrganizationsAccess" => "<Status>ENABLED</Status>".to_owned(),
        _ => String::new(),
    };
    wrapped(operation, &body)
}

pub(crate) async fn read_everything(aws: &Aws) {
    let reader = Reader::new(aws.session(), REGION);
    reader.list_stack_sets().await.unwrap();
    reader.describe_stack_set("base").await.unwrap().unwrap();
    reader.list_stack_set_operations("base").await.unwrap();
    reader.describe_stack_set_operation("base", "gp1").await.unwrap().unwrap();
    reader.list_stack_set_operation_results("base", "gp1").await.unwrap();
    reader.list_auto_deployment_targets("base").await.unwrap();
    reader.list_stack_instances("base").await.unwrap();
    reader.list_stack_instances_of("base", &AccountId::parse("444455556666").unwrap()).await.unwrap();
    reader.list_stack_instances_in("base", InstanceStatus::Failed).await.unwrap();
    reader.describe_stacks().await.unwrap();
    assert_eq!(reader.describe_stack("trail").await.unwrap(), None);
    reader.get_template("trail").await.unwrap().unwrap();
    reader.stuck_resources("trail").await.unwrap();
    reader.first_failure("trail").await.unwrap();
    reader.describe_change_set("trail", "gp1").await.unwrap().unwrap();
    reader.detect_stack_set_drift("base", &preferences(), "gp1").await.unwrap();
    reader.list_drifted_stack_instances("base").await.unwrap();
    let account = "444455556666".parse().unwrap();
    reader.list_stack_instance_resource_drifts(("base", "gp1"), (&account, REGION)).await.unwrap();
    reader.detect_stack_drift("trail").await.unwrap();
    assert_eq!(reader.describe_stack_drift_detection_status("d1").await.unwrap(), Detection::Complete);
    reader.describe_stack_resource_drifts("trail").await.unwrap();
    assert!(reader.has_organizations_access().await.unwrap());
}

fn text<'a>(
    none: &'a BTreeMap<String, String>,
    capabilities: &'a BTreeSet<String>,
    tags: &'a Tags,
) -> StackSetText<'a> {
    StackSetText {
        name: "base",
        description: "what it is for",
        template: "{}",
        parameters: none,
        capabilities,
        auto_deployment: None,
        tags,
    }
}

fn order<'a>(
    none: &'a BTreeMap<String, String>,
    capabilities: &'a BTreeSet<String>,
    tags: &'a Tags,
) -> ChangeSetOrder<'a> {
    ChangeSetOrder {
        stack: "trail",
        name: "gp1",
        stack_is: StackIs::New,
        template: "{}",
        parameters: none,
        capabilities,
        tags,
    }
}

fn preferences() -> Preferences {
    Preferences { concurrent_percent: 100, tolerated_percent: 100, region_order: Vec::new() }
}

pub(crate) async fn write_everything(aws: &Aws) {
    let writer = Writer::new(aws.session(), REGION, permit()).unwrap();
    let (none, capabilities, tags) = (BTreeMap::new(), BTreeSet::new(), Tags::new());
    let (targets, regions) =
        (Targets::Units(vec!["ou-ab12-11112222".into()]), BTreeSet::from([REGION.to_owned()]));
    let to = (&targets, &regions);
    let preferences = &preferences();
    writer.activate_organizations_access().await.unwrap();
    writer.create_stack_set(text(&none, &capabilities, &tags), "gp1").await.unwrap();
    writer.update_stack_set(text(&none, &capabilities, &tags), preferences, "gp1").await.unwrap();
    writer.create_stack_instances("base", to, preferences, "gp1").await.unwrap();
    writer.update_stack_instances("base", to, preferences, "gp1").await.unwrap();
    writer.delete_stack_instances("base", to, preferences, "gp1").await.unwrap();
    writer.delete_stack_set("base").await.unwrap();
    writer.create_change_set(order(&none, &capabilities, &tags)).await.unwrap();
    writer.execute_change_set("trail", "gp1", "gp2").await.unwrap();
    writer.delete_change_set("trail", "gp1").await.unwrap();
    writer.set_termination_protection("trail", Protection::On).await.unwrap();
    writer.continue_update_rollback("trail", &BTreeSet::new(), "gp1").await.unwrap();
    writer.delete_stack(STACK, &BTreeSet::new(), "gp1").await.unwrap();
}

#[test]
fn stack_sets_of_other_permission_models_are_left_out_and_empty_pages_are_not_the_end() {
    let log = Log::default();
    let one = |name: &str, model: &str| {
        format!(
            "<member><StackSetName>{name}</StackSetName><PermissionModel>{model}</PermissionModel></member>"
        )
    };
    let options = options(&log, move |operation, _, before| {
        let body = match before {
            0 => "<Summaries/><NextToken>1</NextToken>".to_owned(),
            _ => format!(
                "<Summaries>{}{}</Summaries>",
                one("ours", "SERVICE_MANAGED"),
                one("old", "SELF_MANAGED")
            ),
        };
        Answer::Xml(200, wrapped(operation, &body))
    });
    let names = run(options, async |aws| Reader::new(aws.session(), REGION).list_stack_sets().await.unwrap());
    assert_eq!(names, ["ours"]);
    let first = log.all()[0].body.as_str().unwrap().to_owned();
    assert!(first.contains("Status=ACTIVE") && first.contains("MaxResults=100"), "{first}");
}

#[test]
fn a_stack_set_is_read_with_its_auto_deployment_and_its_mark() {
    let more = "<Status>ACTIVE</Status><AutoDeployment><Enabled>true</Enabled>\
                <RetainStacksOnAccountRemoval>true</RetainStacksOnAccountRemoval>\
                <DependsOn><member>arn:aws:other</member></DependsOn></AutoDeployment>\
                <ManagedExecution><Active>true</Active></ManagedExecution>\
                <Capabilities><member>CAPABILITY_IAM</member></Capabilities>\
                <Tags><member><Key>glidepath:managed-by</Key><Value>acme</Value></member></Tags>";
    let options =
        options(&Log::default(), move |operation, _, _| Answer::Xml(200, wrapped(operation, &set(more))));
    let found = run(options, async |aws| Reader::new(aws.session(), REGION).describe_stack_set("base").await);
    let found = found.unwrap().unwrap();
    let depends_on = BTreeSet::from(["arn:aws:other".to_owned()]);
    assert_eq!(found.auto_deployment, Some(AutoDeployment { retain: true, depends_on }));
    assert!(found.managed_execution && found.capabilities.contains("CAPABILITY_IAM"));
    assert_eq!(found.tags["glidepath:managed-by"], "acme");
}

#[test]
fn what_is_deleted_or_unknown_is_none_and_no_error() {
    let deleted = set("<Status>DELETED</Status>");
    let options = options(&Log::default(), move |operation, _, before| match (operation, before) {
        ("DescribeStackSet", 0) => Answer::Xml(200, wrapped(operation, &deleted)),
        ("DescribeStackSet", _) => refused("StackSetNotFoundException", "StackSet base not found"),
        ("DescribeStackSetOperation", _) => refused("OperationNotFoundException", "none"),
        ("DescribeChangeSet", _) => refused("ChangeSetNotFound", "ChangeSet [gp1] does not exist"),
        _ => refused("ValidationError", "Stack with id trail does not exist"),
    });
    run(options, async |aws| {
        let reader = Reader::new(aws.session(), REGION);
        assert_eq!(reader.describe_stack_set("base").await, Ok(None));
        assert_eq!(reader.describe_stack_set("base").await, Ok(None));
        assert_eq!(reader.describe_stack_set_operation("base", "gp1").await, Ok(None));
        assert_eq!(reader.describe_change_set("trail", "gp1").await, Ok(None));
        assert_eq!(reader.describe_stack("trail").await, Ok(None));
        assert_eq!(reader.get_template("trail").await, Ok(None));
        assert_eq!(reader.first_failure("trail").await, Ok(None));
    });
}

#[test]
fn stacks_are_asked_for_by_how_they_stand_and_a_status_of_tomorrow_is_an_error() {
    let log = Log::default();
    let options = options(&log, |operation, _, before| {
        let status = if before == 0 { "FAILED_IMPORT" } else { "TOMORROW" };
        Answer::Xml(200, wrapped(operation, &format!("<Summaries>{}</Summaries>", instance(status))))
    });
    run(options, async |aws| {
        let reader = Reader::new(aws.session(), REGION);
        let found = reader.list_stack_instances_in("base", InstanceStatus::Failed).await.unwrap();
        assert_eq!((found[0].status, found[0].reason.as_str()), (InstanceStatus::Failed, "why"));
        assert_eq!(found[0].unit.as_deref(), Some("ou-ab12-11112222"));
        let error = reader.list_stack_instances("base").await.unwrap_err();
        assert!(matches!(error, Error::Malformed { .. }), "{error}");
    });
    let filter = log.all()[0].body.as_str().unwrap().to_owned();
    assert!(filter.contains("Name=DETAILED_STATUS") && filter.contains("Values=FAILED"), "{filter}");
}

#[test]
fn an_operation_is_read_with_what_it_does_and_how_many_stacks_failed() {
    let options = options(&Log::default(), |operation, _, _| {
        let body = "<Summaries><member><OperationId>gp1</OperationId><Action>UPDATE</Action><Status>STOPPED</Status>\
                    <CreationTimestamp>2027-01-01T00:00:00Z</CreationTimestamp>\
                    <StatusDetails><FailedStackInstancesCount>3</FailedStackInstancesCount></StatusDetails>\
                    </member></Summaries>";
        Answer::Xml(200, wrapped(operation, body))
    });
    let found = run(options, async |aws| {
        Reader::new(aws.session(), REGION).list_stack_set_operations("base").await.unwrap()
    });
    assert_eq!((found[0].action, found[0].status), (StackSetAction::Update, OperationStatus::Stopped));
    assert_eq!((found[0].failed, found[0].created), (Some(3), Some("2027-01-01T00:00:00Z".parse().unwrap())));
}

#[test]
fn a_change_set_stands_by_its_status_reason_and_execution() {
    let change = "<Changes><member><Type>Resource</Type><ResourceChange><Action>Modify</Action>\
                  <LogicalResourceId>Key</LogicalResourceId><Replacement>True</Replacement></ResourceChange>\
                  </member></Changes>";
    let rows = [
        (
            change_set("CREATE_IN_PROGRESS", "<ExecutionStatus>UNAVAILABLE</ExecutionStatus>"),
            ChangeSetState::Pending,
        ),
        (
            change_set("CREATE_COMPLETE", &format!("<ExecutionStatus>AVAILABLE</ExecutionStatus>{change}")),
            ChangeSetState::Ready,
        ),
        (
            change_set("CREATE_COMPLETE", "<ExecutionStatus>OBSOLETE</ExecutionStatus>"),
            ChangeSetState::Failed("it is OBSOLETE".to_owned()),
        ),
        (
            change_set(
                "FAILED",
                "<StatusReason>The submitted information didn't contain changes.</StatusReason>",
            ),
            ChangeSetState::Empty,
        ),
        (change_set("FAILED", "<StatusReason>no</StatusReason>"), ChangeSetState::Failed("no".to_owned())),
    ];
    for (xml, expected) in rows {
        let options = options(&Log::default(), move |_, _, _| Answer::Xml(200, xml.clone()));
        let found = run(options, async |aws| {
            Reader::new(aws.session(), REGION).describe_change_set("trail", "gp1").await.unwrap().unwrap()
        });
        assert_eq!(found.state, expected);
        let replaces = found.changes.iter().filter(|change| change.action == ResourceAction::Replace).count();
        assert_eq!(replaces, usize::from(expected == ChangeSetState::Ready));
    }
}

#[test]
fn the_first_failure_of_the_latest_operation_is_told() {
    let event = |id: &str, status: &str, reason: &str, of_stack: bool| {
        let physical = if of_stack { STACK } else { "x" };
        format!(
            "<member><StackId>{STACK}</StackId><EventId>e</EventId><StackName>trail</StackName>\
             <Timestamp>2027-01-01T00:00:00Z</Timestamp><LogicalResourceId>{id}</LogicalResourceId>\
             <PhysicalResourceId>{physical}</PhysicalResourceId><ResourceStatus>{status}</ResourceStatus>\
             <ResourceStatusReason>{reason}</ResourceStatusReason></member>"
        )
    };
    let events = [
        event("trail", "ROLLBACK_COMPLETE", "", true),
        event("Topic", "CREATE_FAILED", "Resource creation cancelled", false),
        event("Bucket", "CREATE_FAILED", "it is taken", false),
        event("trail", "CREATE_IN_PROGRESS", "", true),
        event("Old", "CREATE_FAILED", "long ago", false),
    ];
    let body = format!("<StackEvents>{}</StackEvents>", events.concat());
    let options =
        options(&Log::default(), move |operation, _, _| Answer::Xml(200, wrapped(operation, &body)));
    let told =
        run(options, async |aws| Reader::new(aws.session(), REGION).first_failure(STACK).await.unwrap());
    assert_eq!(told.as_deref(), Some("Bucket: it is taken"));
}

#[test]
fn what_is_so_already_counts_as_done() {
    let log = Log::default();
    let options = options(&log, |operation, _, _| match operation {
        "DeleteStackSet" => refused("StackSetNotFoundException", "none"),
        "CreateChangeSet" => refused("AlreadyExistsException", "there"),
        "DeleteChangeSet" => refused("ChangeSetNotFound", "none"),
        _ => refused("OperationIdAlreadyExistsException", "there"),
    });
    run(options, async |aws| {
        let writer = Writer::new(aws.session(), REGION, permit()).unwrap();
        let (none, capabilities, tags) = (BTreeMap::new(), BTreeSet::new(), Tags::new());
        let (targets, regions) =
            (Targets::Units(vec!["ou-ab12-11112222".into()]), BTreeSet::from([REGION.to_owned()]));
        let (to, preferences) = ((&targets, &regions), &preferences());
        let set = text(&none, &capabilities, &tags);
        assert_eq!(writer.update_stack_set(set, preferences, "gp1").await.unwrap(), "gp1");
        assert_eq!(writer.create_stack_instances("base", to, preferences, "gp1").await.unwrap(), "gp1");
        assert_eq!(writer.update_stack_instances("base", to, preferences, "gp1").await.unwrap(), "gp1");
        assert_eq!(writer.delete_stack_instances("base", to, preferences, "gp1").await.unwrap(), "gp1");
        writer.delete_stack_set("base").await.unwrap();
        writer.create_change_set(order(&none, &capabilities, &tags)).await.unwrap();
        writer.delete_change_set("trail", "gp1").await.unwrap();
    });
    assert_eq!(log.all().len(), 7);
}

#[test]
fn the_mark_goes_with_the_create_and_a_name_that_is_taken_is_told() {
    let log = Log::default();
    let options = options(&log, |_, _, _| refused("NameAlreadyExistsException", "taken"));
    let error = run(options, async |aws| {
        let writer = Writer::new(aws.session(), REGION, permit()).unwrap();
        let tags = Tags::from([("glidepath:managed-by".into(), "acme".into())]);
        let (none, capabilities) = (BTreeMap::new(), BTreeSet::from(["CAPABILITY_IAM".to_owned()]));
        writer.create_stack_set(text(&none, &capabilities, &tags), "gp1").await.unwrap_err()
    });
    assert!(error.is_already_there(), "{error}");
    let sent = log.all()[0].body.as_str().unwrap().to_owned();
    for part in [
        "Tags.member.1.Key=glidepath%3Amanaged-by",
        "Tags.member.1.Value=acme",
        "PermissionModel=SERVICE_MANAGED",
        "ManagedExecution.Active=true",
        "AutoDeployment.Enabled=false",
        "Capabilities.member.1=CAPABILITY_IAM",
        "ClientRequestToken=gp1",
    ] {
        assert!(sent.contains(part), "{part}: {sent}");
    }
}

#[test]
fn single_accounts_are_sent_with_their_units_and_stacks_go_with_their_instances() {
    let log = Log::default();
    let options = options(&log, |operation, _, _| Answer::Xml(200, answer(operation)));
    run(options, async |aws| {
        let writer = Writer::new(aws.session(), REGION, permit()).unwrap();
        let accounts = vec!["444455556666".parse().unwrap()];
        let targets = Targets::Accounts { units: vec!["ou-ab12-11112222".into()], accounts };
        let to = (&targets, &BTreeSet::from([REGION.to_owned()]));
        writer.delete_stack_instances("base", to, &preferences(), "gp1").await.unwrap();
    });
    let sent = log.all()[0].body.as_str().unwrap().to_owned();
    for part in [
        "DeploymentTargets.Accounts.member.1=444455556666",
        "DeploymentTargets.OrganizationalUnitIds.member.1=ou-ab12-11112222",
        "DeploymentTargets.AccountFilterType=INTERSECTION",
        "RetainStacks=false",
        "OperationPreferences.ConcurrencyMode=SOFT_FAILURE_TOLERANCE",
    ] {
        assert!(sent.contains(part), "{part}: {sent}");
    }
}

#[test]
fn regions_do_not_share_a_bucket_and_calls_to_one_of_them_do() {
    let log = Log::default();
    let mut options = options(&log, |operation, _, _| Answer::Xml(200, answer(operation)));
    options.rates = Rates::Published;
    run(options, async |aws| {
        for region in [REGION, "us-east-1"] {
            let reader = Reader::new(aws.session(), region);
            for _ in 0..3 {
                reader.list_stack_sets().await.unwrap();
            }
        }
    });
    let tenths: Vec<f64> = log.seconds().into_iter().map(|at| (at * 10.0).round()).collect();
    assert_eq!(tenths, [0.0, 0.0, 5.0, 5.0, 5.0, 10.0]);
}

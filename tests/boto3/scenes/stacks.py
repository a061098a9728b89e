"""Stacks, change sets and what becomes of them."""

import json

from botocore.exceptions import ClientError
from server import MANAGEMENT, Server
from world import code, every

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ],
}


def template(**resources):
    """A template with these resources."""
    return json.dumps({"Resources": resources})


def note(value="x"):
    """A parameter of Systems Manager with a made-up name."""
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": value}}


TOPIC = {"Type": "AWS::SNS::Topic", "DependsOn": "Note"}
ROLE = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}}
NO_TOPICS = f"fail={MANAGEMENT}/us-east-1/AWS::SNS::Topic"


class Stacks:
    """A client of CloudFormation that waits."""

    def __init__(self, server):
        self.server = server
        self.client = server.client("cloudformation")

    def settle(self):
        """Lets what is under way come to its end: a step takes up to five minutes, and three follow each other."""
        for _ in range(3):
            self.server.pass_time(310)

    def create(self, name, body, **more):
        made = self.client.create_stack(StackName=name, TemplateBody=body, **more)
        self.settle()
        return made["StackId"]

    def status(self, name):
        return self.client.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]

    def expect(self, name, status):
        found = self.status(name)
        assert found == status, f"{name} is {found}, not {status}"

    def refused(self, call, wanted, **request):
        """Makes a call that has to fail in this way."""
        try:
            call(**request)
        except ClientError as error:
            # Some of CloudFormation's errors leave off the end of their name on the wire.
            found = code(error)[0]
            same = found.removesuffix("Exception") == wanted.removesuffix("Exception")
            assert same, f"{wanted} was expected and {found} came"
            return error.response["Error"]["Message"]
        raise AssertionError(f"{wanted} was expected and nothing was refused")


def life(ledger):
    """A stack is made, told, updated and deleted; its names and tokens are taken."""
    with Server(ledger) as server:
        stacks = Stacks(server)
        client, refused = stacks.client, stacks.refused
        request = {"StackName": "app", "TemplateBody": template(Note=note()), "ClientRequestToken": "one"}
        client.create_stack(**request)
        stacks.expect("app", "CREATE_IN_PROGRESS")
        stacks.settle()
        stacks.expect("app", "CREATE_COMPLETE")
        refused(client.create_stack, "AlreadyExistsException", **{**request, "ClientRequestToken": "two"})
        refused(client.create_stack, "TokenAlreadyExistsException", **{**request, "StackName": "other"})
        change = {"StackName": "app", "TemplateBody": template(Note=note("y"))}
        refused(client.update_stack, "TokenAlreadyExistsException", **change, ClientRequestToken="one")
        told = refused(client.update_stack, "ValidationError", StackName="app", UsePreviousTemplate=True)
        assert told == "No updates are to be performed.", told
        client.update_stack(**change, Tags=[{"Key": "team", "Value": "x"}])
        refused(client.cancel_update_stack, "TokenAlreadyExistsException", StackName="app", ClientRequestToken="one")
        client.cancel_update_stack(StackName="app")
        stacks.settle()
        stacks.expect("app", "UPDATE_ROLLBACK_COMPLETE")
        for team in "xyz":
            client.update_stack(**change, Tags=[{"Key": "team", "Value": team}])
            stacks.settle()
        client.update_stack(StackName="app", UsePreviousTemplate=True, Tags=[])
        stacks.settle()
        assert client.describe_stacks(StackName="app")["Stacks"][0].get("Tags", []) == []
        resource = client.describe_stack_resource(StackName="app", LogicalResourceId="Note")["StackResourceDetail"]
        found = client.describe_stack_resources(PhysicalResourceId=resource["PhysicalResourceId"])["StackResources"]
        assert [one["LogicalResourceId"] for one in found] == ["Note"], found
        assert len(every(client, "describe_stack_events", "StackEvents", StackName="app")) > 20  # two pages
        assert len(every(client, "list_stack_resources", "StackResourceSummaries", StackName="app")) == 1
        assert client.get_template(StackName="app")["TemplateBody"]
        refused(client.get_template, "ChangeSetNotFoundException", StackName="app", ChangeSetName="none")
        client.update_termination_protection(StackName="app", EnableTerminationProtection=True)
        refused(client.delete_stack, "ValidationError", StackName="app")
        client.update_termination_protection(StackName="app", EnableTerminationProtection=False)
        refused(client.delete_stack, "TokenAlreadyExistsException", StackName="app", ClientRequestToken="one")
        client.delete_stack(StackName="app")
        stacks.settle()
        refused(client.describe_stacks, "ValidationError", StackName="app")
        listed = every(client, "list_stacks", "StackSummaries", StackStatusFilter=["DELETE_COMPLETE"])
        assert len(listed) == 1, listed


def templates(ledger):
    """Templates are judged before anything is made, and capabilities asked for."""
    with Server(ledger) as server:
        stacks = Stacks(server)
        client, refused = stacks.client, stacks.refused
        unknown = {"Type": "AWS::Glide::NoSuchType"}
        told = refused(client.create_stack, "ValidationError", StackName="x", TemplateBody=template(X=unknown))
        assert "AWS::Glide::NoSuchType" in told, told
        body = template(Note=note(), Role=ROLE)
        refused(client.create_stack, "InsufficientCapabilitiesException", StackName="app", TemplateBody=body)
        stacks.create("app", template(Note=note()))
        refused(client.update_stack, "InsufficientCapabilitiesException", StackName="app", TemplateBody=body)
        refused(
            client.create_change_set,
            "InsufficientCapabilitiesException",
            StackName="app",
            ChangeSetName="next",
            TemplateBody=body,
        )
        assert client.validate_template(TemplateBody=body)["Capabilities"] == ["CAPABILITY_IAM"]
        summary = client.get_template_summary(TemplateBody=body)
        assert summary["ResourceTypes"] == ["AWS::IAM::Role", "AWS::SSM::Parameter"], summary
        refused(client.get_template_summary, "StackSetNotFoundException", StackSetName="none")
        policy = json.dumps(
            {"Statement": [{"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}]}
        )
        client.set_stack_policy(StackName="app", StackPolicyBody=policy)
        assert client.get_stack_policy(StackName="app")["StackPolicyBody"] == policy


def change_sets(ledger):
    """A change set tells what would change, and is executed once."""
    with Server(ledger) as server:
        stacks = Stacks(server)
        client, refused = stacks.client, stacks.refused
        stacks.create("app", template(Note=note()))
        named = {"StackName": "app", "ChangeSetName": "next"}
        for call in (client.describe_change_set, client.execute_change_set):
            refused(call, "ChangeSetNotFoundException", **named)
        client.create_change_set(**named, TemplateBody=template(Note=note("y"), Other=note()))
        refused(client.create_change_set, "AlreadyExistsException", **named, UsePreviousTemplate=True)
        refused(client.execute_change_set, "InvalidChangeSetStatusException", **named)
        refused(client.delete_change_set, "InvalidChangeSetStatusException", **named)
        stacks.settle()
        told = client.describe_change_set(**named, IncludePropertyValues=True)
        actions = {
            change["ResourceChange"]["LogicalResourceId"]: change["ResourceChange"]["Action"]
            for change in told["Changes"]
        }
        assert actions == {"Note": "Modify", "Other": "Add"}, told
        assert len(every(client, "list_change_sets", "Summaries", StackName="app")) == 1
        client.create_change_set(StackName="app", ChangeSetName="same", UsePreviousTemplate=True)
        stacks.settle()
        same = client.describe_change_set(StackName="app", ChangeSetName="same")
        assert same["Status"] == "FAILED" and "didn't contain changes" in same["StatusReason"], same
        client.delete_change_set(StackName="app", ChangeSetName="same")
        client.execute_change_set(**named, ClientRequestToken="one")
        stacks.settle()
        stacks.expect("app", "UPDATE_COMPLETE")
        client.create_change_set(StackName="app", ChangeSetName="last", TemplateBody=template(Note=note("z")))
        stacks.settle()
        last = {"StackName": "app", "ChangeSetName": "last", "ClientRequestToken": "one"}
        refused(client.execute_change_set, "TokenAlreadyExistsException", **last)


def failures(ledger):
    """What fails rolls back, stays, or is continued without what cannot be restored."""
    with Server(ledger, "--faults", NO_TOPICS) as server:
        stacks = Stacks(server)
        client, refused = stacks.client, stacks.refused
        stacks.create("rolled", template(Note=note(), Topic=TOPIC))
        stacks.expect("rolled", "ROLLBACK_COMPLETE")
        stacks.create("stays", template(Note=note(), Topic=TOPIC), OnFailure="DO_NOTHING", ClientRequestToken="one")
        stacks.expect("stays", "CREATE_FAILED")
        refused(client.rollback_stack, "TokenAlreadyExistsException", StackName="stays", ClientRequestToken="one")
        client.rollback_stack(StackName="stays")
        stacks.settle()
        stacks.expect("stays", "ROLLBACK_COMPLETE")
        stacks.create("app", template(Note=note()), ClientRequestToken="two")
        resource = client.describe_stack_resource(StackName="app", LogicalResourceId="Note")["StackResourceDetail"]
        tamper(server, resource["PhysicalResourceId"])
        client.update_stack(StackName="app", TemplateBody=template(Note=note("y")))
        stacks.settle()
        stacks.expect("app", "UPDATE_ROLLBACK_FAILED")
        go_on = {"StackName": "app", "ResourcesToSkip": ["Note"]}
        refused(client.continue_update_rollback, "TokenAlreadyExistsException", **go_on, ClientRequestToken="two")
        client.continue_update_rollback(**go_on)
        stacks.settle()
        stacks.expect("app", "UPDATE_ROLLBACK_COMPLETE")


def tamper(server, physical_id, **change):
    """Changes a parameter behind its stack's back, or removes it."""
    tamper_with(server, MANAGEMENT, physical_id, **change)


def tamper_with(server, account, physical_id, **change):
    """The same in any account."""
    place = {"account": account, "region": "us-east-1", "type": "AWS::SSM::Parameter", "id": physical_id}
    server.post("/_sandbox/tamper", {**place, **change})


def drift(ledger):
    """What hands changed is found."""
    with Server(ledger) as server:
        stacks = Stacks(server)
        client = stacks.client
        stacks.create("app", template(Note=note(), Other=note()))
        resource = client.describe_stack_resource(StackName="app", LogicalResourceId="Note")["StackResourceDetail"]
        tamper(server, resource["PhysicalResourceId"], property="Value", value="changed")
        detection = client.detect_stack_drift(StackName="app")["StackDriftDetectionId"]
        stacks.settle()
        told = client.describe_stack_drift_detection_status(StackDriftDetectionId=detection)
        assert told["StackDriftStatus"] == "DRIFTED" and told["DriftedStackResourceCount"] == 1, told
        drifts = client.describe_stack_resource_drifts(StackName="app")["StackResourceDrifts"]
        assert {one["LogicalResourceId"]: one["StackResourceDriftStatus"] for one in drifts} == {
            "Note": "MODIFIED",
            "Other": "IN_SYNC",
        }, drifts
        one = client.detect_stack_resource_drift(StackName="app", LogicalResourceId="Note")["StackResourceDrift"]
        assert one["PropertyDifferences"][0]["PropertyPath"] == "/Value", one


def exports(ledger):
    """What one stack exports another one imports, and then it stays."""
    with Server(ledger) as server:
        stacks = Stacks(server)
        client = stacks.client
        output = {"Value": {"Fn::GetAtt": ["Note", "Value"]}, "Export": {"Name": "shared"}}
        stacks.create("source", json.dumps({"Resources": {"Note": note()}, "Outputs": {"Note": output}}))
        stacks.create("user", template(Copy=note({"Fn::ImportValue": "shared"})))
        assert every(client, "list_exports", "Exports")[0]["Name"] == "shared"
        assert client.list_imports(ExportName="shared")["Imports"] == ["user"]
        client.delete_stack(StackName="source")
        stacks.settle()
        stacks.expect("source", "CREATE_COMPLETE")


def full(ledger):
    """An account has so many stacks in a Region and no more."""
    with Server(ledger) as server:
        stacks = Stacks(server)
        client, body = stacks.client, template(Note=note())
        for number in range(2000):
            client.create_stack(StackName=f"app-{number}", TemplateBody=body)
        stacks.refused(client.create_stack, "LimitExceededException", StackName="more", TemplateBody=body)
        stacks.refused(
            client.create_change_set,
            "LimitExceededException",
            StackName="more",
            ChangeSetName="first",
            ChangeSetType="CREATE",
            TemplateBody=body,
        )


SCENES = [life, templates, change_sets, failures, drift, exports, full]

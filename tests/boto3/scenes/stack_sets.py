"""Service-managed stack sets, their instances, their operations."""

from scenes.every_operation import attempt
from scenes.stacks import note, tamper_with, template
from server import Server
from world import NO_ACCOUNT, World, every

ADMINISTRATORS = "member.org.stacksets.cloudformation.amazonaws.com"
HOME, AWAY = "us-east-1", "eu-west-1"
STATED = {"PermissionModel": "SERVICE_MANAGED", "AutoDeployment": {"Enabled": False}}
NOTE = template(Note=note())


class StackSets(World):
    """Accounts `one` in the unit `a` and `two` in `a/b`; StackSets is let in; a set `base` that is given to nobody."""

    def __init__(self, server):
        super().__init__(server, bare=True)
        self.client = server.client("cloudformation")
        self.organizations.move_account(AccountId=self.one, SourceParentId=self.root, DestinationParentId=self.unit)
        self.organizations.move_account(AccountId=self.two, SourceParentId=self.root, DestinationParentId=self.inner)
        self.client.activate_organizations_access()
        self.make("base")

    def make(self, name, **more):
        request = {"StackSetName": name, "TemplateBody": NOTE, **STATED, **more}
        return self.client.create_stack_set(**request)["StackSetId"]

    def arn(self, name):
        return self.client.describe_stack_set(StackSetName=name)["StackSet"]["StackSetARN"]

    def aim(self, *regions, unit=None, name="base", **more):
        """A request on instances."""
        units = {"OrganizationalUnitIds": [unit or self.unit]}
        return {"StackSetName": name, "DeploymentTargets": units, "Regions": list(regions or [HOME]), **more}

    def settle(self):
        """Lets every operation come to its end."""
        self.server.pass_time(3600)

    def deploy(self, *regions, **more):
        made = self.client.create_stack_instances(**self.aim(*regions, **more))
        self.settle()
        return made["OperationId"]

    def operation(self, number, name="base"):
        told = self.client.describe_stack_set_operation(StackSetName=name, OperationId=number)
        return told["StackSetOperation"]


def access(ledger):
    """Only the management account lets StackSets in, and administrators are deregistered before it is kept out."""
    with Server(ledger) as server:
        world = World(server, bare=True)
        client, refused = server.client("cloudformation"), world.refused
        assert client.describe_organizations_access()["Status"] == "DISABLED"
        stated = {"StackSetName": "base", "TemplateBody": NOTE, **STATED}
        refused(client.create_stack_set, "ValidationError", **stated)
        client.activate_organizations_access()
        assert client.describe_organizations_access()["Status"] == "ENABLED"
        member = world.member(world.one, "cloudformation")
        refused(member.activate_organizations_access, "InvalidOperationException")
        refused(member.deactivate_organizations_access, "InvalidOperationException")
        refused(member.describe_organizations_access, "InvalidOperationException")
        refused(member.create_stack_set, "ValidationError", **stated)
        refused(member.list_stack_sets, "ValidationError", CallAs="DELEGATED_ADMIN")
        one = {"AccountId": world.one, "ServicePrincipal": ADMINISTRATORS}
        world.organizations.register_delegated_administrator(**one)
        refused(client.deactivate_organizations_access, "InvalidOperationException")
        member.create_stack_set(**stated, CallAs="DELEGATED_ADMIN")
        assert [row["StackSetName"] for row in every(client, "list_stack_sets", "Summaries")] == ["base"]
        world.organizations.deregister_delegated_administrator(**one)
        client.deactivate_organizations_access()
        aim = {"StackSetName": "base", "DeploymentTargets": {"OrganizationalUnitIds": [world.unit]}, "Regions": [HOME]}
        closed = "InvalidOperationException"
        refused(client.create_stack_instances, closed, **aim)
        refused(client.update_stack_instances, closed, **aim)
        refused(client.delete_stack_instances, closed, **aim, RetainStacks=True)
        refused(client.update_stack_set, closed, StackSetName="base", UsePreviousTemplate=True)
        refused(client.detect_stack_set_drift, closed, StackSetName="base")


def sets(ledger):
    """A set is made, told, changed and deleted; its name is taken; it has so many dependencies."""
    with Server(ledger) as server:
        world = StackSets(server)
        client, refused = world.client, world.refused
        refused(world.make, "NameAlreadyExistsException", name="base")
        identity = world.make("tagged", ClientRequestToken="one", Tags=[{"Key": "team", "Value": "x"}])
        assert world.make("tagged", ClientRequestToken="one", Tags=[{"Key": "team", "Value": "x"}]) == identity
        client.update_stack_set(StackSetName="tagged", TemplateBody=template(Other=note()), Tags=[])
        refused(world.make, "CreatedButModifiedException", name="tagged", ClientRequestToken="one")
        told = client.describe_stack_set(StackSetName="tagged")["StackSet"]
        assert told["Tags"] == [] and "Other" in told["TemplateBody"], told
        arns = [world.arn(name) for name in map("needed-{}".format, range(11)) if world.make(name)]
        refused(
            world.make,
            "LimitExceededException",
            name="needy",
            AutoDeployment={"Enabled": True, "DependsOn": arns},
        )
        world.make("needy", AutoDeployment={"Enabled": True, "DependsOn": arns[:10]})
        client.delete_stack_set(StackSetName="needy")
        deleted = every(client, "list_stack_sets", "Summaries", Status="DELETED")
        assert [row["StackSetName"] for row in deleted] == ["needy"], deleted
        refused(client.describe_stack_set, "StackSetNotFoundException", StackSetName="needy")


def instances(ledger):
    """Units to any depth get instances, which are told, changed and removed, one operation at a time."""
    with Server(ledger) as server:
        world = StackSets(server)
        client, refused = world.client, world.refused
        create, update = client.create_stack_instances, client.update_stack_instances
        delete, missing = client.delete_stack_instances, "StackSetNotFoundException"
        refused(create, missing, **world.aim(name="none"))
        refused(update, missing, **world.aim(name="none"))
        refused(delete, missing, **world.aim(name="none"), RetainStacks=False)
        refused(client.update_stack_set, missing, StackSetName="none", UsePreviousTemplate=True)
        many = {"StackSetName": "base", "DeploymentTargets": {"OrganizationalUnitIds": [world.unit] * 51}}
        refused(create, "LimitExceededException", **many, Regions=[HOME])
        refused(update, "StackInstanceNotFoundException", **world.aim())
        create(**world.aim(HOME, AWAY, OperationId="first"))
        busy = "OperationInProgressException"
        refused(create, busy, **world.aim())
        refused(update, busy, **world.aim())
        refused(delete, busy, **world.aim(), RetainStacks=False)
        refused(client.update_stack_set, busy, StackSetName="base", UsePreviousTemplate=True)
        refused(client.detect_stack_set_drift, busy, StackSetName="base")
        refused(client.delete_stack_set, busy, StackSetName="base")
        world.settle()
        refused(client.delete_stack_set, "StackSetNotEmptyException", StackSetName="base")
        taken = "OperationIdAlreadyExistsException"
        refused(create, taken, **world.aim(OperationId="first"))
        refused(update, taken, **world.aim(OperationId="first"))
        refused(delete, taken, **world.aim(OperationId="first"), RetainStacks=False)
        refused(
            client.update_stack_set, taken, StackSetName="base", UsePreviousTemplate=True, OperationId="first"
        )
        rows = every(client, "list_stack_instances", "Summaries", StackSetName="base")
        assert sorted((row["Account"], row["Region"]) for row in rows) == sorted(
            (account, region) for account in (world.one, world.two) for region in (HOME, AWAY)
        ), rows
        assert {row["Status"] for row in rows} == {"CURRENT"}, rows
        here = {"StackInstanceAccount": world.two, "StackInstanceRegion": HOME}
        told = client.describe_stack_instance(StackSetName="base", **here)["StackInstance"]
        assert told["OrganizationalUnitId"] == world.unit, told
        nowhere = {**here, "StackInstanceAccount": NO_ACCOUNT}
        refused(client.describe_stack_instance, "StackInstanceNotFoundException", StackSetName="base", **nowhere)
        refused(client.describe_stack_instance, missing, StackSetName="none", **here)
        refused(client.list_stack_instances, missing, StackSetName="none")
        update(**world.aim(AWAY))
        world.settle()
        targets = world.aim("ap-south-1")
        targets["DeploymentTargets"] |= {"Accounts": [world.one], "AccountFilterType": "INTERSECTION"}
        refused(client.update_stack_set, "StackInstanceNotFoundException", **targets, UsePreviousTemplate=True)
        refused(
            client.update_stack_set,
            "InvalidOperationException",
            StackSetName="base",
            UsePreviousTemplate=True,
            PermissionModel="SELF_MANAGED",
        )
        delete(**world.aim(HOME, AWAY), RetainStacks=False)
        world.settle()
        client.delete_stack_set(StackSetName="base")


def operations(ledger):
    """Operations are told with a result for each instance, and stopped."""
    with Server(ledger) as server:
        world = StackSets(server)
        client, refused = world.client, world.refused
        number = client.create_stack_instances(**world.aim())["OperationId"]
        server.pass_time(6)
        named = {"StackSetName": "base", "OperationId": number}
        client.stop_stack_set_operation(**named)
        assert world.operation(number)["Status"] == "STOPPING"
        world.settle()
        assert world.operation(number)["Status"] == "STOPPED"
        results = every(client, "list_stack_set_operation_results", "Summaries", **named)
        assert sorted(row["Status"] for row in results) == ["CANCELLED", "SUCCEEDED"], results
        assert len(every(client, "list_stack_set_operations", "Summaries", StackSetName="base")) == 1
        refused(client.stop_stack_set_operation, "InvalidOperationException", **named)
        calls = (
            client.describe_stack_set_operation,
            client.list_stack_set_operation_results,
            client.stop_stack_set_operation,
        )
        for call in calls:
            refused(call, "OperationNotFoundException", StackSetName="base", OperationId="none")
            refused(call, "StackSetNotFoundException", StackSetName="none", OperationId=number)
        for call in (client.list_stack_set_operations, client.list_stack_set_auto_deployment_targets):
            refused(call, "StackSetNotFoundException", StackSetName="none")


def following(ledger):
    """Instances follow accounts into units and out of them."""
    with Server(ledger) as server:
        world = StackSets(server)
        client = world.client
        world.make("follows", AutoDeployment={"Enabled": True, "RetainStacksOnAccountRemoval": False})
        world.deploy(name="follows")
        listed = client.list_stack_set_auto_deployment_targets(StackSetName="follows")["Summaries"]
        assert listed == [{"OrganizationalUnitId": world.unit, "Regions": [HOME]}], listed
        world.organizations.move_account(
            AccountId=world.two, SourceParentId=world.inner, DestinationParentId=world.empty
        )
        world.settle()
        rows = every(client, "list_stack_instances", "Summaries", StackSetName="follows")
        assert [row["Account"] for row in rows] == [world.one], rows
        world.organizations.move_account(
            AccountId=world.two, SourceParentId=world.empty, DestinationParentId=world.inner
        )
        world.settle()
        assert len(every(client, "list_stack_instances", "Summaries", StackSetName="follows")) == 2


def set_drift(ledger):
    """What hands changed in one account is found in its instance."""
    with Server(ledger) as server:
        world = StackSets(server)
        client, refused = world.client, world.refused
        world.deploy(unit=world.inner)
        member = world.member(world.two, "cloudformation")
        stack = client.describe_stack_instance(
            StackSetName="base", StackInstanceAccount=world.two, StackInstanceRegion=HOME
        )["StackInstance"]["StackId"]
        resource = member.describe_stack_resource(StackName=stack, LogicalResourceId="Note")["StackResourceDetail"]
        tamper_with(server, world.two, resource["PhysicalResourceId"], property="Value", value="changed")
        refused(client.detect_stack_set_drift, "StackSetNotFoundException", StackSetName="none")
        number = client.detect_stack_set_drift(StackSetName="base")["OperationId"]
        world.settle()
        details = world.operation(number)["StackSetDriftDetectionDetails"]
        assert details["DriftStatus"] == "DRIFTED" and details["DriftedStackInstancesCount"] == 1, details
        here = {
            "StackSetName": "base",
            "StackInstanceAccount": world.two,
            "StackInstanceRegion": HOME,
            "OperationId": number,
        }
        drifts = client.list_stack_instance_resource_drifts(**here)["Summaries"]
        assert [row["StackResourceDriftStatus"] for row in drifts] == ["MODIFIED"], drifts
        call = client.list_stack_instance_resource_drifts
        refused(call, "StackSetNotFoundException", **{**here, "StackSetName": "none"})
        refused(call, "StackInstanceNotFoundException", **{**here, "StackInstanceRegion": AWAY})
        refused(call, "OperationNotFoundException", **{**here, "OperationId": "none"})


def met(ledger, known):
    """Every operation on instances can meet another change of its set."""
    with Server(ledger, "--faults", "concurrent=1") as server:
        client = server.client("cloudformation")
        aim = {"StackSetName": "base", "DeploymentTargets": {}, "Regions": [HOME]}
        wanted = {
            "CreateStackInstances": aim,
            "UpdateStackInstances": aim,
            "DeleteStackInstances": {**aim, "RetainStacks": True},
            "UpdateStackSet": {"StackSetName": "base", "UsePreviousTemplate": True},
        }
        for (service, operation), errors in sorted(known.items()):
            if service == "cloudformation" and "StaleRequestException" in errors:
                attempt(client, operation, wanted[operation])


SCENES = [access, sets, instances, operations, following, set_drift, met]

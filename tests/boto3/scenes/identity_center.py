"""Identity Center: permission sets, who is assigned them where, and how far that has reached the accounts."""

import json

from botocore import xform_name
from scenes.directory import Directory
from server import MANAGEMENT, Server
from world import NO_ACCOUNT, World, every

PRINCIPAL = "sso.amazonaws.com"
NO_INSTANCE = "arn:aws:sso:::instance/ssoins-0000000000000000"
NO_SET = "arn:aws:sso:::permissionSet/ssoins-0000000000000000/ps-0000000000000000"
NO_REQUEST = "00000000-0000-0000-0000-000000000000"
NO_PRINCIPAL = "0000000000-00000000-0000-0000-0000-000000000000"
MANAGED = "arn:aws:iam::aws:policy/ReadOnlyAccess"
INLINE = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}]}
)


def refused(call, wanted, **request):
    """Makes a call that has to fail in this way."""
    World.refused(None, call, wanted, **request)


class Center:
    """An organization with two accounts, trusted access, a directory, and the set `Reader`."""

    def __init__(self, server):
        self.server = server
        self.world = World(server, bare=True)
        self.world.organizations.enable_aws_service_access(ServicePrincipal=PRINCIPAL)
        self.client = server.client("sso-admin")
        self.directory = Directory(server)
        self.instance = {"InstanceArn": self.client.list_instances()["Instances"][0]["InstanceArn"]}
        self.set = self.make("Reader")

    def make(self, name, **more):
        made = self.client.create_permission_set(**self.instance, Name=name, **more)
        return {**self.instance, "PermissionSetArn": made["PermissionSet"]["PermissionSetArn"]}

    def assignment(self, account=None, of=None, user=None):
        """A request about an assignment: of the group, or of a user."""
        principal = ("USER", user) if user else ("GROUP", self.directory.group)
        return {
            **(of or self.set),
            "TargetId": account or self.world.one,
            "TargetType": "AWS_ACCOUNT",
            "PrincipalType": principal[0],
            "PrincipalId": principal[1],
        }

    def created(self, **request):
        """How a request to assign stands once it has come to its end."""
        made = self.client.create_account_assignment(**request)["AccountAssignmentCreationStatus"]
        assert made["Status"] == "IN_PROGRESS", made
        self.server.pass_time(60)
        asked = {**self.instance, "AccountAssignmentCreationRequestId": made["RequestId"]}
        return self.client.describe_account_assignment_creation_status(**asked)["AccountAssignmentCreationStatus"]

    def assign(self, **request):
        status = self.created(**request)
        assert status["Status"] == "SUCCEEDED", status

    def deleted(self, **request):
        made = self.client.delete_account_assignment(**request)["AccountAssignmentDeletionStatus"]
        self.server.pass_time(60)
        asked = {**self.instance, "AccountAssignmentDeletionRequestId": made["RequestId"]}
        return self.client.describe_account_assignment_deletion_status(**asked)["AccountAssignmentDeletionStatus"]

    def provisioned(self, of=None, **target):
        made = self.client.provision_permission_set(**(of or self.set), **target)["PermissionSetProvisioningStatus"]
        self.server.pass_time(60)
        asked = {**self.instance, "ProvisionPermissionSetRequestId": made["RequestId"]}
        told = self.client.describe_permission_set_provisioning_status(**asked)
        return told["PermissionSetProvisioningStatus"]

    def accounts(self, status=None):
        more = {"ProvisioningStatus": f"LATEST_PERMISSION_SET_{status}"} if status else {}
        request = {**self.set, **more}
        return sorted(every(self.client, "list_accounts_for_provisioned_permission_set", "AccountIds", **request))

    def delegate(self):
        """Makes account one the delegated administrator; its client."""
        self.world.organizations.register_delegated_administrator(
            AccountId=self.world.one, ServicePrincipal=PRINCIPAL
        )
        return self.world.member(self.world.one, "sso-admin")


def requests(instance=NO_INSTANCE, of=NO_SET, account=NO_ACCOUNT, principal=NO_PRINCIPAL):
    """A request for every operation."""
    instance = {"InstanceArn": instance}
    of = {**instance, "PermissionSetArn": of}
    assignment = {
        **of,
        "TargetId": account,
        "TargetType": "AWS_ACCOUNT",
        "PrincipalType": "GROUP",
        "PrincipalId": principal,
    }
    customer = {"CustomerManagedPolicyReference": {"Name": "ours", "Path": "/"}}
    attribute = {"Key": "team", "Value": {"Source": ["${path:enterprise.department}"]}}
    attributes = {"InstanceAccessControlAttributeConfiguration": {"AccessControlAttributes": [attribute]}}
    resource = {"ResourceArn": of["PermissionSetArn"], **instance}
    return {
        "AttachCustomerManagedPolicyReferenceToPermissionSet": {**of, **customer},
        "AttachManagedPolicyToPermissionSet": {**of, "ManagedPolicyArn": MANAGED},
        "CreateAccountAssignment": assignment,
        "CreateInstanceAccessControlAttributeConfiguration": {**instance, **attributes},
        "CreatePermissionSet": {**instance, "Name": "Another"},
        "DeleteAccountAssignment": assignment,
        "DeleteInlinePolicyFromPermissionSet": of,
        "DeleteInstanceAccessControlAttributeConfiguration": instance,
        "DeletePermissionSet": of,
        "DeletePermissionsBoundaryFromPermissionSet": of,
        "DescribeAccountAssignmentCreationStatus": {**instance, "AccountAssignmentCreationRequestId": NO_REQUEST},
        "DescribeAccountAssignmentDeletionStatus": {**instance, "AccountAssignmentDeletionRequestId": NO_REQUEST},
        "DescribeInstance": instance,
        "DescribeInstanceAccessControlAttributeConfiguration": instance,
        "DescribePermissionSet": of,
        "DescribePermissionSetProvisioningStatus": {**instance, "ProvisionPermissionSetRequestId": NO_REQUEST},
        "DetachCustomerManagedPolicyReferenceFromPermissionSet": {**of, **customer},
        "DetachManagedPolicyFromPermissionSet": {**of, "ManagedPolicyArn": MANAGED},
        "GetInlinePolicyForPermissionSet": of,
        "GetPermissionsBoundaryForPermissionSet": of,
        "ListAccountAssignmentCreationStatus": instance,
        "ListAccountAssignmentDeletionStatus": instance,
        "ListAccountAssignments": {**of, "AccountId": account},
        "ListAccountAssignmentsForPrincipal": {**instance, "PrincipalType": "GROUP", "PrincipalId": principal},
        "ListAccountsForProvisionedPermissionSet": of,
        "ListCustomerManagedPolicyReferencesInPermissionSet": of,
        "ListInstances": {},
        "ListManagedPoliciesInPermissionSet": of,
        "ListPermissionSetProvisioningStatus": instance,
        "ListPermissionSets": instance,
        "ListPermissionSetsProvisionedToAccount": {**instance, "AccountId": account},
        "ListTagsForResource": resource,
        "ProvisionPermissionSet": {**of, "TargetType": "ALL_PROVISIONED_ACCOUNTS"},
        "PutInlinePolicyToPermissionSet": {**of, "InlinePolicy": INLINE},
        "PutPermissionsBoundaryToPermissionSet": {**of, "PermissionsBoundary": {"ManagedPolicyArn": MANAGED}},
        "TagResource": {**resource, "Tags": [{"Key": "k", "Value": "v"}]},
        "UntagResource": {**resource, "TagKeys": ["k"]},
        "UpdateInstanceAccessControlAttributeConfiguration": {**instance, **attributes},
        "UpdatePermissionSet": {**of, "Description": "changed"},
    }


def on_every_operation(client, wanted, known, wishes):
    """Has every operation that knows the error give it."""
    for operation, request in wishes.items():
        if wanted in known["sso-admin", operation]:
            refused(getattr(client, xform_name(operation)), wanted, **request)


def without_an_instance(ledger, known):
    """Where nobody enabled Identity Center there is nothing to find, and no call makes it."""
    with Server(ledger, "--without-identity-center") as server:
        client = server.client("sso-admin")
        assert client.list_instances()["Instances"] == []
        on_every_operation(client, "ResourceNotFoundException", known, requests())
        refused(client.describe_instance, "AccessDeniedException", InstanceArn=NO_INSTANCE)
        server.post("/_sandbox/identity-center", {"region": "eu-west-1"})
        assert client.list_instances()["Instances"] == []
        there = server.client("sso-admin", region="eu-west-1").list_instances()["Instances"]
        assert there[0]["PrimaryRegion"] == "eu-west-1", there


def who_may_not(ledger, known):
    """A member account sees the instance and nothing else; nonsense is invalid."""
    with Server(ledger) as server:
        world = World(server, bare=True)
        stranger = world.member(world.one, "sso-admin")
        assert len(stranger.list_instances()["Instances"]) == 1
        on_every_operation(stranger, "AccessDeniedException", known, requests())
        wrong = {
            operation: {**request, "InstanceArn": "nonsense"} if request else {"MaxResults": 101}
            for operation, request in requests().items()
        }
        on_every_operation(server.client("sso-admin"), "ValidationException", known, wrong)
        refused(stranger.list_instances, "ValidationException", NextToken="nonsense")


def disturbed(ledger, known):
    """Every operation can be called too fast, fail on AWS's side, or meet another change."""
    for faults, wanted in (
        ("throttle=1", "ThrottlingException"),
        ("error=1", "InternalServerException"),
        ("concurrent=1", "ConflictException"),
    ):
        with Server(ledger, "--faults", faults) as server:
            on_every_operation(server.client("sso-admin"), wanted, known, requests())


def permission_sets(ledger):
    """A permission set is made, changed, told, tagged, listed and removed; its name is taken and stays."""
    with Server(ledger) as server:
        center = Center(server)
        client, of, instance = center.client, center.set, center.instance
        assert client.describe_instance(**instance)["Status"] == "ACTIVE"
        told = client.describe_permission_set(**of)["PermissionSet"]
        assert (told["Name"], told["SessionDuration"]) == ("Reader", "PT1H"), told
        create = client.create_permission_set
        refused(create, "ConflictException", **instance, Name="Reader")
        refused(create, "ValidationException", **instance, Name="Long", SessionDuration="PT13H")
        refused(create, "ValidationException", **instance, Name="No", Tags=[{"Key": "aws:x", "Value": ""}])
        client.update_permission_set(**of, Description="d", SessionDuration="PT2H", RelayState="https://example.com")
        client.update_permission_set(**of, Description="e")
        told = client.describe_permission_set(**of)["PermissionSet"]
        assert (told["Description"], told["SessionDuration"]) == ("e", "PT2H") and "RelayState" not in told, told

        client.put_inline_policy_to_permission_set(**of, InlinePolicy=INLINE)
        assert client.get_inline_policy_for_permission_set(**of)["InlinePolicy"] == INLINE
        put = client.put_inline_policy_to_permission_set
        refused(put, "ValidationException", **of, InlinePolicy="{}")
        statement = {"Effect": "Allow", "Action": "s3:Get*", "Resource": ["arn:aws:s3:::" + "a" * 11000]}
        large = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        refused(put, "ServiceQuotaExceededException", **of, InlinePolicy=large)
        client.delete_inline_policy_from_permission_set(**of)
        assert not client.get_inline_policy_for_permission_set(**of).get("InlinePolicy")

        boundary = client.get_permissions_boundary_for_permission_set
        refused(boundary, "ResourceNotFoundException", **of)
        refused(client.delete_permissions_boundary_from_permission_set, "ResourceNotFoundException", **of)
        client.put_permissions_boundary_to_permission_set(**of, PermissionsBoundary={"ManagedPolicyArn": MANAGED})
        assert boundary(**of)["PermissionsBoundary"] == {"ManagedPolicyArn": MANAGED}
        reference = {"CustomerManagedPolicyReference": {"Name": "limit", "Path": "/"}}
        client.put_permissions_boundary_to_permission_set(**of, PermissionsBoundary=reference)
        assert boundary(**of)["PermissionsBoundary"] == reference
        both = {**reference, "ManagedPolicyArn": MANAGED}
        refused(client.put_permissions_boundary_to_permission_set, "ValidationException", **of, PermissionsBoundary=both)
        client.delete_permissions_boundary_from_permission_set(**of)

        tag = [{"Key": "team", "Value": "a"}]
        resource = {"ResourceArn": of["PermissionSetArn"]}
        client.tag_resource(**instance, **resource, Tags=tag)
        assert client.list_tags_for_resource(**resource)["Tags"] == tag
        many = [{"Key": f"k{number}", "Value": ""} for number in range(51)]
        refused(client.tag_resource, "ServiceQuotaExceededException", **resource, Tags=many)
        client.untag_resource(**resource, TagKeys=["team"])
        assert client.list_tags_for_resource(**resource)["Tags"] == []
        refused(client.untag_resource, "ValidationException", **resource, TagKeys=["aws:x"])
        client.tag_resource(ResourceArn=instance["InstanceArn"], Tags=tag)

        made = [center.make(f"set{number}")["PermissionSetArn"] for number in range(9)]
        listed = every(client, "list_permission_sets", "PermissionSets", **instance, PaginationConfig={"PageSize": 4})
        assert sorted(listed) == sorted([of["PermissionSetArn"], *made]), listed
        client.delete_permission_set(**of)
        refused(client.describe_permission_set, "ResourceNotFoundException", **of)
        center.make("Reader")


def policies(ledger):
    """Managed policies are attached once each, twenty-five at most, and detached."""
    with Server(ledger) as server:
        center = Center(server)
        client, of = center.client, center.set
        attach, detach = client.attach_managed_policy_to_permission_set, client.detach_managed_policy_from_permission_set
        attach(**of, ManagedPolicyArn=MANAGED)
        refused(attach, "ConflictException", **of, ManagedPolicyArn=MANAGED)
        listed = every(client, "list_managed_policies_in_permission_set", "AttachedManagedPolicies", **of)
        assert listed == [{"Name": "ReadOnlyAccess", "Arn": MANAGED}], listed
        ours = {"CustomerManagedPolicyReference": {"Name": "ours", "Path": "/team/"}}
        client.attach_customer_managed_policy_reference_to_permission_set(**of, **ours)
        refused(client.attach_customer_managed_policy_reference_to_permission_set, "ConflictException", **of, **ours)
        operation = "list_customer_managed_policy_references_in_permission_set"
        listed = every(client, operation, "CustomerManagedPolicyReferences", **of)
        assert listed == [ours["CustomerManagedPolicyReference"]], listed
        for number in range(23):
            attach(**of, ManagedPolicyArn=f"arn:aws:iam::aws:policy/Policy{number}")
        refused(attach, "ServiceQuotaExceededException", **of, ManagedPolicyArn="arn:aws:iam::aws:policy/Last")
        last = {"CustomerManagedPolicyReference": {"Name": "last"}}
        call = client.attach_customer_managed_policy_reference_to_permission_set
        refused(call, "ServiceQuotaExceededException", **of, **last)
        client.detach_customer_managed_policy_reference_from_permission_set(**of, **ours)
        call = client.detach_customer_managed_policy_reference_from_permission_set
        refused(call, "ResourceNotFoundException", **of, **ours)
        status = center.created(**center.assignment())
        assert status["Status"] == "FAILED" and "PoliciesPerRole" in status["FailureReason"], status
        detach(**of, ManagedPolicyArn=MANAGED)
        refused(detach, "ResourceNotFoundException", **of, ManagedPolicyArn=MANAGED)


def assignments(ledger):
    """An assignment takes its time, brings the set to the account, and the last one takes it away."""
    with Server(ledger) as server:
        center = Center(server)
        client, world, of, instance = center.client, center.world, center.set, center.instance
        create, delete = client.create_account_assignment, client.delete_account_assignment
        refused(create, "ResourceNotFoundException", **center.assignment(NO_ACCOUNT))
        refused(create, "ResourceNotFoundException", **{**center.assignment(), "PrincipalId": NO_PRINCIPAL})
        refused(delete, "ResourceNotFoundException", **center.assignment())
        center.assign(**center.assignment())
        assert center.accounts() == [world.one]
        center.assign(**center.assignment())  # once more changes nothing
        center.assign(**center.assignment(user=center.directory.user))
        center.assign(**center.assignment(world.two))
        pair = {**of, "AccountId": world.one}
        listed = every(client, "list_account_assignments", "AccountAssignments", **pair)
        assert sorted(row["PrincipalType"] for row in listed) == ["GROUP", "USER"], listed
        operation = "list_account_assignments_for_principal"
        alice = {**instance, "PrincipalType": "USER", "PrincipalId": center.directory.user}
        listed = every(client, operation, "AccountAssignments", **alice)
        assert sorted(row["AccountId"] for row in listed) == sorted([world.one, world.one, world.two]), listed
        only = client.list_account_assignments_for_principal(**alice, Filter={"AccountId": world.two})
        assert [row["PrincipalType"] for row in only["AccountAssignments"]] == ["GROUP"], only
        operation = "list_permission_sets_provisioned_to_account"
        listed = every(client, operation, "PermissionSets", **instance, AccountId=world.one)
        assert listed == [of["PermissionSetArn"]], listed
        refused(client.delete_permission_set, "ConflictException", **of)

        create(**center.assignment(world.two, user=center.directory.user))
        refused(create, "ConflictException", **center.assignment(world.two, user=center.directory.user))
        filtered = {**instance, "Filter": {"Status": "IN_PROGRESS"}}
        operation = "list_account_assignment_creation_status"
        assert len(every(client, operation, "AccountAssignmentsCreationStatus", **filtered)) == 1
        server.pass_time(60)
        assert center.deleted(**center.assignment(world.two))["Status"] == "SUCCEEDED"
        assert center.accounts() == sorted([world.one, world.two])
        center.deleted(**center.assignment(world.two, user=center.directory.user))
        assert center.accounts() == [world.one]
        operation = "list_account_assignment_deletion_status"
        assert len(every(client, operation, "AccountAssignmentsDeletionStatus", **instance)) == 2
        reserved = [f"user{number}" for number in range(16)]
        users = [center.directory.make_user(name) for name in reserved]
        for user in users[:15]:
            create(**center.assignment(user=user))
        refused(create, "ThrottlingException", **center.assignment(user=users[15]))


def provisioning(ledger):
    """What changes in a permission set reaches accounts when it is provisioned, and not before."""
    with Server(ledger) as server:
        center = Center(server)
        client, world, of = center.client, center.world, center.set
        everywhere = {"TargetType": "ALL_PROVISIONED_ACCOUNTS"}
        one = {"TargetType": "AWS_ACCOUNT", "TargetId": world.one}
        provision = client.provision_permission_set
        refused(provision, "ResourceNotFoundException", **of, **one)
        assert center.provisioned(**everywhere)["Status"] == "SUCCEEDED"
        center.assign(**center.assignment(world.one))
        center.assign(**center.assignment(world.two))
        assert center.accounts("NOT_PROVISIONED") == []
        client.put_inline_policy_to_permission_set(**of, InlinePolicy=INLINE)
        assert center.accounts("NOT_PROVISIONED") == sorted([world.one, world.two])
        assert center.provisioned(**one)["Status"] == "SUCCEEDED"
        assert (center.accounts("PROVISIONED"), center.accounts("NOT_PROVISIONED")) == ([world.one], [world.two])
        operation = "list_permission_sets_provisioned_to_account"
        stale = {"AccountId": world.two, "ProvisioningStatus": "LATEST_PERMISSION_SET_NOT_PROVISIONED"}
        assert every(client, operation, "PermissionSets", **center.instance, **stale) == [of["PermissionSetArn"]]
        provision(**of, **everywhere)
        refused(provision, "ConflictException", **of, **everywhere)
        refused(provision, "ValidationException", **of, **everywhere, TargetId=world.one)
        refused(provision, "ValidationException", **of, TargetType="AWS_ACCOUNT")
        server.pass_time(60)
        assert center.accounts("NOT_PROVISIONED") == []
        # A policy that the accounts have to have themselves, and do not.
        ours = {"CustomerManagedPolicyReference": {"Name": "ours"}}
        client.attach_customer_managed_policy_reference_to_permission_set(**of, **ours)
        status = center.provisioned(**everywhere)
        assert status["Status"] == "FAILED" and "policy/ours" in status["FailureReason"], status
        make_policy(center, world.one)
        assert center.provisioned(**one)["Status"] == "SUCCEEDED"
        assert center.accounts("NOT_PROVISIONED") == [world.two]
        listed = every(
            client, "list_permission_set_provisioning_status", "PermissionSetsProvisioningStatus", **center.instance
        )
        assert sorted(row["Status"] for row in listed) == ["FAILED"] + ["SUCCEEDED"] * 4, listed


def make_policy(center, account):
    """A managed policy `ours`, made by a stack in an account."""
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    policy = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"ManagedPolicyName": "ours", "PolicyDocument": document}}
    template = json.dumps({"Resources": {"Ours": policy}})
    stacks = center.world.member(account, "cloudformation")
    stacks.create_stack(StackName="ours", TemplateBody=template, Capabilities=["CAPABILITY_NAMED_IAM"])
    center.server.pass_time(600)


def delegated(ledger):
    """The delegated administrator may do all but what concerns the management account."""
    with Server(ledger) as server:
        center = Center(server)
        client, world = center.client, center.world
        member = center.delegate()
        member.create_account_assignment(**center.assignment(world.two))
        server.pass_time(60)
        refused(member.create_account_assignment, "AccessDeniedException", **center.assignment(MANAGEMENT))
        alice = {**center.instance, "PrincipalType": "USER", "PrincipalId": center.directory.user}
        refused(member.list_account_assignments_for_principal, "AccessDeniedException", **alice)
        center.assign(**center.assignment(MANAGEMENT))
        for operation, request in requests(
            center.instance["InstanceArn"], center.set["PermissionSetArn"], world.two, center.directory.group
        ).items():
            changes = not operation.startswith(("List", "Describe", "Get", "CreatePermissionSet"))
            if changes and "AccessControl" not in operation:
                refused(getattr(member, xform_name(operation)), "AccessDeniedException", **request)
        member.describe_permission_set(**center.set)
        world.member(world.one, "identitystore").list_groups(**center.directory.store)
        # Without trusted access nothing reaches into member accounts.
        organizations = world.organizations
        organizations.deregister_delegated_administrator(AccountId=world.one, ServicePrincipal=PRINCIPAL)
        organizations.disable_aws_service_access(ServicePrincipal=PRINCIPAL)
        user = center.directory.user
        refused(client.create_account_assignment, "AccessDeniedException", **center.assignment(user=user))
        center.assign(**center.assignment(MANAGEMENT, user=user))


def attributes(ledger):
    """Attributes for access control are there once, and take a moment."""
    with Server(ledger) as server:
        center = Center(server)
        client, instance = center.client, center.instance
        request = requests(instance["InstanceArn"])["CreateInstanceAccessControlAttributeConfiguration"]
        describe = client.describe_instance_access_control_attribute_configuration
        refused(describe, "ResourceNotFoundException", **instance)
        client.create_instance_access_control_attribute_configuration(**request)
        assert describe(**instance)["Status"] == "CREATION_IN_PROGRESS"
        refused(client.create_instance_access_control_attribute_configuration, "ConflictException", **request)
        server.pass_time(60)
        assert describe(**instance)["Status"] == "ENABLED"
        twice = {"AccessControlAttributes": [{"Key": "a", "Value": {"Source": ["x"]}}] * 2}
        update = client.update_instance_access_control_attribute_configuration
        twice = {**instance, "InstanceAccessControlAttributeConfiguration": twice}
        refused(update, "ValidationException", **twice)
        update(**request)
        client.delete_instance_access_control_attribute_configuration(**instance)
        refused(update, "ResourceNotFoundException", **request)


def quotas(ledger):
    """An account holds five hundred permission sets, an instance three thousand five hundred."""
    with Server(ledger) as server:
        center = Center(server)
        made = [center.set] + [center.make(f"s{number}") for number in range(3499)]
        refused(center.client.create_permission_set, "ServiceQuotaExceededException", **center.instance, Name="more")
        for number, of in enumerate(made[:500]):
            center.client.create_account_assignment(**center.assignment(of=of))
            if number % 15 == 14:
                server.pass_time(60)
        server.pass_time(60)
        create = center.client.create_account_assignment
        refused(create, "ServiceQuotaExceededException", **center.assignment(of=made[500]))
        create(**center.assignment(of=made[0], user=center.directory.user))


SCENES = [
    without_an_instance,
    who_may_not,
    disturbed,
    permission_sets,
    policies,
    assignments,
    provisioning,
    delegated,
    attributes,
    quotas,
]

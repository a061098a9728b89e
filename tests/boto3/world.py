"""A small organization in a served sandbox, and a right request for every operation on it."""

import json

from botocore.exceptions import ClientError

SCP = "SERVICE_CONTROL_POLICY"
DENY = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Sid": "No", "Effect": "Deny", "Action": "sqs:*", "Resource": "*"}]}
)
OPT_OUT = json.dumps({"services": {"default": {"opt_out_policy": {"@@assign": "optOut"}}}})
ANALYZER = "access-analyzer.amazonaws.com"


def code(error):
    """The error's code and, where it has one, its reason."""
    return error.response["Error"]["Code"], error.response.get("Reason")


def every(client, operation, member, **request):
    """The rows of all pages of a listing. A page may be empty and still not be the last."""
    pages = client.get_paginator(operation).paginate(**request)
    return [row for page in pages for row in page[member]]


class World:
    """Root, units `a`, `a/b` and `empty`, accounts `one` and `two`, a policy on `a`; a bare one has no policy."""

    def __init__(self, server, bare=False):
        self.server = server
        self.organizations = server.client("organizations")
        self.root = self.all("list_roots", "Roots")[0]["Id"]
        self.unit = self.make_unit(self.root, "a")
        self.inner = self.make_unit(self.unit, "b")
        self.empty = self.make_unit(self.root, "empty")
        self.one = self.make_account("one")
        self.two = self.make_account("two")
        self.policy = NO_POLICY
        if bare:
            return
        self.enable(SCP)
        self.policy = self.make_policy("deny-sqs")
        self.organizations.attach_policy(PolicyId=self.policy, TargetId=self.unit)

    def all(self, operation, member, **request):
        """The rows of all pages, as the management account sees them."""
        return every(self.organizations, operation, member, **request)

    def settle(self):
        """Lets everything come to its end that takes AWS a while."""
        self.server.pass_time(120)

    def enable(self, ty):
        self.organizations.enable_policy_type(RootId=self.root, PolicyType=ty)
        self.settle()

    def make_unit(self, parent, name):
        made = self.organizations.create_organizational_unit(ParentId=parent, Name=name)
        return made["OrganizationalUnit"]["Id"]

    def make_policy(self, name, content=DENY, ty=SCP):
        made = self.organizations.create_policy(Name=name, Description="", Content=content, Type=ty)
        return made["Policy"]["PolicySummary"]["Id"]

    def request_account(self, name, **more):
        made = self.organizations.create_account(Email=f"{name}@example.com", AccountName=name, **more)
        return made["CreateAccountStatus"]["Id"]

    def make_account(self, name, **more):
        request = self.request_account(name, **more)
        self.settle()
        status = self.organizations.describe_create_account_status(CreateAccountRequestId=request)
        status = status["CreateAccountStatus"]
        if status["State"] != "SUCCEEDED":
            raise AssertionError(f"the account `{name}` was not made: {status}")
        return status["AccountId"]

    def member(self, account=None, service="organizations"):
        """A client of a member account's administrator."""
        return self.server.client(service, account or self.one)

    def refused(self, call, wanted, reason=None, **request):
        """Makes a call that has to fail in this way."""
        try:
            call(**request)
        except ClientError as error:
            found = code(error)
            if found[0] != wanted or (reason and found[1] != reason):
                told = f"{found[0]} {found[1] or ''}".strip()
                raise AssertionError(f"{wanted} {reason or ''} was expected and {told} came") from error
        else:
            raise AssertionError(f"{wanted} {reason or ''} was expected and nothing was refused")


# Ids that have the right form and name nothing.
NO_ROOT = "r-0000"
NO_UNIT = "ou-0000-00000000"
NO_ACCOUNT = "999999999999"
NO_POLICY = "p-00000000"
NO_REQUEST = "car-00000000000000000000000000000000"
NO_HANDSHAKE = "h-00000000"
NO_TRANSFER = "rt-00000000"


def requests(world=None):
    """A request for every operation of Organizations that would succeed in the world (the later ones that need
    something else to be there first excepted); without a world, one of the right form."""
    root = world.root if world else NO_ROOT
    unit = world.unit if world else NO_UNIT
    account = world.one if world else NO_ACCOUNT
    policy = world.policy if world else NO_POLICY
    declarative = {"PolicyType": "AISERVICES_OPT_OUT_POLICY"}
    invitation = {"Target": {"Id": NO_ACCOUNT, "Type": "ACCOUNT"}}
    transfer = {"Type": "BILLING", "StartTimestamp": 1800000000, "SourceName": "billing"}
    return {
        "AcceptHandshake": {"HandshakeId": NO_HANDSHAKE},
        "AttachPolicy": {"PolicyId": policy, "TargetId": account},
        "CancelHandshake": {"HandshakeId": NO_HANDSHAKE},
        "CloseAccount": {"AccountId": account},
        "CreateAccount": {"Email": "three@example.com", "AccountName": "three"},
        "CreateGovCloudAccount": {"Email": "gov@example.com", "AccountName": "gov"},
        "CreateOrganization": {"FeatureSet": "ALL"},
        "CreateOrganizationalUnit": {"ParentId": root, "Name": "another"},
        "CreatePolicy": {"Name": "another", "Description": "", "Content": DENY, "Type": SCP},
        "DeclineHandshake": {"HandshakeId": NO_HANDSHAKE},
        "DeleteOrganization": {},
        "DeleteOrganizationalUnit": {"OrganizationalUnitId": world.empty if world else NO_UNIT},
        "DeletePolicy": {"PolicyId": policy},
        "DeleteResourcePolicy": {},
        "DeregisterDelegatedAdministrator": {"AccountId": account, "ServicePrincipal": ANALYZER},
        "DescribeAccount": {"AccountId": account},
        "DescribeCreateAccountStatus": {"CreateAccountRequestId": NO_REQUEST},
        "DescribeEffectivePolicy": declarative,
        "DescribeHandshake": {"HandshakeId": NO_HANDSHAKE},
        "DescribeOrganization": {},
        "DescribeOrganizationalUnit": {"OrganizationalUnitId": unit},
        "DescribePolicy": {"PolicyId": policy},
        "DescribeResourcePolicy": {},
        "DescribeResponsibilityTransfer": {"Id": NO_TRANSFER},
        "DetachPolicy": {"PolicyId": policy, "TargetId": unit},
        "DisableAWSServiceAccess": {"ServicePrincipal": ANALYZER},
        "DisablePolicyType": {"RootId": root, "PolicyType": SCP},
        "EnableAWSServiceAccess": {"ServicePrincipal": ANALYZER},
        "EnableAllFeatures": {},
        "EnablePolicyType": {"RootId": root, "PolicyType": "TAG_POLICY"},
        "InviteAccountToOrganization": invitation,
        "InviteOrganizationToTransferResponsibility": {**invitation, **transfer},
        "LeaveOrganization": {},
        "ListAWSServiceAccessForOrganization": {},
        "ListAccounts": {},
        "ListAccountsForParent": {"ParentId": root},
        "ListAccountsWithInvalidEffectivePolicy": declarative,
        "ListChildren": {"ParentId": root, "ChildType": "ACCOUNT"},
        "ListCreateAccountStatus": {},
        "ListDelegatedAdministrators": {},
        "ListDelegatedServicesForAccount": {"AccountId": account},
        "ListEffectivePolicyValidationErrors": {"AccountId": account, **declarative},
        "ListHandshakesForAccount": {},
        "ListHandshakesForOrganization": {},
        "ListInboundResponsibilityTransfers": {"Type": "BILLING"},
        "ListOrganizationalUnitsForParent": {"ParentId": root},
        "ListOutboundResponsibilityTransfers": {"Type": "BILLING"},
        "ListParents": {"ChildId": account},
        "ListPolicies": {"Filter": SCP},
        "ListPoliciesForTarget": {"TargetId": unit, "Filter": SCP},
        "ListRoots": {},
        "ListTagsForResource": {"ResourceId": unit},
        "ListTargetsForPolicy": {"PolicyId": policy},
        "MoveAccount": {"AccountId": account, "SourceParentId": root, "DestinationParentId": unit},
        "PutResourcePolicy": {"Content": delegation(account)},
        "RegisterDelegatedAdministrator": {"AccountId": account, "ServicePrincipal": ANALYZER},
        "RemoveAccountFromOrganization": {"AccountId": account},
        "TagResource": {"ResourceId": unit, "Tags": [{"Key": "k", "Value": "v"}]},
        "TerminateResponsibilityTransfer": {"Id": NO_TRANSFER},
        "UntagResource": {"ResourceId": unit, "TagKeys": ["k"]},
        "UpdateOrganizationalUnit": {"OrganizationalUnitId": unit, "Name": "renamed"},
        "UpdatePolicy": {"PolicyId": policy, "Description": "changed"},
        "UpdateResponsibilityTransfer": {"Id": NO_TRANSFER, "Name": "renamed"},
    }


def delegation(account, *actions):
    """A delegation policy that lets an account call these actions."""
    statement = {
        "Sid": "Delegate",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
        "Action": [f"organizations:{action}" for action in actions or ("ListPolicies",)],
        "Resource": "*",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})

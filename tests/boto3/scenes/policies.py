"""Policies of all types, where they are attached, and what they come to."""

import json

from server import Server
from world import DENY, NO_ACCOUNT, NO_POLICY, NO_ROOT, NO_UNIT, OPT_OUT, SCP, World

AI = "AISERVICES_OPT_OUT_POLICY"
FULL_ACCESS = "p-FullAWSAccess"


def documents(ledger):
    """A policy is made once, changed and deleted; a malformed or too large one is refused."""
    with Server(ledger) as server:
        world = World(server)
        client, refused = world.organizations, world.refused
        new = {"Name": "deny-sqs", "Description": "", "Content": DENY, "Type": SCP}
        refused(client.create_policy, "DuplicatePolicyException", **new)
        refused(client.create_policy, "MalformedPolicyDocumentException", **{**new, "Name": "x", "Content": "{}"})
        large = json.loads(DENY)
        large["Statement"][0]["Action"] = [f"sqs:Action{number:06d}" for number in range(800)]
        large = json.dumps(large)
        refused(
            client.create_policy,
            "ConstraintViolationException",
            "POLICY_CONTENT_LIMIT_EXCEEDED",
            **{**new, "Name": "large", "Content": large},
        )
        other = world.make_policy("other")
        refused(client.update_policy, "DuplicatePolicyException", PolicyId=other, Name="deny-sqs")
        refused(client.update_policy, "MalformedPolicyDocumentException", PolicyId=other, Content="{}")
        refused(client.update_policy, "PolicyNotFoundException", PolicyId=NO_POLICY, Description="x")
        refused(
            client.update_policy,
            "ConstraintViolationException",
            "POLICY_CONTENT_LIMIT_EXCEEDED",
            PolicyId=other,
            Content=large,
        )
        refused(
            client.update_policy, "InvalidInputException", "IMMUTABLE_POLICY", PolicyId=FULL_ACCESS, Description="x"
        )
        changed = client.update_policy(PolicyId=other, Name="renamed", Description="d", Content=DENY)
        assert changed["Policy"]["PolicySummary"]["Name"] == "renamed", changed
        refused(client.delete_policy, "PolicyInUseException", PolicyId=world.policy)
        refused(client.delete_policy, "PolicyNotFoundException", PolicyId=NO_POLICY)
        client.delete_policy(PolicyId=other)


def attachments(ledger):
    """A policy is attached once, to what exists, by a type that is enabled, ten at most; one stays."""
    with Server(ledger) as server:
        world = World(server)
        client, refused = world.organizations, world.refused
        here = {"PolicyId": world.policy, "TargetId": world.unit}
        refused(client.attach_policy, "DuplicatePolicyAttachmentException", **here)
        for call in (client.attach_policy, client.detach_policy):
            refused(call, "PolicyNotFoundException", PolicyId=NO_POLICY, TargetId=world.unit)
            refused(call, "TargetNotFoundException", PolicyId=world.policy, TargetId=NO_ACCOUNT)
            refused(call, "TargetNotFoundException", PolicyId=world.policy, TargetId=NO_UNIT)
        refused(client.detach_policy, "PolicyNotAttachedException", PolicyId=world.policy, TargetId=world.root)
        refused(client.list_targets_for_policy, "PolicyNotFoundException", PolicyId=NO_POLICY)
        refused(client.list_policies_for_target, "TargetNotFoundException", TargetId=NO_UNIT, Filter=SCP)
        tag = world.make_policy("tags", json.dumps({"tags": {"k": {"tag_key": {"@@assign": "k"}}}}), "TAG_POLICY")
        refused(client.attach_policy, "PolicyTypeNotEnabledException", PolicyId=tag, TargetId=world.unit)
        for number in range(8):
            extra = world.make_policy(f"extra-{number}")
            client.attach_policy(PolicyId=extra, TargetId=world.unit)
        last = world.make_policy("last")
        refused(
            client.attach_policy,
            "ConstraintViolationException",
            "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
            PolicyId=last,
            TargetId=world.unit,
        )
        client.detach_policy(**here)
        targets = world.all("list_targets_for_policy", "Targets", PolicyId=FULL_ACCESS)
        assert world.inner in [row["TargetId"] for row in targets], targets
        refused(
            client.detach_policy,
            "ConstraintViolationException",
            "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
            PolicyId=FULL_ACCESS,
            TargetId=world.inner,
        )
        world.enable("RESOURCE_CONTROL_POLICY")
        refused(
            client.detach_policy,
            "InvalidInputException",
            "NON_DETACHABLE_POLICY",
            PolicyId="p-RCPFullAWSAccess",
            TargetId=world.inner,
        )


def types(ledger):
    """A policy type is enabled once and slowly; while it changes, nothing of it can."""
    with Server(ledger) as server:
        world = World(server)
        client, refused = world.organizations, world.refused
        scp = {"RootId": world.root, "PolicyType": SCP}
        refused(client.enable_policy_type, "PolicyTypeAlreadyEnabledException", **scp)
        refused(client.enable_policy_type, "RootNotFoundException", RootId=NO_ROOT, PolicyType=AI)
        refused(client.disable_policy_type, "RootNotFoundException", RootId=NO_ROOT, PolicyType=AI)
        refused(client.disable_policy_type, "PolicyTypeNotEnabledException", RootId=world.root, PolicyType=AI)
        inspector = {"RootId": world.root, "PolicyType": "INSPECTOR_POLICY"}
        refused(client.enable_policy_type, "ConstraintViolationException", "SERVICE_ACCESS_NOT_ENABLED", **inspector)
        policy = world.make_policy("opt-out", OPT_OUT, AI)
        ai = {"RootId": world.root, "PolicyType": AI}
        here = {"PolicyId": policy, "TargetId": world.unit}
        client.enable_policy_type(**ai)
        refused(client.attach_policy, "PolicyTypeNotEnabledException", **here)
        refused(client.disable_policy_type, "PolicyChangesInProgressException", **ai)
        world.settle()
        client.attach_policy(**here)
        client.disable_policy_type(**ai)
        for call in (client.enable_policy_type, client.disable_policy_type):
            refused(call, "PolicyChangesInProgressException", **ai)
        for call in (client.attach_policy, client.detach_policy):
            refused(call, "PolicyChangesInProgressException", **here)
        refused(client.update_policy, "PolicyChangesInProgressException", PolicyId=policy, Description="x")
        world.settle()
        assert AI not in [row["Type"] for row in world.all("list_roots", "Roots")[0]["PolicyTypes"]]


def effective(ledger):
    """What an account's declarative policies come to is told; of a type without any, nothing."""
    with Server(ledger) as server:
        world = World(server)
        client, refused = world.organizations, world.refused
        world.enable(AI)
        kind = {"PolicyType": AI}
        refused(client.describe_effective_policy, "TargetNotFoundException", TargetId=NO_ACCOUNT, **kind)
        refused(client.describe_effective_policy, "EffectivePolicyNotFoundException", TargetId=world.one, **kind)
        policy = world.make_policy("opt-out", OPT_OUT, AI)
        client.attach_policy(PolicyId=policy, TargetId=world.root)
        told = client.describe_effective_policy(TargetId=world.one, **kind)["EffectivePolicy"]
        assert json.loads(told["PolicyContent"]) == {"services": {"default": {"opt_out_policy": "optOut"}}}, told
        own = world.member(world.one).describe_effective_policy(**kind)["EffectivePolicy"]
        assert own["TargetId"] == world.one, own
        refused(
            client.list_effective_policy_validation_errors, "AccountNotFoundException", AccountId=NO_ACCOUNT, **kind
        )
        client.list_effective_policy_validation_errors(AccountId=world.one, **kind)
        client.list_accounts_with_invalid_effective_policy(**kind)


SCENES = [documents, attachments, types, effective]

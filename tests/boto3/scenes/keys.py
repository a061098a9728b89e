"""KMS keys: their states, policies, aliases, rotation, tags, grants, replicas and deletion."""

import json

from botocore import xform_name
from botocore.exceptions import ClientError
from server import MANAGEMENT, Server
from world import NO_ACCOUNT, World, every

HERE, THERE = "us-east-1", "eu-west-1"
NO_KEY = "00000000-0000-0000-0000-000000000000"
NO_ARN = "arn:aws:kms:nonsense"
NO_GRANT = "0" * 64


def refused(call, wanted, **request):
    """Makes a call that has to fail in this way."""
    World.refused(None, call, wanted, **request)


def statement(account=MANAGEMENT, **more):
    """A statement that gives a key to an account."""
    root = f"arn:aws:iam::{account}:root"
    return {"Effect": "Allow", "Principal": {"AWS": root}, "Action": "kms:*", "Resource": "*", **more}


def policy(*statements):
    """A key policy that keeps its writer in."""
    return json.dumps({"Version": "2012-10-17", "Statement": [statement(), *statements]})


LARGE = policy() + " " * 32768


class Keys:
    """A client in one Region, and the keys that scenes begin with."""

    def __init__(self, server):
        self.server = server
        self.client = server.client("kms")
        self.there = server.client("kms", region=THERE)

    def make(self, **request):
        return self.client.create_key(**request)["KeyMetadata"]["KeyId"]

    def doomed(self):
        key = self.make()
        self.client.schedule_key_deletion(KeyId=key)
        return key

    def disabled(self, **request):
        key = self.make(**request)
        self.client.disable_key(KeyId=key)
        return key

    def updating(self):
        """A key whose primary Region is just moving; an alias and a grant are on it."""
        key = self.replicated()
        self.client.create_alias(AliasName="alias/moving", TargetKeyId=key)
        grant = self.client.create_grant(
            KeyId=key, GranteePrincipal=f"arn:aws:iam::{MANAGEMENT}:root", Operations=["DescribeKey"]
        )
        self.client.update_primary_region(KeyId=key, PrimaryRegion=THERE)
        return key, grant

    def replicated(self):
        key = self.make(MultiRegion=True)
        self.client.replicate_key(KeyId=key, ReplicaRegion=THERE)
        self.server.pass_time(10)
        return key


def requests(key):
    """A request for every operation that names one key, without what it takes besides."""
    return {
        "CancelKeyDeletion": {"KeyId": key},
        "CreateAlias": {"AliasName": "alias/one", "TargetKeyId": key},
        "CreateGrant": {
            "KeyId": key,
            "GranteePrincipal": f"arn:aws:iam::{MANAGEMENT}:root",
            "Operations": ["DescribeKey"],
        },
        "CreateKey": {},
        "DeleteAlias": {"AliasName": "alias/one"},
        "DescribeKey": {"KeyId": key},
        "DisableKey": {"KeyId": key},
        "DisableKeyRotation": {"KeyId": key},
        "EnableKey": {"KeyId": key},
        "EnableKeyRotation": {"KeyId": key},
        "GetKeyPolicy": {"KeyId": key},
        "GetKeyRotationStatus": {"KeyId": key},
        "ListAliases": {"KeyId": key},
        "ListGrants": {"KeyId": key},
        "ListKeyPolicies": {"KeyId": key},
        "ListKeys": {},
        "ListResourceTags": {"KeyId": key},
        "PutKeyPolicy": {"KeyId": key, "Policy": policy()},
        "ReplicateKey": {"KeyId": key, "ReplicaRegion": THERE},
        "RetireGrant": {"KeyId": key, "GrantId": NO_GRANT},
        "RevokeGrant": {"KeyId": key, "GrantId": NO_GRANT},
        "ScheduleKeyDeletion": {"KeyId": key},
        "TagResource": {"KeyId": key, "Tags": [{"TagKey": "k", "TagValue": "v"}]},
        "UntagResource": {"KeyId": key, "TagKeys": ["k"]},
        "UpdateAlias": {"AliasName": "alias/one", "TargetKeyId": key},
        "UpdateKeyDescription": {"KeyId": key, "Description": "d"},
        "UpdatePrimaryRegion": {"KeyId": key, "PrimaryRegion": THERE},
    }


def on_every_operation(client, key, wanted, known):
    """Has every operation refuse a key that is none."""
    for operation, request in requests(key).items():
        if wanted in known["kms", operation]:
            refused(getattr(client, xform_name(operation)), wanted, **request)


def no_such_key(ledger, known):
    """A key that is not there is not found, and an ARN of no key is invalid."""
    with Server(ledger) as server:
        client = server.client("kms")
        on_every_operation(client, f"arn:aws:kms:{HERE}:{MANAGEMENT}:key/{NO_KEY}", "NotFoundException", known)
        for operation, request in requests(NO_ARN).items():
            if "InvalidArnException" in known["kms", operation] and "KeyId" in request:
                refused(getattr(client, xform_name(operation)), "InvalidArnException", **request)
        bad = policy(statement(Principal={"AWS": "arn:aws:iam::12:root"}))
        refused(client.create_key, "InvalidArnException", Policy=bad)


def throttled_and_failing(ledger, known):
    """Every operation can be called too fast, and can fail on AWS's side."""
    for faults, wanted in (("throttle=1", "ThrottlingException"), ("error=1", "KMSInternalException")):
        with Server(ledger, "--faults", faults) as server:
            client = server.client("kms")
            for operation, request in requests(NO_KEY).items():
                if wanted in known["kms", operation] or wanted == "ThrottlingException":
                    refused(getattr(client, xform_name(operation)), wanted, **request)


def making(ledger):
    """A key is made of what AWS has here, and with a policy and tags that AWS takes."""
    with Server(ledger) as server:
        keys = Keys(server)
        create = keys.client.create_key
        refused(create, "UnsupportedOperationException", KeySpec="SM2", KeyUsage="ENCRYPT_DECRYPT")
        refused(create, "CustomKeyStoreNotFoundException", Origin="AWS_CLOUDHSM", CustomKeyStoreId="cks-1")
        refused(create, "LimitExceededException", Policy=LARGE)
        refused(create, "MalformedPolicyDocumentException", Policy="{}")
        refused(create, "TagException", Tags=[{"TagKey": "aws:k", "TagValue": ""}])
        refused(create, "ValidationException", KeySpec="RSA_2048")
        for request in (
            {"KeySpec": "RSA_4096", "KeyUsage": "SIGN_VERIFY"},
            {"KeySpec": "ECC_NIST_P384", "KeyUsage": "KEY_AGREEMENT"},
            {"KeySpec": "ML_DSA_65", "KeyUsage": "SIGN_VERIFY"},
            {"KeySpec": "HMAC_512", "KeyUsage": "GENERATE_VERIFY_MAC"},
            {"Origin": "EXTERNAL"},
            {"Description": "d", "Policy": policy(), "Tags": [{"TagKey": "k", "TagValue": "v"}]},
        ):
            key = keys.make(**request)
            keys.client.describe_key(KeyId=key)
        assert len(every(keys.client, "list_keys", "Keys")) == 6
        assert every(keys.there, "list_keys", "Keys") == []
        refused(keys.client.list_keys, "InvalidMarkerException", Marker="x")


def states(ledger):
    """What a key's state forbids is refused by its name."""
    with Server(ledger) as server:
        keys = Keys(server)
        client, state = keys.client, "KMSInvalidStateException"
        key = keys.make()
        client.disable_key(KeyId=key)
        client.enable_key(KeyId=key)
        client.update_key_description(KeyId=key, Description="d")
        refused(client.cancel_key_deletion, state, KeyId=key)
        refused(client.schedule_key_deletion, "ValidationException", KeyId=key, PendingWindowInDays=6)
        doomed = keys.doomed()
        for operation in (
            "CreateAlias",
            "CreateGrant",
            "DisableKey",
            "DisableKeyRotation",
            "EnableKey",
            "EnableKeyRotation",
            "ScheduleKeyDeletion",
            "TagResource",
            "UntagResource",
            "UpdateKeyDescription",
        ):
            refused(getattr(client, xform_name(operation)), state, **requests(doomed)[operation])
        client.cancel_key_deletion(KeyId=doomed)
        assert client.describe_key(KeyId=doomed)["KeyMetadata"]["KeyState"] == "Disabled"
        for operation in ("CreateGrant", "DisableKeyRotation", "EnableKeyRotation"):
            refused(getattr(client, xform_name(operation)), "DisabledException", **requests(doomed)[operation])
        moving, grant = keys.updating()
        refused(client.put_key_policy, state, KeyId=moving, Policy=policy())
        refused(client.delete_alias, state, AliasName="alias/moving")
        refused(client.get_key_rotation_status, state, KeyId=moving)
        refused(client.revoke_grant, state, KeyId=moving, GrantId=grant["GrantId"])
        refused(client.retire_grant, state, GrantToken=grant["GrantToken"])


def policies(ledger):
    """A key's policy keeps its writer in, names who exists, and decides who may come in."""
    with Server(ledger) as server:
        world, keys = World(server), Keys(server)
        client, malformed = keys.client, "MalformedPolicyDocumentException"
        key = keys.make()
        arn = client.describe_key(KeyId=key)["KeyMetadata"]["Arn"]
        stranger = world.member(world.one, "kms")
        refused(stranger.describe_key, "AccessDeniedException", KeyId=arn)
        put = {"KeyId": key}
        refused(client.put_key_policy, malformed, Policy=policy(statement(NO_ACCOUNT)), **put)
        locked = json.dumps({"Version": "2012-10-17", "Statement": [statement(world.one)]})
        refused(client.put_key_policy, malformed, Policy=locked, **put)
        refused(client.put_key_policy, "LimitExceededException", Policy=LARGE, **put)
        client.put_key_policy(Policy=policy(statement(world.one)), **put)
        assert client.list_key_policies(**put)["PolicyNames"] == ["default"]
        assert len(json.loads(client.get_key_policy(**put)["Policy"])["Statement"]) == 2
        stranger.describe_key(KeyId=arn)


def aliases(ledger):
    """An alias is a name of its own for a key, fifty of which a key can have."""
    with Server(ledger) as server:
        keys = Keys(server)
        client = keys.client
        one, two, doomed = keys.make(), keys.make(), keys.doomed()
        logs = {"AliasName": "alias/logs"}
        client.create_alias(TargetKeyId=one, **logs)
        refused(client.create_alias, "AlreadyExistsException", TargetKeyId=two, **logs)
        refused(client.create_alias, "InvalidAliasNameException", TargetKeyId=one, AliasName="alias/aws/s3")
        client.update_alias(TargetKeyId=two, **logs)
        refused(client.update_alias, "KMSInvalidStateException", TargetKeyId=doomed, **logs)
        for number in range(50):
            client.create_alias(AliasName=f"alias/{number}", TargetKeyId=one)
        refused(client.create_alias, "LimitExceededException", AliasName="alias/more", TargetKeyId=one)
        refused(client.update_alias, "LimitExceededException", TargetKeyId=one, **logs)
        assert len(every(client, "list_aliases", "Aliases")) == 51
        assert len(every(client, "list_aliases", "Aliases", KeyId=two)) == 1
        refused(client.list_aliases, "InvalidMarkerException", Marker="x")
        client.delete_alias(**logs)
        refused(client.delete_alias, "NotFoundException", **logs)
        refused(client.update_alias, "NotFoundException", TargetKeyId=one, **logs)


def rotation(ledger):
    """A symmetric key is rotated by itself, every so many days."""
    with Server(ledger) as server:
        keys = Keys(server)
        client = keys.client
        key, signing = keys.make(), keys.make(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
        refused(client.enable_key_rotation, "ValidationException", KeyId=key, RotationPeriodInDays=89)
        client.enable_key_rotation(KeyId=key, RotationPeriodInDays=90)
        told = client.get_key_rotation_status(KeyId=key)
        assert told["KeyRotationEnabled"] and told["RotationPeriodInDays"] == 90, told
        client.disable_key_rotation(KeyId=key)
        for call in (client.enable_key_rotation, client.disable_key_rotation, client.get_key_rotation_status):
            refused(call, "UnsupportedOperationException", KeyId=signing)


def key_tags(ledger):
    """A key has fifty tags at most, none of them AWS's; the tagging API finds it by them."""
    with Server(ledger) as server:
        keys = Keys(server)
        client = keys.client
        key = keys.make(Tags=[{"TagKey": "team", "TagValue": "a"}])
        client.tag_resource(KeyId=key, Tags=[{"TagKey": "k", "TagValue": "v"}])
        many = [{"TagKey": f"k{number}", "TagValue": ""} for number in range(50)]
        refused(client.tag_resource, "LimitExceededException", KeyId=key, Tags=many)
        refused(client.tag_resource, "TagException", KeyId=key, Tags=[{"TagKey": "aws:k", "TagValue": ""}])
        refused(client.untag_resource, "TagException", KeyId=key, TagKeys=["aws:k"])
        client.untag_resource(KeyId=key, TagKeys=["k"])
        assert [tag["TagKey"] for tag in every(client, "list_resource_tags", "Tags", KeyId=key)] == ["team"]
        refused(client.list_resource_tags, "InvalidMarkerException", KeyId=key, Marker="x")
        for region, count in ((HERE, 1), (THERE, 0)):
            tagging = server.client("resourcegroupstaggingapi", region=region)
            found = tagging.get_resources(ResourceTypeFilters=["kms:key"])["ResourceTagMappingList"]
            assert len(found) == count, found


def grants(ledger):
    """A grant is made, listed, retired and revoked, and asked for without being made."""
    with Server(ledger) as server:
        keys = Keys(server)
        client = keys.client
        key = keys.make()
        arn = client.describe_key(KeyId=key)["KeyMetadata"]["Arn"]
        wanted = requests(key)["CreateGrant"]
        one, two = client.create_grant(**wanted), client.create_grant(**wanted, Name="two")
        refused(client.create_grant, "DryRunOperationException", DryRun=True, **wanted)
        refused(client.create_grant, "InvalidGrantTokenException", GrantTokens=["x"], **wanted)
        assert len(every(client, "list_grants", "Grants", KeyId=key)) == 2
        refused(client.list_grants, "InvalidMarkerException", KeyId=key, Marker="x")
        refused(client.list_grants, "InvalidGrantIdException", KeyId=key, GrantId="x")
        refused(client.revoke_grant, "InvalidGrantIdException", KeyId=key, GrantId="x")
        refused(client.retire_grant, "InvalidGrantIdException", KeyId=arn, GrantId="x")
        refused(client.retire_grant, "InvalidGrantTokenException", GrantToken="x")
        revoked = {"KeyId": key, "GrantId": one["GrantId"]}
        refused(client.revoke_grant, "DryRunOperationException", DryRun=True, **revoked)
        refused(client.retire_grant, "DryRunOperationException", GrantToken=two["GrantToken"], DryRun=True)
        client.revoke_grant(**revoked)
        client.retire_grant(GrantToken=two["GrantToken"])


def replicas(ledger):
    """A multi-Region key is replicated, its primary Region moves, and it waits for its replicas to be gone."""
    with Server(ledger) as server:
        keys = Keys(server)
        client = keys.client
        key, there = keys.make(MultiRegion=True), {"ReplicaRegion": THERE}
        replicate = client.replicate_key
        refused(replicate, "LimitExceededException", KeyId=key, Policy=LARGE, **there)
        refused(replicate, "MalformedPolicyDocumentException", KeyId=key, Policy="{}", **there)
        refused(replicate, "TagException", KeyId=key, Tags=[{"TagKey": "aws:k", "TagValue": ""}], **there)
        refused(replicate, "UnsupportedOperationException", KeyId=keys.make(), **there)
        refused(replicate, "DisabledException", KeyId=keys.disabled(MultiRegion=True), **there)
        replicate(KeyId=key, **there)
        refused(replicate, "AlreadyExistsException", KeyId=key, **there)
        move = client.update_primary_region
        refused(move, "KMSInvalidStateException", KeyId=key, PrimaryRegion=THERE)
        refused(move, "UnsupportedOperationException", KeyId=keys.make(), PrimaryRegion=THERE)
        server.pass_time(10)
        client.schedule_key_deletion(KeyId=key)
        refused(replicate, "KMSInvalidStateException", KeyId=key, ReplicaRegion="eu-north-1")
        client.cancel_key_deletion(KeyId=key)
        refused(move, "DisabledException", KeyId=key, PrimaryRegion=THERE)
        client.enable_key(KeyId=key)
        move(KeyId=key, PrimaryRegion=THERE)
        server.pass_time(10)
        told = keys.there.describe_key(KeyId=key)["KeyMetadata"]["MultiRegionConfiguration"]
        assert told["MultiRegionKeyType"] == "PRIMARY", told


def attempts(ledger):
    """An operation that crosses no accounts is refused to strangers as if the key were not there."""
    with Server(ledger) as server:
        world, keys = World(server), Keys(server)
        arn = keys.client.create_key()["KeyMetadata"]["Arn"]
        stranger = world.member(world.two, "kms")
        for operation in ("GetKeyPolicy", "PutKeyPolicy", "ScheduleKeyDeletion", "TagResource"):
            try:
                getattr(stranger, xform_name(operation))(**requests(arn)[operation])
            except ClientError as error:
                assert error.response["Error"]["Code"] == "AccessDeniedException", error
            else:
                raise AssertionError(f"{operation} was answered to a stranger")


SCENES = [
    no_such_key,
    throttled_and_failing,
    making,
    states,
    policies,
    aliases,
    rotation,
    key_tags,
    grants,
    replicas,
    attempts,
]

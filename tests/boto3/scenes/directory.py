"""The directory of Identity Center: users, groups and memberships."""

from botocore import xform_name
from server import Server
from world import World, every

NO_ID = "0000000000-00000000-0000-0000-0000-000000000000"
NO_STORE = "d-0000000000"


def refused(call, wanted, reason=None, **request):
    """Makes a call that has to fail in this way."""
    World.refused(None, call, wanted, reason, **request)


def store_of(server):
    """The id of the directory."""
    return server.client("sso-admin").list_instances()["Instances"][0]["IdentityStoreId"]


class Directory:
    """A client, and what scenes begin with: alice, who is in the group platform."""

    def __init__(self, server):
        self.client = server.client("identitystore")
        self.store = {"IdentityStoreId": store_of(server)}
        self.group = self.make_group("platform")
        self.user = self.make_user("alice")
        self.membership = self.join(self.group, self.user)

    def make_group(self, name):
        return self.client.create_group(**self.store, DisplayName=name)["GroupId"]

    def make_user(self, name):
        return self.client.create_user(**self.store, **person(name))["UserId"]

    def join(self, group, user):
        made = self.client.create_group_membership(**self.store, GroupId=group, MemberId={"UserId": user})
        return made["MembershipId"]


def person(name):
    """What a user is made of."""
    return {
        "UserName": name,
        "DisplayName": name.title(),
        "Name": {"GivenName": name.title(), "FamilyName": "Example"},
        "Emails": [{"Value": f"{name}@example.com", "Type": "work", "Primary": True}],
    }


def requests(store=NO_STORE, group=NO_ID, user=NO_ID, membership=NO_ID):
    """A request for every operation."""
    store, member = {"IdentityStoreId": store}, {"MemberId": {"UserId": user}}
    change = [{"AttributePath": "displayName", "AttributeValue": "Another"}]

    def unique(path, value):
        return {"AlternateIdentifier": {"UniqueAttribute": {"AttributePath": path, "AttributeValue": value}}}

    return {
        "CreateGroup": {**store, "DisplayName": "another"},
        "CreateGroupMembership": {**store, "GroupId": group, **member},
        "CreateUser": {**store, **person("bob")},
        "DeleteGroup": {**store, "GroupId": group},
        "DeleteGroupMembership": {**store, "MembershipId": membership},
        "DeleteUser": {**store, "UserId": user},
        "DescribeGroup": {**store, "GroupId": group},
        "DescribeGroupMembership": {**store, "MembershipId": membership},
        "DescribeUser": {**store, "UserId": user},
        "GetGroupId": {**store, **unique("displayName", "nobody")},
        "GetGroupMembershipId": {**store, "GroupId": group, **member},
        "GetUserId": {**store, **unique("userName", "nobody")},
        "IsMemberInGroups": {**store, "GroupIds": [group], **member},
        "ListGroupMemberships": {**store, "GroupId": group},
        "ListGroupMembershipsForMember": {**store, **member},
        "ListGroups": store,
        "ListUsers": store,
        "UpdateGroup": {**store, "GroupId": group, "Operations": change},
        "UpdateUser": {**store, "UserId": user, "Operations": change},
    }


def on_every_operation(client, wanted, known, wishes):
    """Has every operation that knows the error give it."""
    for operation, request in wishes.items():
        if wanted in known["identitystore", operation] or wanted == "ThrottlingException":
            refused(getattr(client, xform_name(operation)), wanted, **request)


def who_may_not(ledger, known):
    """A stranger is refused, an unknown directory is not found, nonsense is invalid."""
    with Server(ledger) as server:
        world = World(server, bare=True)
        client = server.client("identitystore")
        on_every_operation(client, "ResourceNotFoundException", known, requests())
        stranger = world.member(world.one, "identitystore")
        on_every_operation(stranger, "AccessDeniedException", known, requests())
        wrong = {operation: {**request, "IdentityStoreId": "x"} for operation, request in requests().items()}
        on_every_operation(client, "ValidationException", known, wrong)
        elsewhere = server.client("identitystore", region="eu-west-1")
        refused(elsewhere.list_users, "ResourceNotFoundException", IdentityStoreId=store_of(server))


def disturbed(ledger, known):
    """Every operation can be called too fast, fail on AWS's side, or meet another change."""
    for faults, wanted in (
        ("throttle=1", "ThrottlingException"),
        ("error=1", "InternalServerException"),
        ("concurrent=1", "ConflictException"),
    ):
        with Server(ledger, "--faults", faults) as server:
            on_every_operation(server.client("identitystore"), wanted, known, requests())


def people(ledger):
    """Users and groups are made, found, changed, listed and removed."""
    with Server(ledger) as server:
        directory = Directory(server)
        client, store, group, user = directory.client, directory.store, directory.group, directory.user
        told = client.describe_user(**store, UserId=user)
        assert (told["UserName"], told["Revision"], told["UserStatus"]) == ("alice", "1", "ENABLED"), told
        assert client.describe_user(**store, UserId=told["UserArn"])["UserId"] == user
        found = requests(store["IdentityStoreId"], group, user, directory.membership)
        unique = found["GetUserId"]["AlternateIdentifier"]["UniqueAttribute"]
        for path, value in (("userName", "alice"), ("UserName", "alice"), ("emails.value", "alice@example.com")):
            unique.update(AttributePath=path, AttributeValue=value)
            assert client.get_user_id(**found["GetUserId"])["UserId"] == user, path
        unique = found["GetGroupId"]["AlternateIdentifier"]["UniqueAttribute"]
        unique["AttributeValue"] = "platform"
        assert client.get_group_id(**found["GetGroupId"])["GroupId"] == group
        external = {"ExternalId": {"Issuer": "https://scim.aws.com/x", "Id": "1"}}
        refused(client.get_user_id, "ResourceNotFoundException", **store, AlternateIdentifier=external)
        refused(client.get_user_id, "ValidationException", **store, AlternateIdentifier={})

        duplicate = "UNIQUENESS_CONSTRAINT_VIOLATION"
        refused(client.create_user, "ConflictException", duplicate, **store, **person("alice"))
        refused(client.create_group, "ConflictException", duplicate, **store, DisplayName="platform")
        refused(client.create_user, "ValidationException", **store, UserName="carol")
        refused(client.create_group, "ValidationException", **store)
        refused(client.create_group, "ValidationException", **store, DisplayName="Administrator")

        stale = {"Revision": "7"}
        for operation in ("UpdateUser", "UpdateGroup", "DeleteUser", "DeleteGroup"):
            call = getattr(client, xform_name(operation))
            refused(call, "ConflictException", "CONCURRENT_MODIFICATION", **found[operation], **stale)
        changes = [
            {"AttributePath": "name.familyName", "AttributeValue": "Changed"},
            {"AttributePath": "emails", "AttributeValue": [{"value": "a@example.com", "primary": True}]},
            {"AttributePath": "title", "AttributeValue": "Engineer"},
        ]
        assert client.update_user(**store, UserId=user, Operations=changes)["Revision"] == "2"
        told = client.describe_user(**store, UserId=user)
        assert (told["Name"]["FamilyName"], told["Emails"][0]["Value"]) == ("Changed", "a@example.com"), told
        client.update_user(**store, UserId=user, Operations=[{"AttributePath": "title"}])
        assert "Title" not in client.describe_user(**store, UserId=user)
        for path, value in (("userStatus", "DISABLED"), ("title", 7), ("userName", None)):
            change = {"AttributePath": path} | ({"AttributeValue": value} if value else {})
            refused(client.update_user, "ValidationException", **store, UserId=user, Operations=[change])
        client.update_group(**found["UpdateGroup"])
        assert client.describe_group(**store, GroupId=group)["DisplayName"] == "Another"

        extension = {"aws:identitystore:enterprise": {"department": "IT"}}
        bob = client.create_user(**store, **person("bob"), Extensions=extension)["UserId"]
        assert "Extensions" not in client.describe_user(**store, UserId=bob)
        told = client.describe_user(**store, UserId=bob, Extensions=list(extension))
        assert told["Extensions"] == extension, told

        many = [directory.make_user(f"user{number}") for number in range(12)]
        listed = every(client, "list_users", "Users", **store, PaginationConfig={"PageSize": 5})
        assert sorted(row["UserId"] for row in listed) == sorted([user, bob, *many]), listed
        filters = [{"AttributePath": "UserName", "AttributeValue": "bob"}]
        assert [row["UserId"] for row in client.list_users(**store, Filters=filters)["Users"]] == [bob]
        filters = [{"AttributePath": "Title", "AttributeValue": "x"}]
        refused(client.list_users, "ValidationException", **store, Filters=filters)
        filters = [{"AttributePath": "DisplayName", "AttributeValue": "Another"}]
        assert [row["GroupId"] for row in client.list_groups(**store, Filters=filters)["Groups"]] == [group]
        refused(client.list_groups, "ValidationException", **store, NextToken="nonsense")
        client.delete_user(**store, UserId=bob)
        refused(client.describe_user, "ResourceNotFoundException", **store, UserId=bob)


def membership(ledger):
    """Who is in which group is told from both sides, and ends with either."""
    with Server(ledger) as server:
        directory = Directory(server)
        client, store, group, user = directory.client, directory.store, directory.group, directory.user
        found = requests(store["IdentityStoreId"], group, user, directory.membership)
        refused(client.create_group_membership, "ConflictException", **found["CreateGroupMembership"])
        refused(client.create_group_membership, "ValidationException", **store, GroupId=group, MemberId={})
        told = client.describe_group_membership(**found["DescribeGroupMembership"])
        assert (told["GroupId"], told["MemberId"]) == (group, {"UserId": user}), told
        assert client.get_group_membership_id(**found["GetGroupMembershipId"])["MembershipId"] == directory.membership
        other = directory.make_group("other")
        asked = client.is_member_in_groups(**store, MemberId={"UserId": user}, GroupIds=[group, other])
        assert [row["MembershipExists"] for row in asked["Results"]] == [True, False], asked
        listed = every(client, "list_group_memberships", "GroupMemberships", **store, GroupId=group)
        assert [row["MembershipId"] for row in listed] == [directory.membership], listed
        directory.join(other, user)
        ours = {**store, "MemberId": {"UserId": user}}
        assert len(every(client, "list_group_memberships_for_member", "GroupMemberships", **ours)) == 2
        client.delete_group(**store, GroupId=other)
        assert len(every(client, "list_group_memberships_for_member", "GroupMemberships", **ours)) == 1
        client.delete_group_membership(**found["DeleteGroupMembership"])
        refused(client.get_group_membership_id, "ResourceNotFoundException", **found["GetGroupMembershipId"])


SCENES = [who_may_not, disturbed, people, membership]

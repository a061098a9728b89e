"""Units and where accounts hang."""

from server import Server
from world import NO_ACCOUNT, NO_POLICY, NO_ROOT, NO_UNIT, World


def units(ledger):
    """Units are made, renamed, found and deleted, five levels deep at most."""
    with Server(ledger) as server:
        world = World(server)
        client, refused = world.organizations, world.refused
        refused(client.create_organizational_unit, "DuplicateOrganizationalUnitException", ParentId=world.root, Name="a")
        refused(client.create_organizational_unit, "ParentNotFoundException", ParentId=NO_UNIT, Name="x")
        refused(
            client.update_organizational_unit,
            "DuplicateOrganizationalUnitException",
            OrganizationalUnitId=world.empty,
            Name="a",
        )
        renamed = client.update_organizational_unit(OrganizationalUnitId=world.empty, Name="Empty")
        assert renamed["OrganizationalUnit"]["Name"] == "Empty", renamed
        for call in (
            client.describe_organizational_unit,
            client.delete_organizational_unit,
            lambda **request: client.update_organizational_unit(Name="x", **request),
        ):
            refused(call, "OrganizationalUnitNotFoundException", OrganizationalUnitId=NO_UNIT)
        refused(
            client.delete_organizational_unit, "OrganizationalUnitNotEmptyException", OrganizationalUnitId=world.unit
        )
        client.delete_organizational_unit(OrganizationalUnitId=world.empty)
        deep = world.inner
        for name in "cde":
            deep = world.make_unit(deep, name)
        refused(
            client.create_organizational_unit,
            "ConstraintViolationException",
            "OU_DEPTH_LIMIT_EXCEEDED",
            ParentId=deep,
            Name="f",
        )


def listings(ledger):
    """What hangs under nothing is not listed, and pages lead to the end."""
    with Server(ledger) as server:
        world = World(server)
        client, refused = world.organizations, world.refused
        for parent in (NO_ROOT, NO_UNIT):
            refused(client.list_accounts_for_parent, "ParentNotFoundException", ParentId=parent)
            refused(client.list_organizational_units_for_parent, "ParentNotFoundException", ParentId=parent)
            refused(client.list_children, "ParentNotFoundException", ParentId=parent, ChildType="ACCOUNT")
        refused(client.list_parents, "ChildNotFoundException", ChildId=NO_ACCOUNT)
        refused(client.list_parents, "ChildNotFoundException", ChildId=NO_UNIT)
        assert world.all("list_parents", "Parents", ChildId=world.inner) == [
            {"Id": world.unit, "Type": "ORGANIZATIONAL_UNIT"}
        ]
        names = [f"unit-{number:02d}" for number in range(45)]
        for name in names:
            world.make_unit(world.empty, name)
        listing = {"ParentId": world.empty}
        units = world.all("list_organizational_units_for_parent", "OrganizationalUnits", **listing)
        found = [unit["Name"] for unit in units]
        assert sorted(found) == names, found
        page = client.list_organizational_units_for_parent(ParentId=world.empty, MaxResults=20)
        assert len(page["OrganizationalUnits"]) <= 20 and page["NextToken"], page
        refused(
            client.list_organizational_units_for_parent,
            "InvalidInputException",
            "INVALID_NEXT_TOKEN",
            ParentId=world.empty,
            NextToken="nonsense",
        )


def moving(ledger):
    """An account is moved from where it is to where it is not."""
    with Server(ledger) as server:
        world = World(server)
        move = world.organizations.move_account
        to_unit = {"SourceParentId": world.root, "DestinationParentId": world.unit}
        world.refused(move, "AccountNotFoundException", AccountId=NO_ACCOUNT, **to_unit)
        world.refused(
            move,
            "SourceParentNotFoundException",
            AccountId=world.one,
            SourceParentId=world.empty,
            DestinationParentId=world.unit,
        )
        world.refused(
            move,
            "DestinationParentNotFoundException",
            AccountId=world.one,
            SourceParentId=world.root,
            DestinationParentId=NO_UNIT,
        )
        world.refused(
            move,
            "DuplicateAccountException",
            AccountId=world.one,
            SourceParentId=world.root,
            DestinationParentId=world.root,
        )
        move(AccountId=world.one, **to_unit)
        account = world.organizations.describe_account(AccountId=world.one)["Account"]
        assert account["Paths"][0].endswith(f"/{world.unit}/{world.one}/"), account
        world.refused(world.organizations.describe_account, "AccountNotFoundException", AccountId=NO_ACCOUNT)
        world.refused(world.organizations.describe_policy, "PolicyNotFoundException", PolicyId=NO_POLICY)


SCENES = [units, listings, moving]

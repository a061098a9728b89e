"""Tags, and the tagging API that reads them in bulk."""

from botocore.exceptions import ClientError
from server import Server
from world import NO_UNIT, World


def tags(ledger):
    """Whatever of the organization exists can be tagged, fifty times at most."""
    with Server(ledger) as server:
        world = World(server)
        client, refused = world.organizations, world.refused
        refused(client.list_tags_for_resource, "TargetNotFoundException", ResourceId=NO_UNIT)
        tag = [{"Key": "k", "Value": "v"}]
        refused(client.tag_resource, "TargetNotFoundException", ResourceId=NO_UNIT, Tags=tag)
        refused(client.untag_resource, "TargetNotFoundException", ResourceId=NO_UNIT, TagKeys=["k"])
        for resource in (world.root, world.unit, world.one, world.policy):
            client.tag_resource(ResourceId=resource, Tags=tag)
            assert world.all("list_tags_for_resource", "Tags", ResourceId=resource) == tag
            client.untag_resource(ResourceId=resource, TagKeys=["k"])
            assert world.all("list_tags_for_resource", "Tags", ResourceId=resource) == []
        many = [{"Key": f"k{number}", "Value": ""} for number in range(51)]
        refused(
            client.tag_resource,
            "ConstraintViolationException",
            "MAX_TAG_LIMIT_EXCEEDED",
            ResourceId=world.unit,
            Tags=many,
        )


def in_bulk(ledger, known):
    """The tagging API lists what is tagged, page by page, and refuses what is no token of its own."""
    with Server(ledger) as server:
        world = World(server)
        tagging = server.client("resourcegroupstaggingapi")
        units = [world.make_unit(world.empty, f"tagged-{number}") for number in range(5)]
        for unit in units:
            world.organizations.tag_resource(ResourceId=unit, Tags=[{"Key": "team", "Value": "a"}])
        wanted = {"TagFilters": [{"Key": "team", "Values": ["a"]}], "ResourcesPerPage": 2}
        found, token = [], ""
        while True:
            page = tagging.get_resources(**wanted, PaginationToken=token)
            found += [row["ResourceARN"].rsplit("/", 1)[-1] for row in page["ResourceTagMappingList"]]
            token = page["PaginationToken"]
            if not token:
                break
        assert sorted(found) == sorted(units), found
        for broken in ({"ResourcesPerPage": 1000}, {"PaginationToken": "nonsense"}):
            try:
                tagging.get_resources(**broken)
            except ClientError:
                pass
        token = tagging.get_resources(**wanted)["PaginationToken"]
        server.pass_time(3600)
        try:
            tagging.get_resources(**wanted, PaginationToken=token)
        except ClientError:
            pass
    for faults in ("throttle=1", "error=1"):
        with Server(ledger, "--faults", faults) as server:
            try:
                server.client("resourcegroupstaggingapi").get_resources()
            except ClientError:
                pass


SCENES = [tags, in_bulk]

"""STS: who calls, and how a member account is entered."""

from server import MANAGEMENT, Server
from world import World

ROLE = "OrganizationAccountAccessRole"


def identity(ledger):
    """Everyone is told who they are; a stranger's key is not known."""
    with Server(ledger) as server:
        told = server.client("sts").get_caller_identity()
        assert told["Account"] == MANAGEMENT, told
        World.refused(
            None,
            server.client(
                "sts", credentials={"AccessKeyId": "AKIAIOSFODNN7EXAMPLE", "SecretAccessKey": "x", "SessionToken": "x"}
            ).get_caller_identity,
            "InvalidClientTokenId",
        )


def entering(ledger):
    """A created account is entered by its access role, from the management account, for an hour."""
    with Server(ledger) as server:
        world = World(server)
        sts = server.client("sts")
        role = f"arn:aws:iam::{world.one}:role/{ROLE}"
        session = {"RoleSessionName": "judge", "DurationSeconds": 900}
        entered = sts.assume_role(RoleArn=role, **session)
        inside = server.client("sts", credentials=entered["Credentials"]).get_caller_identity()
        assert inside["Account"] == world.one, inside
        assert inside["Arn"] == f"arn:aws:sts::{world.one}:assumed-role/{ROLE}/judge", inside
        world.refused(sts.assume_role, "AccessDenied", RoleArn=role.replace(ROLE, "Nobody"), **session)
        from_other = world.member(world.two, "sts")
        world.refused(from_other.assume_role, "AccessDenied", RoleArn=role, **session)
        server.pass_time(1000)
        late = server.client("sts", credentials=entered["Credentials"])
        world.refused(late.get_caller_identity, "ExpiredToken")


SCENES = [identity, entering]

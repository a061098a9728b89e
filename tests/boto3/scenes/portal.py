"""The access portal: what a signed-in user reaches, and credentials for it."""

from botocore import xform_name
from botocore.exceptions import ClientError
from scenes.identity_center import Center
from server import Server
from world import World, every

NO_TOKEN = "nonsense"


def refused(call, wanted, **request):
    """Makes a call that has to fail in this way."""
    World.refused(None, call, wanted, **request)


def requests(token, account="444455556666", role="Reader"):
    """A request for every operation."""
    token = {"accessToken": token}
    return {
        "GetRoleCredentials": {**token, "accountId": account, "roleName": role},
        "ListAccountRoles": {**token, "accountId": account},
        "ListAccounts": token,
        "Logout": token,
    }


def on_every_operation(client, wanted, known, wishes):
    """Has every operation that knows the error give it."""
    for operation, request in wishes.items():
        if wanted in known["sso", operation]:
            refused(getattr(client, xform_name(operation)), wanted, **request)


def signing_in(ledger, known):
    """A user signs in, sees what it is assigned, becomes a role there, and signs out."""
    with Server(ledger) as server:
        center = Center(server)
        world, client = center.world, server.client("sso")
        center.client.update_permission_set(**center.set, SessionDuration="PT2H")
        center.assign(**center.assignment(world.one))
        token = server.post("/_sandbox/sign-in", {"user": "alice"})["accessToken"]
        accounts = every(client, "list_accounts", "accountList", accessToken=token)
        assert [row["accountId"] for row in accounts] == [world.one], accounts
        roles = every(client, "list_account_roles", "roleList", accessToken=token, accountId=world.one)
        assert roles == [{"roleName": "Reader", "accountId": world.one}], roles
        refused(client.list_account_roles, "ForbiddenException", accessToken=token, accountId=world.two)
        wanted = requests(token, world.one)["GetRoleCredentials"]
        refused(client.get_role_credentials, "ForbiddenException", **{**wanted, "roleName": "Admin"})
        given = client.get_role_credentials(**wanted)["roleCredentials"]
        keys = {name[0].upper() + name[1:]: value for name, value in given.items()}
        inside = server.client("sts", credentials=keys).get_caller_identity()
        assert inside["Account"] == world.one, inside
        assert f"assumed-role/AWSReservedSSO_Reader_" in inside["Arn"] and inside["Arn"].endswith("/alice"), inside
        refused(client.list_accounts, "InvalidRequestException", accessToken=token, nextToken="nonsense")
        again = server.post("/_sandbox/sign-in", {"user": "alice"})["accessToken"]
        client.logout(accessToken=again)
        on_every_operation(client, "UnauthorizedException", known, requests(again))
        client.list_accounts(accessToken=token)
        server.pass_time(2 * 3600)
        refused(server.client("sts", credentials=keys).get_caller_identity, "ExpiredToken")
        server.pass_time(7 * 3600)
        refused(client.list_accounts, "UnauthorizedException", accessToken=token)


def gone(ledger, known):
    """A user that is gone is not found, and a request without its members is invalid."""
    with Server(ledger) as server:
        center = Center(server)
        client = server.client("sso")
        token = server.post("/_sandbox/sign-in", {"user": "alice"})["accessToken"]
        center.directory.client.delete_user(**center.directory.store, UserId=center.directory.user)
        on_every_operation(client, "ResourceNotFoundException", known, requests(token))
        on_every_operation(client, "UnauthorizedException", known, requests(NO_TOKEN))
        for operation in requests(token):
            try:
                getattr(client, xform_name(operation))()
            except ClientError as error:
                assert error.response["Error"]["Code"] == "InvalidRequestException", error


def disturbed(ledger, known):
    """Every operation can be called too fast."""
    with Server(ledger, "--faults", "throttle=1") as server:
        on_every_operation(server.client("sso"), "TooManyRequestsException", known, requests(NO_TOKEN))


SCENES = [signing_in, gone, disturbed]

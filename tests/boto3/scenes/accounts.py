"""Accounts: made slowly, closed slowly, removed late."""

from server import MANAGEMENT, Server
from world import ANALYZER, NO_ACCOUNT, NO_REQUEST, World


def creating(ledger):
    """An account takes a while; a taken e-mail address fails it; five at a time at most."""
    with Server(ledger) as server:
        world = World(server)
        client = world.organizations
        request = world.request_account("slow", RoleName="Entry", Tags=[{"Key": "team", "Value": "a"}])
        status = client.describe_create_account_status(CreateAccountRequestId=request)["CreateAccountStatus"]
        assert status["State"] == "IN_PROGRESS", status
        running = world.all("list_create_account_status", "CreateAccountStatuses", States=["IN_PROGRESS"])
        assert [row["Id"] for row in running] == [request], running
        world.settle()
        status = client.describe_create_account_status(CreateAccountRequestId=request)["CreateAccountStatus"]
        assert status["State"] == "SUCCEEDED", status
        tags = world.all("list_tags_for_resource", "Tags", ResourceId=status["AccountId"])
        assert tags == [{"Key": "team", "Value": "a"}], tags
        again = world.request_account("slow")
        world.settle()
        status = client.describe_create_account_status(CreateAccountRequestId=again)["CreateAccountStatus"]
        assert (status["State"], status["FailureReason"]) == ("FAILED", "EMAIL_ALREADY_EXISTS"), status
        world.refused(
            client.describe_create_account_status,
            "CreateAccountStatusNotFoundException",
            CreateAccountRequestId=NO_REQUEST,
        )
        for number in range(5):
            world.request_account(f"burst-{number}")
        world.refused(
            client.create_account,
            "ConstraintViolationException",
            "ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED",
            Email="sixth@example.com",
            AccountName="sixth",
        )


def closing(ledger):
    """An account is closed once, three at a time at most, and never the management account."""
    with Server(ledger) as server:
        world = World(server)
        close = world.organizations.close_account
        more = [world.make_account(f"closing-{number}") for number in range(3)]
        world.refused(close, "AccountNotFoundException", AccountId=NO_ACCOUNT)
        world.refused(close, "ConstraintViolationException", AccountId=MANAGEMENT)
        close(AccountId=world.one)
        world.refused(close, "ConflictException", AccountId=world.one)
        close(AccountId=more[0])
        close(AccountId=more[1])
        world.refused(
            close, "ConstraintViolationException", "CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED", AccountId=more[2]
        )
        server.pass_time(3600)
        account = world.organizations.describe_account(AccountId=world.one)["Account"]
        assert (account["State"], account["Status"]) == ("CLOSED", "SUSPENDED"), account
        world.refused(close, "AccountAlreadyClosedException", AccountId=world.one)


def leaving(ledger):
    """A created account stays four days; the management account stays for good."""
    with Server(ledger) as server:
        world = World(server)
        remove = world.organizations.remove_account_from_organization
        world.refused(remove, "AccountNotFoundException", AccountId=NO_ACCOUNT)
        world.refused(remove, "MasterCannotLeaveOrganizationException", AccountId=MANAGEMENT)
        world.refused(world.organizations.leave_organization, "MasterCannotLeaveOrganizationException")
        world.refused(remove, "ConstraintViolationException", "WAIT_PERIOD_ACTIVE", AccountId=world.one)
        member = world.member(world.one)
        world.refused(member.leave_organization, "ConstraintViolationException", "WAIT_PERIOD_ACTIVE")
        server.pass_time(5 * 24 * 3600)
        world.organizations.enable_aws_service_access(ServicePrincipal=ANALYZER)
        world.organizations.register_delegated_administrator(AccountId=world.one, ServicePrincipal=ANALYZER)
        world.refused(
            remove,
            "ConstraintViolationException",
            "CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG",
            AccountId=world.one,
        )
        remove(AccountId=world.two)
        world.refused(world.member(world.two).leave_organization, "AWSOrganizationsNotInUseException")
        world.organizations.deregister_delegated_administrator(AccountId=world.one, ServicePrincipal=ANALYZER)
        member.leave_organization()


SCENES = [creating, closing, leaving]

"""What every operation does in the same way: refuse strangers, refuse nonsense, be throttled, fail."""

from botocore import xform_name
from botocore.exceptions import ClientError
from server import MANAGEMENT, Server, raw
from world import NO_ACCOUNT, NO_TRANSFER, World, requests


def attempt(client, operation, request):
    """Calls an operation; what is answered goes to the ledger, good or bad."""
    try:
        getattr(client, xform_name(operation))(**request)
    except ClientError:
        pass


def try_all(client, known, error, wanted):
    """Calls every operation that can raise the error, each with its request."""
    for (service, operation), errors in sorted(known.items()):
        if service == "organizations" and error in errors and operation in wanted:
            attempt(client, operation, wanted[operation])


def outside_any_organization(ledger, known):
    """An account that is in no organization is told so by every operation."""
    with Server(ledger, "--stand-alone") as server:
        wanted = requests()
        try_all(server.client("organizations"), known, "AWSOrganizationsNotInUseException", wanted)


def from_a_member_account(ledger, known):
    """A member account may do next to nothing."""
    with Server(ledger) as server:
        world = World(server)
        try_all(world.member(world.two), known, "AccessDeniedException", requests(world))
        other = {"PolicyType": "AISERVICES_OPT_OUT_POLICY", "TargetId": world.one}
        attempt(world.member(world.two), "DescribeEffectivePolicy", other)
        # An account that does not manage this sandbox's organization cannot found one either.
        attempt(server.client("organizations", NO_ACCOUNT), "CreateOrganization", {"FeatureSet": "ALL"})


def throttled(ledger, known):
    """Every operation can be called too fast."""
    with Server(ledger, "--faults", "throttle=1") as server:
        client = server.client("organizations", MANAGEMENT)
        try_all(client, known, "TooManyRequestsException", requests())


def failing(ledger, known):
    """Every operation can fail on AWS's side."""
    with Server(ledger, "--faults", "error=1") as server:
        try_all(server.client("organizations", MANAGEMENT), known, "ServiceException", requests())


def disturbed(ledger, known):
    """Every write can meet another write, or a change of its policy type."""
    with Server(ledger, "--faults", "concurrent=1") as server:
        client = server.client("organizations", MANAGEMENT)
        for _ in range(8):  # which of the two, is drawn anew each time
            try_all(client, known, "ConcurrentModificationException", requests())


def nonsense(ledger, known):
    """Every operation refuses a request that has not its shape."""
    with Server(ledger) as server:
        world = World(server)
        model = world.organizations.meta.service_model
        good = requests(world)
        for (service, operation), errors in sorted(known.items()):
            if service == "organizations" and "InvalidInputException" in errors:
                shape = model.operation_model(operation).input_shape
                try:
                    raw(world.organizations, operation, broken_request(shape, good.get(operation, {})))
                except ClientError:
                    pass


def broken_request(shape, good):
    """The request with one member that the API's model refuses."""
    for name, member in (shape.members if shape else {}).items():
        if name == "MaxResults":
            return {**good, name: 99}
        if member.type_name == "string" and (member.enum or "\\s\\S" not in member.metadata.get("pattern", "\\s\\S")):
            return {**good, name: "no\u00e9"}
    for name, member in (shape.members if shape else {}).items():
        if member.type_name == "string":
            return {**good, name: "x" * (member.metadata.get("max", 0) + 1)}
    return {}


def without_all_features(ledger, known):
    """An organization with consolidated billing only can do next to nothing with its accounts."""
    with Server(ledger, "--stand-alone") as server:
        client = server.client("organizations")
        client.create_organization(FeatureSet="CONSOLIDATED_BILLING")
        server.pass_time(3601)
        world = World(server, bare=True)
        wanted = requests(world)
        del wanted["EnableAllFeatures"]
        for error in ("ConstraintViolationException", "PolicyTypeNotAvailableForOrganizationException"):
            try_all(client, known, error, wanted)


def reading(ledger, known):
    """Every operation that reads is answered; invitations and transfers are refused."""
    with Server(ledger) as server:
        world = World(server)
        wanted = requests(world)
        for service, operation in sorted(known):
            asked = operation.startswith(("List", "Describe")) or "Handshake" in operation or "Transfer" in operation
            if service == "organizations" and (asked or operation.startswith("Invite")):
                attempt(world.organizations, operation, wanted[operation])
        attempt(
            world.organizations, "ListInboundResponsibilityTransfers", {"Type": "BILLING", "Id": NO_TRANSFER}
        )


SCENES = [
    outside_any_organization,
    from_a_member_account,
    throttled,
    failing,
    disturbed,
    nonsense,
    without_all_features,
    reading,
]

"""What every operation does in the same way: refuse strangers, refuse nonsense, be throttled, fail."""

import re

from botocore.exceptions import ClientError
from server import MANAGEMENT, Server
from world import NO_ACCOUNT, World, requests


def method(operation):
    """The name of an operation's method in boto3."""
    words = re.sub(r"AWS", "Aws", operation)
    return re.sub(r"(?<!^)(?=[A-Z])", "_", words).lower()


def try_all(client, known, error, wanted):
    """Calls every operation that can raise the error, with its request; what it says goes to the ledger."""
    for (service, operation), errors in sorted(known.items()):
        if service == "organizations" and error in errors and operation in wanted:
            try:
                getattr(client, method(operation))(**wanted[operation])
            except ClientError:
                pass


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
        # An account that does not manage this sandbox's organization cannot found one either.
        stranger = server.client("organizations", NO_ACCOUNT)
        try_all(stranger, known, "AccessDeniedException", {"CreateOrganization": {"FeatureSet": "ALL"}})


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
    """Every write can meet another write."""
    with Server(ledger, "--faults", "concurrent=1") as server:
        client = server.client("organizations", MANAGEMENT)
        try_all(client, known, "ConcurrentModificationException", requests())


def nonsense(ledger, known):
    """Every operation refuses a request that has not its shape."""
    with Server(ledger) as server:
        world = World(server)
        model = world.organizations.meta.service_model
        good = requests(world)
        for (service, operation), errors in sorted(known.items()):
            if service != "organizations" or "InvalidInputException" not in errors:
                continue
            shape = model.operation_model(operation).input_shape
            broken = broken_request(shape, good.get(operation, {}))
            try:
                getattr(world.organizations, method(operation))(**broken)
            except ClientError:
                pass


def broken_request(shape, good):
    """The request with one member that the API's model refuses."""
    for name in [*(shape.required_members if shape else ()), *(shape.members if shape else ())]:
        member = shape.members[name]
        if name == "MaxResults":
            return {**good, name: 99}
        if member.type_name == "string" and member.enum:
            return {**good, name: "NONSENSE"}
        if member.type_name == "string" and (member.metadata.get("pattern") or member.metadata.get("min")):
            return {**good, name: ""}
    return {**good, "Nonsense": "x"}


def good_answers(ledger, known):
    """Every operation that reads is answered, and every switch can be turned on and off."""
    with Server(ledger) as server:
        world = World(server)
        wanted = requests(world)
        for service, operation in sorted(known):
            if service == "organizations" and operation.startswith(("List", "Describe")) and operation in wanted:
                try:
                    getattr(world.organizations, method(operation))(**wanted[operation])
                except ClientError:
                    pass


SCENES = [outside_any_organization, from_a_member_account, throttled, failing, disturbed, nonsense, good_answers]

"""The organization: founding it, its first hour, its features, its end."""

from server import Server
from world import World


def founding(ledger):
    """An organization is founded, cannot be founded twice, and needs an hour until it takes accounts."""
    with Server(ledger, "--stand-alone") as server:
        client = server.client("organizations")
        made = client.create_organization(FeatureSet="ALL")["Organization"]
        assert made["FeatureSet"] == "ALL", made
        assert client.describe_organization()["Organization"]["Id"] == made["Id"]
        refused = World.refused
        refused(None, client.create_organization, "AlreadyInOrganizationException")
        for call in (client.create_account, client.create_gov_cloud_account):
            refused(None, call, "FinalizingOrganizationException", Email="a@example.com", AccountName="a")
        server.pass_time(3601)
        client.create_account(Email="a@example.com", AccountName="a")


def ending(ledger):
    """An organization with members cannot be deleted; an empty one can."""
    with Server(ledger) as server:
        world = World(server)
        world.refused(world.organizations.delete_organization, "OrganizationNotEmptyException")
        server.reset()
        server.client("organizations").delete_organization()


def all_features(ledger):
    """An organization with consolidated billing only takes no policies until it has all features."""
    with Server(ledger, "--stand-alone") as server:
        client = server.client("organizations")
        client.create_organization(FeatureSet="CONSOLIDATED_BILLING")
        client.enable_all_features()
        World.refused(None, client.enable_all_features, "HandshakeConstraintViolationException")


SCENES = [founding, ending, all_features]

"""Trusted access, delegated administrators, the delegation policy."""

from server import MANAGEMENT, Server
from world import ANALYZER, NO_ACCOUNT, World, delegation, every


def trusted_access(ledger):
    """A service that AWS knows can be trusted; an unknown one cannot."""
    with Server(ledger) as server:
        world = World(server)
        client, refused = world.organizations, world.refused
        for call in (client.enable_aws_service_access, client.disable_aws_service_access):
            refused(
                call, "InvalidInputException", "UNRECOGNIZED_SERVICE_PRINCIPAL", ServicePrincipal="no.amazonaws.com"
            )
        client.enable_aws_service_access(ServicePrincipal=ANALYZER)
        listed = world.all("list_aws_service_access_for_organization", "EnabledServicePrincipals")
        assert [row["ServicePrincipal"] for row in listed] == [ANALYZER], listed
        client.disable_aws_service_access(ServicePrincipal=ANALYZER)
        client.enable_aws_service_access(ServicePrincipal="inspector2.amazonaws.com")
        world.enable("INSPECTOR_POLICY")
        refused(
            client.disable_aws_service_access,
            "ConstraintViolationException",
            "POLICY_TYPE_ENABLED_FOR_THIS_SERVICE",
            ServicePrincipal="inspector2.amazonaws.com",
        )


def delegated_administrators(ledger):
    """An account administers a service that is trusted, once, and is a member."""
    with Server(ledger) as server:
        world = World(server)
        client, refused = world.organizations, world.refused
        register, deregister = client.register_delegated_administrator, client.deregister_delegated_administrator
        one = {"AccountId": world.one, "ServicePrincipal": ANALYZER}
        refused(register, "ConstraintViolationException", "SERVICE_ACCESS_NOT_ENABLED", **one)
        client.enable_aws_service_access(ServicePrincipal=ANALYZER)
        refused(register, "AccountNotFoundException", **{**one, "AccountId": NO_ACCOUNT})
        refused(deregister, "AccountNotFoundException", **{**one, "AccountId": NO_ACCOUNT})
        refused(
            register,
            "ConstraintViolationException",
            "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR",
            **{**one, "AccountId": MANAGEMENT},
        )
        refused(deregister, "AccountNotRegisteredException", **one)
        services = client.list_delegated_services_for_account
        refused(services, "AccountNotFoundException", AccountId=NO_ACCOUNT)
        refused(services, "AccountNotRegisteredException", AccountId=world.one)
        register(**one)
        refused(register, "AccountAlreadyRegisteredException", **one)
        listed = world.all("list_delegated_services_for_account", "DelegatedServices", AccountId=world.one)
        assert [row["ServicePrincipal"] for row in listed] == [ANALYZER], listed
        listed = world.all("list_delegated_administrators", "DelegatedAdministrators")
        assert [row["Id"] for row in listed] == [world.one], listed
        refused(
            register,
            "ConstraintViolationException",
            "DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE",
            **{**one, "AccountId": world.two},
        )
        # A delegated administrator may read the organization.
        assert every(world.member(world.one), "list_accounts", "Accounts")
        deregister(**one)


def delegation_policy(ledger):
    """The delegation policy lets a member account do what it names, and nothing else."""
    with Server(ledger) as server:
        world = World(server)
        client, refused = world.organizations, world.refused
        refused(client.describe_resource_policy, "ResourcePolicyNotFoundException")
        refused(client.delete_resource_policy, "ResourcePolicyNotFoundException")
        client.put_resource_policy(Content=delegation(world.one, "ListPolicies", "DescribePolicy"))
        client.describe_resource_policy()
        member = world.member(world.one)
        assert member.describe_policy(PolicyId=world.policy)["Policy"]["PolicySummary"]["Id"] == world.policy
        refused(member.delete_policy, "AccessDeniedException", PolicyId=world.policy)
        client.delete_resource_policy()
        refused(member.describe_policy, "AccessDeniedException", PolicyId=world.policy)


SCENES = [trusted_access, delegated_administrators, delegation_policy]

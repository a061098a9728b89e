"""What an account has from birth: contacts, Regions, alias, passwords, root access, EC2's and S3's defaults."""

from botocore import xform_name
from server import MANAGEMENT, Server
from world import NO_ACCOUNT, World, every

OPT_IN = "af-south-1"
ACCOUNT = "account.amazonaws.com"
ROOT = "iam.amazonaws.com"

# What EC2 answers here; its model lists no errors. All are provoked below.
EC2_ERRORS = {
    "AuthFailure",
    "DependencyViolation",
    "DryRunOperation",
    "Gateway.NotAttached",
    "InvalidInternetGatewayID.NotFound",
    "InvalidKmsKey.InvalidState",
    "InvalidKmsKey.NotFound",
    "InvalidNetworkInterfaceID.NotFound",
    "InvalidNextToken",
    "InvalidParameterValue",
    "InvalidSubnetID.NotFound",
    "InvalidVpcID.NotFound",
    "MissingParameter",
    "RequestLimitExceeded",
    "InternalError",
}


# Errors that IAM has another name for on the wire.
WIRE_CODES = {
    "ConcurrentModificationException": "ConcurrentModification",
    "ServiceFailureException": "ServiceFailure",
}


def refused(call, wanted, **request):
    """Makes a call that has to fail in this way."""
    World.refused(None, call, wanted, **request)


def account_requests(**of):
    """A request for every operation of account management."""
    contact = {"AlternateContactType": "SECURITY", **of}
    region = {"RegionName": OPT_IN, **of}
    information = {
        "FullName": "Example Corp",
        "AddressLine1": "100 Main Street",
        "City": "Any Town",
        "StateOrRegion": "WA",
        "PostalCode": "98101",
        "CountryCode": "US",
        "PhoneNumber": "+1 555 0100",
    }
    return {
        "DeleteAlternateContact": contact,
        "DisableRegion": region,
        "EnableRegion": region,
        "GetAlternateContact": contact,
        "GetContactInformation": of,
        "GetRegionOptStatus": region,
        "ListRegions": of,
        "PutAlternateContact": {
            **contact,
            "Name": "Security Team",
            "Title": "CISO",
            "EmailAddress": "security@example.com",
            "PhoneNumber": "+1 555 0100",
        },
        "PutContactInformation": {"ContactInformation": information, **of},
    }


def on_every_operation(client, service, wanted, known, wishes):
    """Has every operation that knows the error give it."""
    for operation, request in wishes.items():
        if wanted in known[service, operation]:
            refused(getattr(client, xform_name(operation)), WIRE_CODES.get(wanted, wanted), **request)


def account_management(ledger, known):
    """Contacts are put, told and removed; by the management account for members, with trusted access."""
    with Server(ledger) as server:
        world = World(server, bare=True)
        client, member = server.client("account"), world.member(world.one, "account")
        other = account_requests(AccountId=world.one)
        on_every_operation(client, "account", "AccessDeniedException", known, other)
        world.organizations.enable_aws_service_access(ServicePrincipal=ACCOUNT)
        own = account_requests(AccountId=MANAGEMENT)
        on_every_operation(client, "account", "AccessDeniedException", known, own)
        outside = account_requests(AccountId=NO_ACCOUNT)
        on_every_operation(client, "account", "AccessDeniedException", known, outside)
        stranger = world.member(world.two, "account")
        on_every_operation(stranger, "account", "AccessDeniedException", known, other)
        nonsense = account_requests(AccountId="12")
        on_every_operation(client, "account", "ValidationException", known, nonsense)
        for call in (client.get_alternate_contact, client.delete_alternate_contact):
            refused(call, "ResourceNotFoundException", **other["GetAlternateContact"])
        client.put_alternate_contact(**other["PutAlternateContact"])
        told = member.get_alternate_contact(AlternateContactType="SECURITY")["AlternateContact"]
        assert told["EmailAddress"] == "security@example.com", told
        refused(stranger.get_alternate_contact, "ResourceNotFoundException", AlternateContactType="SECURITY")
        client.delete_alternate_contact(**other["DeleteAlternateContact"])
        told = client.get_contact_information(AccountId=world.one)["ContactInformation"]
        assert told["FullName"] == "one", told
        client.put_contact_information(**other["PutContactInformation"])
        assert member.get_contact_information()["ContactInformation"]["FullName"] == "Example Corp"
        nowhere = dict(other["PutContactInformation"]["ContactInformation"])
        del nowhere["StateOrRegion"]
        refused(member.put_contact_information, "ValidationException", ContactInformation=nowhere)
        world.organizations.register_delegated_administrator(AccountId=world.two, ServicePrincipal=ACCOUNT)
        stranger.get_contact_information(AccountId=world.one)


def regions(ledger):
    """A Region is enabled and disabled in some minutes; those from the start stay."""
    with Server(ledger) as server:
        client = server.client("account")
        status = lambda: client.get_region_opt_status(RegionName=OPT_IN)["RegionOptStatus"]  # noqa: E731
        assert status() == "DISABLED"
        client.enable_region(RegionName=OPT_IN)
        assert status() == "ENABLING"
        refused(client.disable_region, "ConflictException", RegionName=OPT_IN)
        server.pass_time(400)
        assert status() == "ENABLED"
        client.enable_region(RegionName=OPT_IN)
        server.client("ec2", region=OPT_IN).describe_vpcs()
        client.disable_region(RegionName=OPT_IN)
        assert status() == "DISABLING"
        refused(client.enable_region, "ConflictException", RegionName=OPT_IN)
        server.pass_time(400)
        assert status() == "DISABLED"
        for call in (client.enable_region, client.disable_region):
            refused(call, "ValidationException", RegionName="us-east-1")
        refused(client.get_region_opt_status, "ValidationException", RegionName="nowhere")
        listed = every(client, "list_regions", "Regions", RegionOptStatusContains=["DISABLED"])
        names = [row["RegionName"] for row in listed]
        assert OPT_IN in names and "us-east-1" not in names, names
        assert len(every(client, "list_regions", "Regions", MaxResults=7)) > len(names)
        refused(client.list_regions, "ValidationException", NextToken="nonsense")
        for name in names[:6]:
            client.enable_region(RegionName=name)
        refused(client.enable_region, "TooManyRequestsException", RegionName=names[6])


def identities(ledger, known):
    """An account has one alias, which no other has, and a password policy that is replaced whole."""
    with Server(ledger) as server:
        world = World(server, bare=True)
        iam, member = server.client("iam"), world.member(world.one, "iam")
        iam.create_account_alias(AccountAlias="acme-root")
        refused(member.create_account_alias, "EntityAlreadyExists", AccountAlias="acme-root")
        refused(member.create_account_alias, "ValidationError", AccountAlias="a--b")
        iam.create_account_alias(AccountAlias="acme")
        assert iam.list_account_aliases()["AccountAliases"] == ["acme"]
        refused(iam.delete_account_alias, "NoSuchEntity", AccountAlias="acme-root")
        iam.delete_account_alias(AccountAlias="acme")
        assert iam.list_account_aliases()["AccountAliases"] == []

        for call in (iam.get_account_password_policy, iam.delete_account_password_policy):
            refused(call, "NoSuchEntity")
        iam.update_account_password_policy(MinimumPasswordLength=14, RequireNumbers=True, MaxPasswordAge=90)
        told = iam.get_account_password_policy()["PasswordPolicy"]
        assert (told["MinimumPasswordLength"], told["ExpirePasswords"], told["RequireSymbols"]) == (14, True, False)
        iam.update_account_password_policy(RequireSymbols=True)
        told = iam.get_account_password_policy()["PasswordPolicy"]
        assert (told["MinimumPasswordLength"], told["RequireNumbers"], "MaxPasswordAge" in told) == (6, False, False)
        refused(iam.update_account_password_policy, "ValidationError", MinimumPasswordLength=5)
        iam.delete_account_password_policy()


ROOT_OPERATIONS = [
    "EnableOrganizationsRootCredentialsManagement",
    "EnableOrganizationsRootSessions",
    "DisableOrganizationsRootCredentialsManagement",
    "DisableOrganizationsRootSessions",
    "ListOrganizationsFeatures",
]


def root_access(ledger, known):
    """Centralized root access belongs to the management account, with trusted access."""
    nothing = {operation: {} for operation in ROOT_OPERATIONS}
    with Server(ledger, "--stand-alone") as server:
        iam = server.client("iam")
        on_every_operation(iam, "iam", "OrganizationNotFoundException", known, nothing)
        server.client("organizations").create_organization(FeatureSet="CONSOLIDATED_BILLING")
        on_every_operation(iam, "iam", "OrganizationNotInAllFeaturesModeException", known, nothing)
    with Server(ledger) as server:
        world = World(server, bare=True)
        iam, member = server.client("iam"), world.member(world.one, "iam")
        stranger = "AccountNotManagementOrDelegatedAdministratorException"
        on_every_operation(member, "iam", stranger, known, nothing)
        on_every_operation(iam, "iam", "ServiceAccessNotEnabledException", known, nothing)
        world.organizations.enable_aws_service_access(ServicePrincipal=ROOT)
        iam.enable_organizations_root_credentials_management()
        told = iam.enable_organizations_root_sessions()
        assert sorted(told["EnabledFeatures"]) == ["RootCredentialsManagement", "RootSessions"], told
        world.organizations.register_delegated_administrator(AccountId=world.one, ServicePrincipal=ROOT)
        on_every_operation(member, "iam", "CallerIsNotManagementAccountException", known, nothing)
        assert member.disable_organizations_root_sessions()["EnabledFeatures"] == ["RootCredentialsManagement"]
        iam.disable_organizations_root_credentials_management()
        assert member.list_organizations_features()["EnabledFeatures"] == []


def buckets(ledger):
    """The account's public access block is its own."""
    with Server(ledger) as server:
        world = World(server, bare=True)
        client = server.client("s3control")
        own = {"AccountId": MANAGEMENT}
        refused(client.get_public_access_block, "NoSuchPublicAccessBlockConfiguration", **own)
        block = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True}
        client.put_public_access_block(**own, PublicAccessBlockConfiguration=block)
        told = client.get_public_access_block(**own)["PublicAccessBlockConfiguration"]
        assert told == {**block, "RestrictPublicBuckets": False}, told
        for call in (client.get_public_access_block, client.delete_public_access_block):
            refused(call, "AccessDenied", AccountId=world.one)
        client.delete_public_access_block(**own)
        refused(client.get_public_access_block, "NoSuchPublicAccessBlockConfiguration", **own)


def defaults_of_ec2(ledger):
    """Each Region of an account has its own defaults, which are set and reset."""
    with Server(ledger) as server:
        world = World(server, bare=True)
        ec2, there = server.client("ec2"), server.client("ec2", region="eu-west-1")
        refused(server.client("ec2", region=OPT_IN).describe_vpcs, "AuthFailure")
        assert ec2.enable_ebs_encryption_by_default()["EbsEncryptionByDefault"]
        assert ec2.get_ebs_encryption_by_default()["EbsEncryptionByDefault"]
        assert not there.get_ebs_encryption_by_default()["EbsEncryptionByDefault"]
        member = world.member(world.one, "ec2")
        assert not member.get_ebs_encryption_by_default()["EbsEncryptionByDefault"]
        assert not ec2.disable_ebs_encryption_by_default()["EbsEncryptionByDefault"]
        refused(ec2.enable_ebs_encryption_by_default, "DryRunOperation", DryRun=True)

        usual = ec2.get_ebs_default_kms_key_id()["KmsKeyId"]
        assert usual == "alias/aws/ebs", usual
        kms = server.client("kms")
        key = kms.create_key()["KeyMetadata"]
        kms.create_alias(AliasName="alias/ebs", TargetKeyId=key["KeyId"])
        for named in (key["KeyId"], "alias/ebs", key["Arn"]):
            assert ec2.modify_ebs_default_kms_key_id(KmsKeyId=named)["KmsKeyId"] == key["Arn"]
        assert ec2.get_ebs_default_kms_key_id()["KmsKeyId"] == key["Arn"]
        refused(there.modify_ebs_default_kms_key_id, "InvalidKmsKey.NotFound", KmsKeyId=key["KeyId"])
        kms.disable_key(KeyId=key["KeyId"])
        refused(ec2.modify_ebs_default_kms_key_id, "InvalidKmsKey.InvalidState", KmsKeyId=key["KeyId"])
        refused(ec2.modify_ebs_default_kms_key_id, "MissingParameter")
        assert ec2.reset_ebs_default_kms_key_id()["KmsKeyId"] == usual

        assert ec2.get_snapshot_block_public_access_state()["State"] == "unblocked"
        ec2.enable_snapshot_block_public_access(State="block-all-sharing")
        assert ec2.get_snapshot_block_public_access_state()["State"] == "block-all-sharing"
        refused(ec2.enable_snapshot_block_public_access, "InvalidParameterValue", State="unblocked")
        ec2.disable_snapshot_block_public_access()
        state = lambda: ec2.get_image_block_public_access_state()["ImageBlockPublicAccessState"]  # noqa: E731
        assert state() == "block-new-sharing"
        ec2.disable_image_block_public_access()
        assert state() == "unblocked"
        ec2.enable_image_block_public_access(ImageBlockPublicAccessState="block-new-sharing")

        ec2.modify_instance_metadata_defaults(HttpTokens="required", HttpPutResponseHopLimit=2)
        ec2.modify_instance_metadata_defaults(HttpEndpoint="enabled", HttpTokensEnforced="enabled")
        told = ec2.get_instance_metadata_defaults()["AccountLevel"]
        assert (told["HttpTokens"], told["HttpPutResponseHopLimit"], told["HttpEndpoint"]) == ("required", 2, "enabled")
        ec2.modify_instance_metadata_defaults(HttpTokens="no-preference", HttpPutResponseHopLimit=-1)
        told = ec2.get_instance_metadata_defaults()["AccountLevel"]
        assert "HttpTokens" not in told and "HttpPutResponseHopLimit" not in told, told
        refused(ec2.modify_instance_metadata_defaults, "InvalidParameterValue", HttpPutResponseHopLimit=65)

        assert not ec2.get_serial_console_access_status()["SerialConsoleAccessEnabled"]
        ec2.enable_serial_console_access()
        assert ec2.get_serial_console_access_status()["SerialConsoleAccessEnabled"]
        ec2.disable_serial_console_access()


def default_vpc(ledger):
    """The default VPC is taken apart in its order, and only where nothing uses it."""
    with Server(ledger) as server:
        ec2, there = server.client("ec2"), server.client("ec2", region="eu-west-1")
        vpcs = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
        assert len(vpcs) == 1 and vpcs[0]["CidrBlock"] == "172.31.0.0/16", vpcs
        vpc = vpcs[0]["VpcId"]
        assert there.describe_vpcs()["Vpcs"][0]["VpcId"] != vpc
        of_vpc = [{"Name": "vpc-id", "Values": [vpc]}]
        subnets = [row["SubnetId"] for row in ec2.describe_subnets(Filters=of_vpc)["Subnets"]]
        assert len(subnets) == 3, subnets
        paged = every(ec2, "describe_subnets", "Subnets", PaginationConfig={"PageSize": 5})
        assert sorted(row["SubnetId"] for row in paged) == sorted(subnets)
        attached = [{"Name": "attachment.vpc-id", "Values": [vpc]}]
        gateway = ec2.describe_internet_gateways(Filters=attached)["InternetGateways"][0]["InternetGatewayId"]
        assert ec2.describe_network_interfaces(Filters=of_vpc)["NetworkInterfaces"] == []
        for call, wanted, request in (
            (ec2.describe_vpcs, "InvalidVpcID.NotFound", {"VpcIds": ["vpc-00000000000000000"]}),
            (ec2.describe_subnets, "InvalidSubnetID.NotFound", {"SubnetIds": ["subnet-0"]}),
            (ec2.describe_internet_gateways, "InvalidInternetGatewayID.NotFound", {"InternetGatewayIds": ["igw-0"]}),
            (ec2.describe_network_interfaces, "InvalidNetworkInterfaceID.NotFound", {"NetworkInterfaceIds": ["eni-0"]}),
            (ec2.describe_vpcs, "InvalidParameterValue", {"Filters": [{"Name": "color", "Values": ["red"]}]}),
            (ec2.describe_vpcs, "InvalidNextToken", {"NextToken": "nonsense"}),
            (ec2.delete_vpc, "DependencyViolation", {"VpcId": vpc}),
            (ec2.delete_vpc, "InvalidVpcID.NotFound", {"VpcId": "vpc-0"}),
            (ec2.delete_subnet, "InvalidSubnetID.NotFound", {"SubnetId": "subnet-0"}),
            (ec2.delete_internet_gateway, "DependencyViolation", {"InternetGatewayId": gateway}),
            (ec2.delete_internet_gateway, "InvalidInternetGatewayID.NotFound", {"InternetGatewayId": "igw-0"}),
            (
                ec2.detach_internet_gateway,
                "Gateway.NotAttached",
                {"InternetGatewayId": gateway, "VpcId": "vpc-0"},
            ),
        ):
            refused(call, wanted, **request)
        ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
        ec2.delete_internet_gateway(InternetGatewayId=gateway)
        for subnet in subnets:
            ec2.delete_subnet(SubnetId=subnet)
        ec2.delete_vpc(VpcId=vpc)
        assert ec2.describe_vpcs()["Vpcs"] == []
        assert len(there.describe_vpcs()["Vpcs"]) == 1

        server.post("/_sandbox/network-interface", {"account": MANAGEMENT, "region": "eu-west-1"})
        interface = there.describe_network_interfaces()["NetworkInterfaces"][0]
        refused(there.delete_subnet, "DependencyViolation", SubnetId=interface["SubnetId"])
        gateway = there.describe_internet_gateways()["InternetGateways"][0]["InternetGatewayId"]
        detach = {"InternetGatewayId": gateway, "VpcId": interface["VpcId"]}
        refused(there.detach_internet_gateway, "DependencyViolation", **detach)


def disturbed(ledger, known):
    """Every operation can be called too fast, fail on AWS's side, or meet another change."""
    iam = {
        "CreateAccountAlias": {"AccountAlias": "acme"},
        "DeleteAccountAlias": {"AccountAlias": "acme"},
        "DeleteAccountPasswordPolicy": {},
        "GetAccountPasswordPolicy": {},
        "ListAccountAliases": {},
        "UpdateAccountPasswordPolicy": {},
    }
    with Server(ledger, "--faults", "throttle=1") as server:
        on_every_operation(
            server.client("account"), "account", "TooManyRequestsException", known, account_requests()
        )
        refused(server.client("ec2").describe_vpcs, "RequestLimitExceeded")
        refused(server.client("iam").list_account_aliases, "Throttling")
    with Server(ledger, "--faults", "error=1") as server:
        on_every_operation(
            server.client("account"), "account", "InternalServerException", known, account_requests()
        )
        on_every_operation(server.client("iam"), "iam", "ServiceFailureException", known, iam)
        refused(server.client("ec2").describe_vpcs, "InternalError")
    with Server(ledger, "--faults", "concurrent=1") as server:
        on_every_operation(server.client("account"), "account", "ConflictException", known, account_requests())
        on_every_operation(server.client("iam"), "iam", "ConcurrentModificationException", known, iam)


SCENES = [
    account_management,
    regions,
    identities,
    root_access,
    buckets,
    defaults_of_ec2,
    default_vpc,
    disturbed,
]

"""What an account has once in a Region: told and, where it holds settings alone, taken away."""

import json

from botocore import xform_name
from server import Server
from world import World

DOCUMENT = "SSM-SessionManagerRunShell"
RESOURCES = {
    "Recorder": {
        "Type": "AWS::Config::ConfigurationRecorder",
        "Properties": {
            "Name": "ours",
            "RoleARN": "arn:aws:iam::111122223333:role/config",
            "StartedOnCreate": True,
            "RecordingGroup": {"AllSupported": True, "IncludeGlobalResourceTypes": True},
        },
    },
    "Channel": {
        "Type": "AWS::Config::DeliveryChannel",
        "DependsOn": "Recorder",
        "Properties": {"Name": "ours", "S3BucketName": "logs"},
    },
    "Detector": {
        "Type": "AWS::GuardDuty::Detector",
        "Properties": {"Enable": True, "Features": [{"Name": "S3_DATA_EVENTS", "Status": "ENABLED"}]},
    },
    "Hub": {"Type": "AWS::SecurityHub::Hub", "Properties": {}},
    "Analyzer": {"Type": "AWS::AccessAnalyzer::Analyzer", "Properties": {"Type": "ACCOUNT"}},
    "Preferences": {
        "Type": "AWS::SSM::Document",
        "Properties": {
            "Name": DOCUMENT,
            "DocumentType": "Session",
            "Content": {"schemaVersion": "1.0", "sessionType": "Standard_Stream"},
        },
    },
}
# A right request for every operation.
REQUESTS = {
    "accessanalyzer": {"ListAnalyzers": {}},
    "config": {
        "DeleteConfigurationRecorder": {"ConfigurationRecorderName": "ours"},
        "DeleteDeliveryChannel": {"DeliveryChannelName": "ours"},
        "DescribeConfigurationRecorderStatus": {},
        "DescribeConfigurationRecorders": {},
        "DescribeDeliveryChannels": {},
        "StopConfigurationRecorder": {"ConfigurationRecorderName": "ours"},
    },
    "guardduty": {"GetDetector": {"DetectorId": "12abc34d567e8fa901bc2d34e56789f0"}, "ListDetectors": {}},
    "securityhub": {"DescribeHub": {}},
    "ssm": {"DeleteDocument": {"Name": DOCUMENT}, "GetDocument": {"Name": DOCUMENT}},
}


def refused(call, wanted, **request):
    """Makes a call that has to fail in this way."""
    World.refused(None, call, wanted, **request)


def plant(server):
    """Has a stack make everything in the management account."""
    stacks = server.client("cloudformation")
    stacks.create_stack(StackName="all", TemplateBody=json.dumps({"Resources": RESOURCES}))
    server.pass_time(600)
    told = stacks.describe_stacks(StackName="all")["Stacks"][0]
    assert told["StackStatus"] == "CREATE_COMPLETE", told


def told(ledger):
    """What stacks made is told as each service tells it, and in other Regions there is nothing."""
    with Server(ledger) as server:
        plant(server)
        config = server.client("config")
        recorder = config.describe_configuration_recorders()["ConfigurationRecorders"][0]
        assert recorder["recordingGroup"]["allSupported"] is True, recorder
        assert config.describe_configuration_recorder_status()["ConfigurationRecordersStatus"][0]["recording"] is True
        assert config.describe_delivery_channels()["DeliveryChannels"][0]["s3BucketName"] == "logs"
        detectors = server.client("guardduty")
        (detector,) = detectors.list_detectors()["DetectorIds"]
        found = detectors.get_detector(DetectorId=detector)
        assert found["Status"] == "ENABLED" and found["Features"][0]["Name"] == "S3_DATA_EVENTS", found
        hub = server.client("securityhub")
        assert hub.describe_hub()["HubArn"].endswith(":hub/default")
        refused(hub.describe_hub, "ResourceNotFoundException", HubArn="arn:aws:securityhub:us-east-1:1:hub/other")
        analyzers = server.client("accessanalyzer")
        assert len(analyzers.list_analyzers(type="ACCOUNT")["analyzers"]) == 1
        assert analyzers.list_analyzers(type="ORGANIZATION")["analyzers"] == []
        content = json.loads(server.client("ssm").get_document(Name=DOCUMENT)["Content"])
        assert content["sessionType"] == "Standard_Stream", content
        assert server.client("guardduty", region="us-west-2").list_detectors()["DetectorIds"] == []


def taken_away(ledger):
    """Settings are taken away: a channel only once nothing is recorded."""
    with Server(ledger) as server:
        plant(server)
        config, documents = server.client("config"), server.client("ssm")
        refused(config.delete_delivery_channel, "LastDeliveryChannelDeleteFailedException", DeliveryChannelName="ours")
        config.stop_configuration_recorder(ConfigurationRecorderName="ours")
        config.delete_delivery_channel(DeliveryChannelName="ours")
        config.delete_configuration_recorder(ConfigurationRecorderName="ours")
        assert config.describe_configuration_recorders()["ConfigurationRecorders"] == []
        refused(documents.delete_document, "InvalidDocumentOperation", Name=DOCUMENT, VersionName="one")
        refused(documents.get_document, "InvalidDocumentVersion", Name=DOCUMENT, DocumentVersion="7")
        documents.delete_document(Name=DOCUMENT)
        refused(documents.get_document, "InvalidDocument", Name=DOCUMENT)


def absent(ledger):
    """What is not there is refused by name."""
    with Server(ledger) as server:
        config, documents = server.client("config"), server.client("ssm")
        for call in (config.stop_configuration_recorder, config.delete_configuration_recorder):
            refused(call, "NoSuchConfigurationRecorderException", ConfigurationRecorderName="ours")
        for call in (config.describe_configuration_recorders, config.describe_configuration_recorder_status):
            refused(call, "NoSuchConfigurationRecorderException", ConfigurationRecorderNames=["ours"])
            refused(call, "ValidationException", ServicePrincipal="x.amazonaws.com")
        refused(config.delete_delivery_channel, "NoSuchDeliveryChannelException", DeliveryChannelName="ours")
        refused(config.describe_delivery_channels, "NoSuchDeliveryChannelException", DeliveryChannelNames=["ours"])
        refused(documents.delete_document, "InvalidDocument", Name=DOCUMENT)
        detectors = server.client("guardduty")
        refused(detectors.list_detectors, "BadRequestException", NextToken="nonsense")
        refused(detectors.get_detector, "BadRequestException", **REQUESTS["guardduty"]["GetDetector"])
        hub = server.client("securityhub")
        refused(hub.describe_hub, "InvalidAccessException")
        refused(hub.describe_hub, "InvalidInputException", HubArn=" ")
        refused(server.client("accessanalyzer").list_analyzers, "ValidationException", nextToken="nonsense")


def disturbed(ledger, known):
    """Every operation can be called too fast, and AWS can fail."""
    for fault, wanted in (
        ("throttle=1", {"ThrottlingException"}),
        ("error=1", {"InternalServerError", "InternalServerErrorException", "InternalException", "InternalServerException"}),
    ):
        with Server(ledger, "--faults", fault) as server:
            for service, requests in REQUESTS.items():
                client = server.client(service)
                for operation, request in requests.items():
                    for error in wanted & set(known[service, operation]):
                        refused(getattr(client, xform_name(operation)), error, **request)


SCENES = [told, taken_away, absent, disturbed]

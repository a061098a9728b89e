#!/usr/bin/env python3
"""Both examples against moto, another simulation of AWS, over HTTP.

For each example, minus what `tests/moto-lacks.yaml` lists: apply exits 0, and the plan after it is empty. Then every
row of that list is tried on moto and has to fail still. Ends with a line `N passed, M failed`.
"""

import http.client
import http.server
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

import boto3
import yaml
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "target" / "debug" / "glidepath"
MANAGEMENT = "111122223333"
SCP = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "sqs:*", "Resource": "*"}]}
API_NAMES = {
    "backup": "BACKUP_POLICY",
    "ec2": "DECLARATIVE_POLICY_EC2",
    "s3": "S3_POLICY",
    "inspector": "INSPECTOR_POLICY",
    "security-hub": "SECURITYHUB_POLICY",
}


class Yaml(yaml.SafeLoader):
    """YAML 1.2's idea of booleans: `on` is a word."""


Yaml.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Yaml.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


class Moto:
    """A moto server whose account is the examples' management account."""

    def __init__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        server = pathlib.Path(sys.executable).with_name("moto_server")
        StandIn.moto = f"127.0.0.1:{port}"
        self.stand_in = http.server.ThreadingHTTPServer(("127.0.0.1", 0), StandIn)
        threading.Thread(target=self.stand_in.serve_forever, daemon=True).start()
        self.process = subprocess.Popen(
            [server, "-H", "127.0.0.1", "-p", str(port)],
            env={name: value for name, value in os.environ.items() if name != "MOTO_ACCOUNT_ID"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(200):
            try:
                urllib.request.urlopen(self.url + "/moto-api/data.json").read()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("moto_server does not answer within 20 seconds")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stand_in.shutdown()
        self.process.terminate()
        self.process.wait(timeout=20)

    def reset(self):
        request = urllib.request.Request(self.url + "/moto-api/reset", method="POST", data=b"")
        urllib.request.urlopen(request).read()

    def client(self, service, region="us-east-1"):
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.url,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
            config=Config(retries={"total_max_attempts": 1, "mode": "standard"}),
        )

    def run(self, *arguments):
        """Runs our program against moto."""
        environment = {
            **os.environ,
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.stand_in.server_port}",
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_REGION": "us-east-1",
        }
        command = [PROGRAM, *map(str, arguments), "--rates", "off"]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


class StandIn(http.server.BaseHTTPRequestHandler):
    """Stands between our program and moto: says which account the program's own credentials are of, those of a role
    are known to moto, and answers the operations that moto lacks altogether."""

    protocol_version = "HTTP/1.1"
    moto = ""
    answers = {}

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        operation = self.headers.get("X-Amz-Target", "").rsplit(".", 1)[-1]
        if operation in self.answers:
            self.answer(400, json.dumps({"__type": self.answers[operation], "Message": "moto lacks it"}).encode())
            return
        headers = dict(self.headers)
        if "Credential=testing/" in self.headers.get("Authorization", ""):
            headers["x-moto-account-id"] = MANAGEMENT
        connection = http.client.HTTPConnection(self.moto, timeout=60)
        connection.request("POST", self.path, body, headers)
        answer = connection.getresponse()
        self.answer(answer.status, answer.read(), answer.headers.get("Content-Type"))
        connection.close()

    def answer(self, status, body, kind=None):
        self.send_response(status)
        self.send_header("Content-Type", kind or "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def lacks():
    """The rows of the list, each a kind and what of it; of an operation, also what is answered instead."""
    rows = yaml.safe_load((ROOT / "tests" / "moto-lacks.yaml").read_text())
    StandIn.answers = {row["operation"]: row["answer"] for row in rows if "operation" in row}
    return [next(iter(row.items())) for row in rows]


def without(manifest, rows):
    """One file of a manifest without what moto lacks, for an organization that is to be made."""
    manifest.get("organization", {}).pop("id", None)
    for kind, name in rows:
        if kind == "policyType":
            policies = manifest.get("policies", {})
            for policy in [policy for policy, says in policies.items() if says["type"] == name]:
                del policies[policy]
        elif kind == "trustedAccess":
            manifest.get("trustedAccess", {}).pop(name, None)
        elif kind == "delegatedAdministrator":
            manifest.get("delegatedAdministrators", {}).pop(name, None)
        elif kind == "deployment":
            for section in ("blueprints", "logging"):
                manifest.pop(section, None)
            if "guardrails" in manifest:
                entries = manifest["guardrails"]
                manifest["guardrails"] = [entry for entry in entries if entry.get("behaviour") != "detective"]
        elif kind == "key":
            for key in manifest.get("keys", {}).values():
                del key["regions"][1:]
        elif kind == "identity":
            manifest.pop("identity", None)
        elif kind == "setting":
            entries = manifest.get("accountSettings", [])
            for entry in entries:
                entry.pop(name, None)
            # An entry that sets nothing is complained of.
            entries[:] = [entry for entry in entries if set(entry) - {"on", "except"}]
        elif kind == "rootAccess":
            manifest.get("organization", {}).pop("rootAccess", None)
        elif kind == "budget":
            manifest.get("organization", {}).pop("budget", None)
            without_budgets(manifest.get("units"))
        elif kind != "operation":
            raise ValueError(f"`{kind}` is no kind of row")
    return manifest


def without_budgets(units):
    """Takes the budgets of accounts out, however deep their unit is."""
    for unit in (units or {}).values():
        for account in ((unit or {}).get("accounts") or {}).values():
            (account or {}).pop("budget", None)
        without_budgets((unit or {}).get("units"))


def trimmed(example, folder, rows):
    """A copy of an example without what moto lacks."""
    target = pathlib.Path(folder, example)
    shutil.copytree(ROOT / "examples" / example, target)
    for path in target.glob("*.yaml"):
        path.write_text(yaml.safe_dump(without(yaml.load(path.read_text(), Yaml), rows), sort_keys=False))
    return target


def apply_and_plan(moto, manifest):
    """Applies a manifest and plans it again; what is wrong with that, if anything."""
    moto.reset()
    consent = ["--yes", "--allow-new-accounts", "100", f"--create-organization={MANAGEMENT}"]
    applied = moto.run("apply", manifest, *consent)
    if applied.returncode != 0:
        return f"apply exits {applied.returncode}\n{applied.stdout[-3000:]}{applied.stderr[-3000:]}"
    planned = moto.run("plan", manifest, "--detailed-exitcode")
    if planned.returncode != 0:
        return f"the next plan exits {planned.returncode}\n{planned.stdout[-3000:]}{planned.stderr[-3000:]}"
    return None


def works(moto, root, account, kind, name):
    """Whether moto can do by now what a row says it cannot."""
    client = moto.client("organizations")
    try:
        if kind == "policyType":
            ty = API_NAMES[name]
            client.enable_policy_type(RootId=root, PolicyType=ty)
            made = client.create_policy(Name=f"probe-{name}", Description="", Content=json.dumps(SCP), Type=ty)
            client.attach_policy(PolicyId=made["Policy"]["PolicySummary"]["Id"], TargetId=root)
        elif kind == "trustedAccess":
            client.enable_aws_service_access(ServicePrincipal=name)
        elif kind == "deployment":
            return deploys(client.meta.endpoint_url, root)
        elif kind == "operation":
            getattr(client, xform_name(name))()
        elif kind == "identity":
            return keeps_owners(moto)
        elif kind == "setting":
            return blocks_public_access(moto.url)
        elif kind == "budget":
            stacks = moto.client("cloudformation")
            template = json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}})
            stacks.create_stack(StackName="probe-protected", TemplateBody=template)
            stacks.update_termination_protection(StackName="probe-protected", EnableTerminationProtection=True)
        elif kind == "rootAccess":
            moto.client("iam").enable_organizations_root_sessions()
        elif kind == "key":
            first, second = (moto.client("kms", region) for region in ("eu-west-1", "eu-central-1"))
            key = first.create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]
            first.replicate_key(KeyId=key, ReplicaRegion="eu-central-1")
            second.describe_key(KeyId=key)
            told = first.describe_key(KeyId=key)["KeyMetadata"]["MultiRegionConfiguration"]
            return told["MultiRegionKeyType"] == "PRIMARY"
        else:
            # Not for want of trusted access.
            works(moto, root, account, "trustedAccess", name)
            client.register_delegated_administrator(AccountId=account, ServicePrincipal=name)
    except ResponseParserError:
        return False
    except ClientError as error:
        # An operation that answers with an error of its own is there.
        return kind == "operation" and error.response["ResponseMetadata"]["HTTPStatusCode"] < 500
    return True


def blocks_public_access(url):
    """Whether S3's setting of a whole account is answered at an address without the account in it."""
    scope = "testing/20270101/eu-west-1/s3/aws4_request"
    headers = {
        "x-amz-account-id": MANAGEMENT,
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
    }
    path = "/v20180820/configuration/publicAccessBlock"
    connection = http.client.HTTPConnection(url.removeprefix("http://"))
    try:
        connection.request("GET", path, headers=headers)
        return connection.getresponse().status in (200, 404)
    finally:
        connection.close()


def keeps_owners(moto):
    """Whether a permission set keeps the tags that say whose it is."""
    center = moto.client("sso-admin")
    instances = center.list_instances()["Instances"]
    if not instances:
        return False
    instance, tags = instances[0]["InstanceArn"], [{"Key": "team", "Value": "shop"}]
    try:
        made = center.create_permission_set(InstanceArn=instance, Name="probe", Tags=tags)
        arn = made["PermissionSet"]["PermissionSetArn"]
        return center.list_tags_for_resource(InstanceArn=instance, ResourceArn=arn)["Tags"] == tags
    except (BotoCoreError, ClientError, ResponseParserError):
        return False


def deploys(url, root):
    """Whether a stack set of the root says which units AWS looks after."""
    template = json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}})
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
    client = boto3.client("cloudformation", region_name="us-east-1", endpoint_url=url, **keys)
    auto = {"Enabled": True, "RetainStacksOnAccountRemoval": False}
    try:
        client.create_stack_set(
            StackSetName="probe", TemplateBody=template, PermissionModel="SERVICE_MANAGED", AutoDeployment=auto
        )
        client.create_stack_instances(
            StackSetName="probe", Regions=["us-east-1"], DeploymentTargets={"OrganizationalUnitIds": [root]}
        )
        return bool(client.list_stack_set_auto_deployment_targets(StackSetName="probe")["Summaries"])
    except (BotoCoreError, ClientError, ResponseParserError):
        return False


def main():
    rows, passed, failures = lacks(), 0, []
    with Moto() as moto, tempfile.TemporaryDirectory() as folder:
        for example in ("quickstart", "enterprise"):
            start = time.monotonic()
            failure = apply_and_plan(moto, trimmed(example, folder, rows))
            print(f"{time.monotonic() - start:6.1f} s  {example}", flush=True)
            failures += [f"{example}: {failure}"] if failure else []
            passed += not failure
        moto.reset()
        client = moto.client("organizations")
        client.create_organization(FeatureSet="ALL")
        root = client.list_roots()["Roots"][0]["Id"]
        made = client.create_account(Email="probe@example.com", AccountName="probe")
        account = made["CreateAccountStatus"]["AccountId"]
        for kind, name in rows:
            if works(moto, root, account, kind, name):
                failures.append(f"tests/moto-lacks.yaml: {kind} {name} works on moto: take the row out")
            else:
                passed += 1
    for failure in failures:
        print(f"FAILED {failure}")
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

"""A sandbox that is served over HTTP, and boto3 clients for it.

Retries and client-side checks are switched off: the judge wants to see every answer, also to requests that
boto3 would not send.
"""

import json
import pathlib
import subprocess
import urllib.request

import boto3
from botocore import xform_name
from botocore.config import Config

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "target" / "debug" / "glidepath"
MANAGEMENT = "111122223333"
CONFIG = Config(
    retries={"total_max_attempts": 1, "mode": "standard"},
    parameter_validation=False,
    max_pool_connections=4,
)


def program(*arguments, **options):
    """Runs the program to its end."""
    return subprocess.run(
        [PROGRAM, *arguments], capture_output=True, text=True, cwd=ROOT, timeout=240, check=False, **options
    )


def raw(client, operation, body):
    """Calls an operation with a body that boto3 would not write."""
    event = f"before-call.organizations.{operation}"

    def replace(params, **_):
        params["body"] = json.dumps(body).encode()

    client.meta.events.register(event, replace)
    try:
        return getattr(client, xform_name(operation))()
    finally:
        client.meta.events.unregister(event, replace)


class Server:
    """A served sandbox, kept in memory; its world is gone when it ends."""

    def __init__(self, ledger, *options):
        self.ledger = ledger
        self.process = subprocess.Popen(
            [PROGRAM, "sandbox", "serve", "--rates", "off", *options],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.url = self.process.stdout.readline().strip()
        if not self.url.startswith("http://127.0.0.1:"):
            raise RuntimeError(f"`sandbox serve` prints `{self.url}` and not its address")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=20)

    def post(self, path, body=None):
        """One of the control requests; answers are JSON."""
        data = json.dumps(body or {}).encode()
        with urllib.request.urlopen(urllib.request.Request(self.url + path, data=data, method="POST")) as answer:
            return json.load(answer)

    def pass_time(self, seconds):
        """Moves simulated time on."""
        self.post("/_sandbox/clock", {"advance_seconds": seconds})

    def reset(self):
        """A new world, made from the same seed."""
        self.post("/_sim/reset")

    def at_this_host(self, request, **_):
        """S3's endpoint rules put the account before the host's name, which is none here."""
        _, _, path = request.url.removeprefix("http://").partition("/")
        request.url = f"{self.url}/{path}"

    def client(self, service, account=MANAGEMENT, credentials=None, region="us-east-1"):
        """A client that acts as an account's administrator, or with the credentials of AssumeRole."""
        keys = {"aws_access_key_id": f"AKIASANDBOX{account}", "aws_secret_access_key": "sandbox"}
        if credentials:
            keys = {
                "aws_access_key_id": credentials["AccessKeyId"],
                "aws_secret_access_key": credentials["SecretAccessKey"],
                "aws_session_token": credentials["SessionToken"],
            }
        client = boto3.client(service, region_name=region, endpoint_url=self.url, config=CONFIG, **keys)
        client.meta.events.register("before-parse", self.ledger.answered)
        client.meta.events.register("before-send.s3-control", self.at_this_host)
        return client

"""The whole story: an organization is applied by our program, changed by another client, and found out."""

import pathlib
import tempfile

from server import Server, program
from world import SCP, every


def behind_our_back(ledger):
    """A policy that boto3 detaches is named by the drift report, and the next apply puts it back."""
    with tempfile.TemporaryDirectory() as folder:
        here = ["examples/quickstart", "--sandbox", str(pathlib.Path(folder, "world"))]
        expect(program("apply", *here, "--yes"), 0)
        with Server(ledger, *here[1:]) as server:
            client = server.client("organizations")
            policies = every(client, "list_policies", "Policies", Filter=SCP)
            policy = next(policy["Id"] for policy in policies if policy["Name"] == "no-marketplace")
            for target in every(client, "list_targets_for_policy", "Targets", PolicyId=policy):
                client.detach_policy(PolicyId=policy, TargetId=target["TargetId"])
        drift = expect(program("drift", *here), 2)
        assert "attachment/scp/no-marketplace@Sandbox" in drift.stdout, drift.stdout
        expect(program("apply", *here, "--yes"), 0)
        expect(program("drift", *here), 0)


def expect(ended, code):
    """Fails unless the program exited like this."""
    assert ended.returncode == code, f"exit code {ended.returncode}, not {code}: {ended.stdout}{ended.stderr}"
    return ended


SCENES = [behind_our_back]

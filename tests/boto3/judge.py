#!/usr/bin/env python3
"""boto3 and botocore judge the sandbox and our own client.

1. Every pair of an operation and an error that `sandbox operations --json` lists is provoked over HTTP, and every
   operation is answered well at least once. A pair that nobody provokes fails.
2. Every answer, good or bad, is checked against botocore's models as it comes off the wire.
3. Every request of a recorded apply, drift and doctor is checked against botocore's input models.

Ends with a line `N passed, M failed`.
"""

import argparse
import collections
import inspect
import json
import pathlib
import sys
import tempfile
import time
import traceback

import models
from ledger import Ledger
from scenes import SCENES, account_settings
from server import program


def operations():
    """The operations that the sandbox says it knows, with the errors that each can raise."""
    told = program("sandbox", "operations", "--json")
    if told.returncode != 0:
        sys.exit(f"`sandbox operations --json` exits {told.returncode}: {told.stderr}")
    rows = json.loads(told.stdout)["operations"]
    return {(models.BOTOCORE_NAMES[row["service"]], row["operation"]): row["errors"] for row in rows}


def play(scene, ledger, known):
    """One scene; tells what broke it, if anything."""
    try:
        scene(ledger, known) if len(inspect.signature(scene).parameters) == 2 else scene(ledger)
    except Exception as error:  # a broken scene must not hide the others
        place = traceback.extract_tb(error.__traceback__)
        frame = next((frame for frame in reversed(place) if "scenes" in frame.filename), place[-1])
        return f"{scene.__module__}.{scene.__name__}, line {frame.lineno}: {type(error).__name__}: {error}"
    return None


def judge_recording(ledger):
    """Applies an example, with every exchange recorded, and judges each; the operations that were seen."""
    seen = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        world, record = pathlib.Path(folder, "world"), pathlib.Path(folder, "record.jsonl")
        common = ["examples/enterprise", "--sandbox", world, "--record", record]
        for verb in (["apply", *common, "--yes"], ["drift", *common], ["doctor", *common]):
            told = program(*map(str, verb))
            if told.returncode not in (0, 5 if verb[0] == "doctor" else 0):
                ledger.complain(f"`{verb[0]}` exits {told.returncode}: {told.stderr[-2000:]}")
        for line in record.read_text().splitlines():
            exchange = json.loads(line)
            service, operation = exchange["service"], exchange["operation"]
            seen[service, operation] += 1
            ledger.complaints += models.request(service, operation, exchange["request"])
            if exchange["status"] == 200:
                ledger.complaints += models.answer(service, operation, exchange["response"])
    return seen


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scene", nargs="*", help="only these scenes, and no verdict on what they leave out")
    wanted = parser.parse_args().scene
    ledger, known = Ledger(), operations()
    failures, passed = [], 0

    for scene in SCENES:
        if wanted and scene.__name__ not in wanted:
            continue
        start = time.monotonic()
        failure = play(scene, ledger, known)
        print(f"{time.monotonic() - start:6.1f} s  {scene.__name__}: {scene.__doc__.splitlines()[0]}", flush=True)
        failures += [failure] if failure else []
        passed += not failure

    if not wanted:
        for pair, errors in sorted(known.items()):
            if pair in ledger.good:
                passed += 1
            elif pair[1] in REFUSED:
                pass
            else:
                failures.append(f"{pair[0]} {pair[1]}: was never answered well")
            for error in errors:
                if error in ledger.errors[pair]:
                    passed += 1
                else:
                    failures.append(f"{pair[0]} {pair[1]}: {error} was not provoked")
        for pair in sorted(ledger.errors):
            for error in sorted(ledger.errors[pair] - set(known.get(pair, ()))):
                if error not in COMMON and (pair[0], error) not in COMMON_OF_A_SERVICE:
                    failures.append(f"{pair[0]} {pair[1]}: {error} came and is not listed")
        seen = judge_recording(ledger)
        print(f"         recording: {sum(seen.values())} exchanges of {len(seen)} operations of our own client")
        passed += len(seen)

    complaints = collections.Counter(ledger.complaints)
    failures += [f"{text} ({times} times)" for text, times in sorted(complaints.items())]
    for failure in failures:
        print(f"FAILED {failure}")
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


# Operations that the sandbox refuses whatever the request: invitations, transfers, GovCloud.
REFUSED = {
    "AcceptHandshake",
    "CancelHandshake",
    "CreateGovCloudAccount",
    "DeclineHandshake",
    "DescribeHandshake",
    "DescribeResponsibilityTransfer",
    "InviteAccountToOrganization",
    "InviteOrganizationToTransferResponsibility",
    "TerminateResponsibilityTransfer",
    "UpdateResponsibilityTransfer",
}

# Errors of every AWS service, which no operation lists.
# https://docs.aws.amazon.com/organizations/latest/APIReference/CommonErrors.html
COMMON = {
    "AccessDenied",
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "IncompleteSignatureException",
    "InternalFailure",
    "InvalidClientTokenId",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "Throttling",
    "ThrottlingException",
    "UnrecognizedClientException",
    "UnknownOperationException",
    "ValidationError",
    "ValidationException",
}

# What services answer beyond what their models list with operations: KMS to strangers, the access portal to a user
# without that access, EC2 always.
# https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
COMMON_OF_A_SERVICE = {
    ("kms", "AccessDeniedException"),
    ("sso", "ForbiddenException"),
    *(("ec2", code) for code in account_settings.EC2_ERRORS),
}

if __name__ == "__main__":
    sys.exit(main())

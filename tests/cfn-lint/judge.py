#!/usr/bin/env python3
"""Every example of every blueprint, rendered, and the budgets that an example plans, against cfn-lint.

The program renders the examples into `target/blueprints`, and plans a landing zone of which the templates of budgets
are taken; one run of cfn-lint reads all of them, for the Regions of the examples. What it finds fails, unless `tests/cfn-lint/suppressed.yaml` names it with a reason; a row of that file
that no longer suppresses anything fails too. Ends with a line `N passed, M failed`, counted in templates.
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "target" / "debug" / "glidepath"
CFN_LINT = pathlib.Path(sys.executable).with_name("cfn-lint")
RENDERED = ROOT / "target" / "blueprints"
SUPPRESSED = ROOT / "tests" / "cfn-lint" / "suppressed.yaml"
PLANNED = ROOT / "examples" / "enterprise"
REGIONS = ["eu-west-1", "us-east-1"]
KEYS = {"check", "template", "reason"}


def suppressions():
    """The rows of the file, each with a check of cfn-lint, a template and a reason."""
    rows = yaml.safe_load(SUPPRESSED.read_text(encoding="utf-8")) or []
    for row in rows:
        if set(row) != KEYS or not str(row["reason"]).strip():
            sys.exit(f"{SUPPRESSED.name}: a row has `check`, `template` and `reason`, and this one not: {row}")
    return rows


def render():
    """Renders every example; the files."""
    shutil.rmtree(RENDERED, ignore_errors=True)
    subprocess.run([PROGRAM, "blueprints", "render", "--to", RENDERED], cwd=ROOT, check=True)
    budgets()
    return sorted(RENDERED.glob("*.json"))


def budgets():
    """Writes the templates of budgets beside the rendered examples; there is one at least."""
    with tempfile.TemporaryDirectory() as folder:
        plan = pathlib.Path(folder) / "plan.json"
        command = [PROGRAM, "plan", PLANNED, "--sandbox", pathlib.Path(folder) / "world", "-o", plan]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        changes = json.loads(plan.read_text(encoding="utf-8"))["plan"]["changes"]
    stacks = [change for change in changes if change["address"].startswith("stack/account-budgets")]
    if not stacks:
        sys.exit(f"{PLANNED.name} plans no budgets")
    for number, change in enumerate(stacks):
        template = change["action"]["create"]["after"]["stack"]["template"]
        file = RENDERED / f"account-budgets.{number}.json"
        file.write_text(json.dumps(template), encoding="utf-8")


def findings(files):
    """What cfn-lint says of the files."""
    command = [CFN_LINT, "--format", "json", "--regions", *REGIONS, "--template", *files]
    run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    # Exit codes 2 to 14 tell of findings; anything else is a failure of cfn-lint itself.
    if run.returncode not in (0, *range(2, 15)):
        sys.exit(f"cfn-lint failed ({run.returncode}): {run.stderr}")
    return json.loads(run.stdout or "[]")


def main():
    rows = suppressions()
    used = set()
    files = render()
    if not files:
        sys.exit("no example was rendered")
    failed = set()
    for finding in findings(files):
        check, file = finding["Rule"]["Id"], pathlib.Path(finding["Filename"]).name
        row = next(
            (at for at, row in enumerate(rows) if row["check"] == check and row["template"] in file.split(".")), None
        )
        if row is not None:
            used.add(row)
            continue
        failed.add(file)
        path = "/".join(str(step) for step in finding["Location"]["Path"] or [])
        print(f"{file}: {check} at {path}: {finding['Message']}")
    for at, row in enumerate(rows):
        if at not in used:
            failed.add(f"row {at}")
            print(f"{SUPPRESSED.name}: {row['check']} of {row['template']} is not found any more: take the row out")
    print(f"{len(files) - sum(1 for file in failed if file.endswith('.json'))} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

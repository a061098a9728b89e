#!/usr/bin/env python3
"""The catalogue's Guard rules judged by AWS's own `cfn-guard`, and our own templates by the rules.

`glidepath guardrails export` writes each case as a template with the rules beside it. Every template passes or fails as
its case says, and every rule fails in some case, so that none could be left out unnoticed. Then every example of every
blueprint is held against every rule. What fails there fails here, unless `tests/guard/suppressed.yaml` names it with a
reason; a row of that file that no longer suppresses anything fails too. Ends with a line `N passed, M failed`.
"""

import json
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
PROGRAM = TARGET / "debug" / "glidepath"
FOLDER = TARGET / "guard"
RENDERED = FOLDER / "blueprints"
SUPPRESSED = ROOT / "tests" / "guard" / "suppressed.yaml"
KEYS = {"rule", "blueprint", "reason"}
# What cfn-guard exits with: https://github.com/aws-cloudformation/cloudformation-guard, README, "Exit codes".
PASSES, FAILS = 0, 19


def cfn_guard():
    """The binary, unpacked from the package that was installed."""
    packages = pathlib.Path(sysconfig.get_path("purelib"))
    archives = list(packages.glob("cdklabs/cdk_validator_cfnguard/_jsii/*.tgz"))
    if len(archives) != 1:
        sys.exit("cfn-guard is not installed: `cargo xtask test python` makes .venv from tests/guard/requirements.txt")
    system = {"Linux": "ubuntu", "Darwin": "macos"}.get(platform.system())
    machine = {"arm64": "aarch64", "amd64": "x86_64"}.get(platform.machine().lower(), platform.machine())
    member = f"package/bin/{system}/{machine}/cfn-guard"
    binary = FOLDER / "cfn-guard"
    with tarfile.open(archives[0]) as archive:
        try:
            source = archive.extractfile(member)
        except KeyError:
            sys.exit(f"the package has no cfn-guard for {platform.system()} on {platform.machine()}")
        with source, open(binary, "wb") as copy:
            shutil.copyfileobj(source, copy)
    binary.chmod(0o755)
    return binary


def judge(binary, rules, template):
    """The exit code and the names of the rules that failed."""
    command = [binary, "validate", "--rules", rules, "--data", template, "--show-summary", "all"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60)
    failed = re.findall(rf"^{re.escape(rules.name)}/(\w+)\s+FAIL$", ran.stdout, re.MULTILINE)
    return ran.returncode, set(failed), ran.stdout + ran.stderr


def broken(binary, rules):
    """The rules that an example breaks: names of examples with names of rules. How many examples were held against them."""
    command = [binary, "validate", "--rules", rules, "--data", RENDERED]
    command += ["--structured", "--output-format", "json", "--show-summary", "none"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if ran.returncode not in (PASSES, FAILS):
        sys.exit(f"cfn-guard exits {ran.returncode} over the blueprints: {ran.stderr}")
    templates = json.loads(ran.stdout)
    found = {
        (pathlib.Path(template["name"]).name, rule["Rule"]["name"])
        for template in templates
        for rule in template["not_compliant"]
    }
    return found, len(templates)


def suppressions():
    """The rows of the file, each with a rule, a blueprint and a reason."""
    rows = yaml.safe_load(SUPPRESSED.read_text(encoding="utf-8")) or []
    for row in rows:
        if set(row) != KEYS or not str(row["reason"]).strip():
            sys.exit(f"{SUPPRESSED.name}: a row has `rule`, `blueprint` and `reason`, and this one not: {row}")
    return rows


def blueprints(binary):
    """Holds every example of every blueprint against every rule: how many passed, and what is wrong."""
    subprocess.run([PROGRAM, "blueprints", "render", "--to", RENDERED], check=True, stderr=subprocess.DEVNULL)
    rows, used, wrong, passed = suppressions(), set(), [], 0
    for rules in sorted(FOLDER.glob("*.guard")):
        found, held = broken(binary, rules)
        passed += held - len({example for example, _ in found})
        for example, rule in sorted(found):
            row = next(
                (at for at, row in enumerate(rows) if row["rule"] == rule and example.split(".")[0] == row["blueprint"]),
                None,
            )
            if row is None:
                wrong.append(f"{example}: breaks {rule} of {rules.stem}")
            used.add(row)
    for at, row in enumerate(rows):
        if at not in used:
            wrong.append(f"{SUPPRESSED.name}: {row['blueprint']} breaks {row['rule']} no more: take the row out")
    return passed, wrong


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    subprocess.run([PROGRAM, "guardrails", "export", FOLDER], check=True, stderr=subprocess.DEVNULL)
    binary = cfn_guard()
    passed, wrong, seen = 0, [], {}
    for template in sorted((FOLDER / "cases").glob("*.json")):
        guardrail, _, verdict = template.stem.rsplit("-", 2)
        code, failed, said = judge(binary, template.with_suffix(".guard"), template)
        seen.setdefault(guardrail, set()).update(failed)
        if code == {"passes": PASSES, "fails": FAILS}[verdict]:
            passed += 1
        else:
            wrong.append(f"{template.stem}: cfn-guard exits {code}\n{said}")
    for guardrail, failed in sorted(seen.items()):
        text = (FOLDER / f"{guardrail}.guard").read_text()
        # Rules with parameters are called by others and have no verdict of their own.
        names = set(re.findall(r"^rule (\w+)(?!\w|\()", text, re.MULTILINE))
        if names <= failed:
            passed += 1
        else:
            wrong.append(f"{guardrail}: no case makes {', '.join(sorted(names - failed))} fail")
    held, against = blueprints(binary)
    passed += held
    wrong += against
    for line in wrong:
        print(line)
    print(f"{passed} passed, {len(wrong)} failed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

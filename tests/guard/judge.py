#!/usr/bin/env python3
"""The catalogue's Guard rules judged by AWS's own `cfn-guard`, and our own templates by the rules.

`glidepath guardrails export` writes each case as a template with the rules beside it. Every template passes or fails as
its case says, and every rule fails in some case, so that none could be left out unnoticed. Then every example of every
blueprint is held against every rule. What fails there fails here, unless the resource excuses itself from the rule in its
metadata; an excuse from what is not broken fails too. Ends with a line `N passed, M failed`.
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


def resources(report):
    """The logical ids of what a rule's report speaks of, wherever they stand."""
    if isinstance(report, dict):
        path = report.get("path")
        if isinstance(path, str) and path.startswith("/Resources/"):
            yield path.split("/")[2]
        for value in report.values():
            yield from resources(value)
    elif isinstance(report, list):
        for value in report:
            yield from resources(value)


def broken(binary, rules):
    """The rules that an example breaks: names of examples and of rules with the resources. How many examples were held."""
    command = [binary, "validate", "--rules", rules, "--data", RENDERED]
    command += ["--structured", "--output-format", "json", "--show-summary", "none"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if ran.returncode not in (PASSES, FAILS):
        sys.exit(f"cfn-guard exits {ran.returncode} over the blueprints: {ran.stderr}")
    templates = json.loads(ran.stdout)
    found = {}
    for template in templates:
        for rule in template["not_compliant"]:
            key = (pathlib.Path(template["name"]).name, rule["Rule"]["name"])
            found.setdefault(key, set()).update(resources(rule["Rule"]))
    return found, len(templates)


def excuses():
    """What the examples' resources excuse themselves from: names of examples, of resources and of rules of Guard."""
    for example in sorted(RENDERED.iterdir()):
        template = yaml.load(example.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        for name, resource in template["Resources"].items():
            for rule in resource.get("Metadata", {}).get("Glidepath", {}).get("Excuses", {}):
                if rule.isupper():
                    yield example.name, name, rule


def blueprints(binary):
    """Holds every example of every blueprint against every rule: how many passed, and what is wrong."""
    subprocess.run([PROGRAM, "blueprints", "render", "--to", RENDERED], check=True, stderr=subprocess.DEVNULL)
    excused, used, wrong, passed = set(excuses()), set(), [], 0
    for rules in sorted(FOLDER.glob("*.guard")):
        found, held = broken(binary, rules)
        passed += held - len({example for example, _ in found})
        for (example, rule), names in sorted(found.items()):
            for name in sorted(names) or [""]:
                if (example, name, rule) not in excused:
                    wrong.append(f"{example}: `{name}` breaks {rule} of {rules.stem}")
                used.add((example, name, rule))
    for example, name, rule in sorted(excused - used):
        wrong.append(f"{example}: `{name}` does not break {rule}: take its excuse out")
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

#!/usr/bin/env python3
"""Writes a manifest of any size, the same one every time.

  generate_manifest.py FOLDER --accounts 10000 [--units 50] [--policies 25] [--untagged]
                                        [--stack-sets 40 --regions us-east-1,eu-west-1]

Units form chains five deep (unit i hangs under unit i-1 unless i is a multiple of five), accounts go round robin over
them with three tags each (none with --untagged), unit i gets policy i modulo their number, every third one a second, and every fiftieth account
one of its own. That is the organization that the comparison with other tools is seeded with, so that one manifest fits
both. Stack sets come from templates of the manifest's own, one parameter each, on all units.
"""

import argparse
import json
import pathlib

DEPTH = 5


def policy(number):
    """A denying policy of about 1.5 KB."""
    actions = [f"ec2:Example{number:03d}Action{action:02d}" for action in range(30)]
    statement = {"Sid": f"Deny{number:03d}", "Effect": "Deny", "Action": actions, "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def stack_sets(folder, count, paths, regions):
    """Writes the templates, and gives the entries of `blueprints:`."""
    (folder / "stacks").mkdir(exist_ok=True)
    tops = ", ".join(path[0] for path in paths if len(path) == 1)
    for number in range(count):
        name = f"baseline-{number:02d}"
        properties = {"Name": f"/bench/{name}", "Type": "String", "Value": str(number)}
        resources = {"Parameter": {"Type": "AWS::SSM::Parameter", "Properties": properties}}
        placement = {"Glidepath": {"Placement": {"who": "members", "regions": "governed"}}}
        template = {"AWSTemplateFormatVersion": "2010-09-09", "Metadata": placement, "Resources": resources}
        (folder / "stacks" / f"{name}.json").write_text(json.dumps(template))
        yield f"  - {{use: ./stacks/{name}.json, name: {name}, on: [{tops}], regions: [{regions}]}}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--accounts", type=int, default=1000)
    parser.add_argument("--units", type=int)
    parser.add_argument("--policies", type=int)
    parser.add_argument("--management-id", default="111122223333")
    parser.add_argument("--organization-id")
    parser.add_argument("--untagged", action="store_true", help="leave the tags of accounts alone")
    parser.add_argument("--stack-sets", type=int, default=0)
    parser.add_argument("--regions", default="us-east-1")
    given = parser.parse_args()
    accounts = given.accounts
    units = given.units or min(50, 5 + accounts // 20)
    policies = given.policies or min(25, 5 + accounts // 50)

    on = {number: [] for number in range(policies)}
    paths = []
    for number in range(units):
        above = [] if number % DEPTH == 0 else paths[-1]
        paths.append([*above, f"ou-{number:03d}"])
        numbers = {number % policies, (number + 1) % policies} if number % 3 == 0 else {number % policies}
        for each in numbers:
            on[each].append("/".join(paths[-1]))
    for number in range(0, accounts, 50):
        on[number % policies].append(f"account/acct-{number:04d}")

    lines = ["glidepath: 1", "organization:", "  name: bench"]
    if given.organization_id:
        lines.append(f"  id: {given.organization_id}")
    lines += [
        f'  management: {{name: bench-root, id: "{given.management_id}"}}',
        "  home: us-east-1",
        f"  regions: [{given.regions}]",
        '  email: "{account}@bench.example"',
        f"  limits: {{accounts: {accounts + 100}}}",
        "units:",
    ]
    for number, path in enumerate(paths):
        indent = "  " * (2 * len(path) - 1)
        lines += [f"{indent}{path[-1]}:", f"{indent}  accounts:"]
        for account in range(number, accounts, units):
            stage = ("dev", "test", "prod")[account % 3]
            tags = f'team: team-{account % 7}, env: {stage}, cost: "{1000 + account}"'
            tags = "" if given.untagged else f"{{tags: {{{tags}}}}}"
            lines.append(f"{indent}    acct-{account:04d}: {tags}".rstrip())
        if number % DEPTH != DEPTH - 1 and number + 1 < units:
            lines.append(f"{indent}  units:")
    lines.append("policies:")
    given.folder.mkdir(parents=True, exist_ok=True)
    (given.folder / "policies").mkdir(exist_ok=True)
    for number in range(policies):
        file = f"policies/scp-{number:03d}.json"
        (given.folder / file).write_text(json.dumps(policy(number)))
        lines += [
            f"  scp-{number:03d}:",
            "    type: scp",
            f"    description: bench policy {number}",
            f"    file: {file}",
            f"    on: [{', '.join(on[number])}]",
        ]
    if given.stack_sets:
        lines += ["blueprints:"]
        lines += stack_sets(given.folder, given.stack_sets, paths, given.regions)
    (given.folder / "landing-zone.yaml").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()

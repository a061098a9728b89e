#!/usr/bin/env bash
# Figures of stack sets, in the sandbox: 40 sets over 1,000 accounts in 4 Regions are 160,000 stacks.
#   benches/deployments.sh [SETS] [ACCOUNTS]   builds with --release first; PROGRAM=… measures another build
set -euo pipefail
cd "$(dirname "$0")/.."
SETS=${1:-40} ACCOUNTS=${2:-1000}
WORK=${WORK:-$(mktemp -d)}
if [ -z "${PROGRAM:-}" ]; then
  cargo build --release --quiet --package glidepath
  PROGRAM=target/release/glidepath
fi
row() { python3 benches/measure.py "$@"; }

python3 benches/generate_manifest.py "$WORK/zone" --accounts "$ACCOUNTS" --stack-sets "$SETS" \
  --regions us-east-1,us-west-2,eu-west-1,eu-central-1
row --label "apply, $SETS sets over $ACCOUNTS accounts × 4" --times 1 -- \
  "$PROGRAM" apply "$WORK/zone" --sandbox "$WORK/world" --yes --rates off
row --label "plan, the same unchanged" --times 3 -- \
  "$PROGRAM" plan "$WORK/zone" --sandbox "$WORK/world" --detailed-exitcode --rates off
"$PROGRAM" plan "$WORK/zone" --sandbox "$WORK/world" --rates off --record "$WORK/record.jsonl" >/dev/null
echo "calls of that plan: $(wc -l <"$WORK/record.jsonl")," \
  "to CloudFormation: $(grep -c '"cloudformation"' "$WORK/record.jsonl")"

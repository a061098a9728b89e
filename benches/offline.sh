#!/usr/bin/env bash
# Figures that need nothing but the program: size, start, validate, plan in the sandbox.
#   benches/offline.sh            builds with --release first; PROGRAM=… measures another build
set -euo pipefail
cd "$(dirname "$0")/.."
WORK=${WORK:-$(mktemp -d)}
if [ -z "${PROGRAM:-}" ]; then
  cargo build --release --quiet --package glidepath
  PROGRAM=target/release/glidepath
fi
row() { python3 benches/measure.py "$@"; }

echo "binary $(($(stat -c %s "$PROGRAM") / 1024)) KB"
row --label "start (version)" --times 20 -- "$PROGRAM" version

python3 benches/generate_manifest.py "$WORK/ten-thousand" --accounts 10000
row --label "validate, 10,000 accounts" -- "$PROGRAM" validate "$WORK/ten-thousand"

python3 benches/generate_manifest.py "$WORK/thousand" --accounts 1000 --units 50 --policies 25
row --label "apply, 1,000 accounts, sandbox" --times 1 -- \
  "$PROGRAM" apply "$WORK/thousand" --sandbox "$WORK/world" --yes
row --label "plan, 1,000 accounts unchanged, sandbox" -- \
  "$PROGRAM" plan "$WORK/thousand" --sandbox "$WORK/world" --detailed-exitcode
row --label "the same, rates off" -- \
  "$PROGRAM" plan "$WORK/thousand" --sandbox "$WORK/world" --detailed-exitcode --rates off
rm -f "$WORK/record.jsonl"
"$PROGRAM" plan "$WORK/thousand" --sandbox "$WORK/world" --record "$WORK/record.jsonl" >/dev/null
echo "calls of that plan: $(wc -l <"$WORK/record.jsonl")"
row --label "drift, 1,000 accounts unchanged, sandbox" -- "$PROGRAM" drift "$WORK/thousand" --sandbox "$WORK/world"
for example in quickstart enterprise; do
  row --label "apply, $example, sandbox" --times 1 -- \
    "$PROGRAM" apply "examples/$example" --sandbox "$WORK/$example" --yes
  row --label "plan, $example unchanged, sandbox" -- \
    "$PROGRAM" plan "examples/$example" --sandbox "$WORK/$example" --detailed-exitcode
done

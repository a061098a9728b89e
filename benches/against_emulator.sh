#!/usr/bin/env bash
# Plan of an unchanged organization of 1,000 accounts over the network: an emulator behind a proxy that counts calls,
# adds latency and, on demand, throttles at AWS's published rates.
#   benches/against_emulator.sh BENCH_FOLDER
# BENCH_FOLDER holds bench_env.sh, seed_org.py, count_proxy.py, measure.py and throttle_aws.json. `ministack` is on the
# path, and PY is a python that has boto3 and aiohttp. PROGRAM is the build to measure (release by default).
set -euo pipefail
REPOSITORY=$(cd "$(dirname "$0")/.." && pwd)
FOLDER=$(cd "${1:?the folder with the proxy and the seed}" && pwd)
PROGRAM=$(realpath "${PROGRAM:-$REPOSITORY/target/release/glidepath}")
ACCOUNTS=${ACCOUNTS:-1000} LATENCY=${LATENCY:-40}
export EMU=ministack PROXY_ARGS="--replay" SEED_ARGS="--ous 50 --scps 25"
. "$FOLDER/bench_env.sh"
bench_start "$ACCOUNTS"
latency 0

ask() { AWS_ENDPOINT_URL=$UP "$PY" -c "
import boto3
print(boto3.client('organizations').describe_organization()['Organization']['$1'])"; }
ids=(--management-id "$(ask MasterAccountId)" --organization-id "$(ask Id)")
generate() { "$PY" "$REPOSITORY/benches/generate_manifest.py" "$@" --accounts "$ACCOUNTS" --units 50 --policies 25 "${ids[@]}"; }
generate manifest
generate untagged --untagged

# The seed carries no mark of ours: adopt it first. The emulator lacks two listings, which the program says by exit
# code 5; they are asked for all the same.
"$PROGRAM" apply manifest --yes --rates off >apply.txt 2>&1 || [ $? -eq 5 ] || { tail -20 apply.txt; exit 1; }
grep -A3 "^not checked" apply.txt || true

run() { "$PY" "$FOLDER/measure.py" --label "$1" -- "$PROGRAM" plan "$2" --detailed-exitcode "${@:3}"; }
throttle() { curl -fs -o /dev/null -X POST "$PROXY/_bench/config" -d "{\"latency_ms\": $LATENCY, \"throttle\": $1}"; }
echo "label, exit code, wall s, CPU s, peak MB, calls, throttled, most in flight, load"
latency "$LATENCY"
# The emulator's bulk listing of tags leaves organizations out, so tags of accounts cost a call each here; AWS's does not.
for manifest in untagged manifest; do
  run "warm-up" $manifest --rates off >/dev/null        # fills the proxy's memory
  for n in 1 2 3; do run "plan $manifest, $LATENCY ms, rates off ($n)" $manifest --rates off; done
  throttle "$(cat "$FOLDER/throttle_aws.json")"
  run "plan $manifest, $LATENCY ms, AWS's rates" $manifest
  throttle null
done
echo "logs and the manifests are in $PWD"

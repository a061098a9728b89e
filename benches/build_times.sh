#!/usr/bin/env bash
# Seconds of a clean debug build of everything, and of the test command after it, in a target folder of their own.
#   benches/build_times.sh
set -euo pipefail
cd "$(dirname "$0")/.."
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$(mktemp -d)}
seconds() { local start=$SECONDS; "${@:2}" >/dev/null 2>&1; echo "$1: $((SECONDS - start)) s"; }
seconds "clean debug build" cargo build --workspace --all-targets
seconds "build again" cargo build --workspace --all-targets
touch cli/src/main.rs
seconds "build after an edit of main.rs" cargo build --package glidepath

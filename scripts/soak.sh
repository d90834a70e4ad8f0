#!/usr/bin/env bash
# AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
# A long run of the supervisor over 50 containers that fail at random, on an engine of its own. Needs root and python3.
#
# SOAK_SECONDS  how long (default: 600)
# SOAK_SEED     which failures, to have the same ones again
# SOAK_SUITE    which engine of scripts/test-engine (default: sid)
#
# Measurements go to target/soak.csv, all that was told to target/soak.jsonl.
set -euo pipefail
cd "$(dirname "$0")/.."

suite=${SOAK_SUITE:-sid}
dir=$(mktemp -d "${TMPDIR:-/tmp}/stackctl-soak.XXXXXX")
unpacked=${STACKCTL_TEST_ENGINE_DIR:-${TMPDIR:-/tmp}/stackctl-test-engine}/packages
export STACKCTL_TEST_ENGINE_DIR=$dir
# Packages that another engine was unpacked from are used as they are.
if [ -e "$unpacked/sid/complete" ]; then ln -s "$unpacked" "$dir/packages"; fi
trap 'scripts/test-engine stop "$suite"; rm -rf "$dir"' EXIT

cargo build --locked --release --bin stackctl
host=$(scripts/test-engine start "$suite")
python3 scripts/soak.py --program target/release/stackctl --host "$host" --out target --seconds "${SOAK_SECONDS:-600}" \
    --seed "${SOAK_SEED:-$RANDOM}"

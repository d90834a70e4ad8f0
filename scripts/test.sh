#!/usr/bin/env bash
# AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
# Runs the tests. usage: test.sh fast|all
#   fast  unit and integration tests; with cargo-nextest when it is installed
#   all   these, the documentation's examples and one pass of every bench; names what was left out
set -euo pipefail
cd "$(dirname "$0")/.."

lane=${1:-fast}

case $lane in
fast)
    if cargo nextest --version >/dev/null 2>&1; then
        cargo nextest run --locked --lib --bins --test it
    else
        cargo test --locked --lib --bins --test it
    fi
    ;;
all)
    cargo test --locked --doc
    cargo test --locked --benches
    echo "left out: fuzzing (make fuzz: takes minutes) and other tools (make bench: installs them); no test needs a container engine yet"
    cargo test --locked --lib --bins --test it
    ;;
*)
    echo "usage: test.sh fast|all" >&2
    exit 2
    ;;
esac

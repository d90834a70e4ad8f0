#!/usr/bin/env bash
# AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
# Runs the tests. usage: test.sh fast|all
#   fast  unit and integration tests; with cargo-nextest when it is installed
#   all   these, also against real container engines (scripts/test-engine), the documentation's examples and one pass of
#         every bench; names what was left out
set -euo pipefail
cd "$(dirname "$0")/.."

lane=${1:-fast}

# Private engines for the tests that need real ones; those that are named or run already are used and left running. Where
# none can be had, their tests are left out, but not in CI.
start_engines() {
    if [ -z "${STACKCTL_TEST_DOCKER_HOST:-}" ]; then
        eval "$(scripts/test-engine env)"
    fi
    if [ -z "${STACKCTL_TEST_DOCKER_HOST:-}" ]; then
        trap 'scripts/test-engine stop' EXIT
        if scripts/test-engine start >/dev/null; then
            eval "$(scripts/test-engine env)"
        elif [ "${CI:-}" = true ]; then
            echo "no container engine to test with" >&2
            exit 1
        else
            echo "left out: tests against real container engines (scripts/test-engine start says why)"
            return
        fi
    fi
    export STACKCTL_TEST_ENGINE_REQUIRED=1
}

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
    echo "left out: fuzzing (make fuzz: takes minutes) and other tools (make bench: installs them)"
    start_engines
    # With engines, most tests wait; one for each processor would leave it idle.
    cargo test --locked --lib --bins --test it -- --test-threads "${STACKCTL_TEST_THREADS:-8}"
    ;;
*)
    echo "usage: test.sh fast|all" >&2
    exit 2
    ;;
esac

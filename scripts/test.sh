#!/usr/bin/env bash
# AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
# Runs the tests. usage: test.sh fast|all|faults
#   fast  unit and integration tests; with cargo-nextest when it is installed
#   all   these, also against real container engines (scripts/test-engine) and a real MQTT broker (scripts/test-broker),
#         the documentation's examples and one pass of every bench; names what was left out
#   faults  runs that are killed at every change that they make; the other lanes try a part of them
set -euo pipefail
cd "$(dirname "$0")/.."

lane=${1:-fast}

# What was started here, and is to be stopped.
started=()
stop_started() {
    local one
    for one in "${started[@]}"; do "$one" stop; done
}
trap stop_started EXIT

# Private engines for the tests that need real ones; those that are named or run already are used and left running. Where
# none can be had, their tests are left out, but not in CI.
start_engines() {
    if [ -z "${STACKCTL_TEST_DOCKER_HOST:-}" ]; then
        eval "$(scripts/test-engine env)"
    fi
    if [ -z "${STACKCTL_TEST_DOCKER_HOST:-}" ]; then
        started+=(scripts/test-engine)
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
    give_services
}

# The image of real services for these engines, in the same way. Engines that somebody else named may have it already.
give_services() {
    if scripts/test-engine services; then
        export STACKCTL_TEST_SERVICES_REQUIRED=1
    elif [ "${CI:-}" = true ]; then
        echo "no image of real services to test with" >&2
        exit 1
    else
        echo "left out where the image is missing: tests with redis, postgres, mosquitto and sqlite (scripts/test-engine services says why)"
    fi
}

# A private broker, in the same way.
start_broker() {
    if [ -z "${STACKCTL_TEST_BROKER:-}" ]; then
        eval "$(scripts/test-broker env)"
    fi
    if [ -z "${STACKCTL_TEST_BROKER:-}" ]; then
        started+=(scripts/test-broker)
        if scripts/test-broker start >/dev/null; then
            eval "$(scripts/test-broker env)"
        elif [ "${CI:-}" = true ]; then
            echo "no MQTT broker to test with" >&2
            exit 1
        else
            echo "left out: tests against a real MQTT broker (scripts/test-broker start says why)"
            return
        fi
    fi
    export STACKCTL_TEST_BROKER_REQUIRED=1
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
    start_broker
    # With engines, most tests wait; one for each processor would leave it idle.
    cargo test --locked --lib --bins --test it -- --test-threads "${STACKCTL_TEST_THREADS:-8}"
    ;;
faults)
    start_engines
    STACKCTL_TEST_FAULTS=all cargo test --locked --test it restore_points::faults -- --nocapture --test-threads "${STACKCTL_TEST_THREADS:-1}"
    ;;
*)
    echo "usage: test.sh fast|all|faults" >&2
    exit 2
    ;;
esac

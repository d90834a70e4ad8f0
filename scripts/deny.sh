#!/usr/bin/env bash
# AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
# Licences, banned crates and sources of the dependencies, as deny.toml says. Says so when the tool is not installed.
set -euo pipefail
cd "$(dirname "$0")/.."

if cargo deny --version >/dev/null 2>&1; then
    cargo deny --locked --offline check licenses bans sources
else
    echo "left out: check of licences and sources (cargo-deny is not installed)"
fi

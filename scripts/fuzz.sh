#!/usr/bin/env bash
# AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
# Runs the fuzz targets with libFuzzer on a stable toolchain. usage: fuzz.sh [SECONDS [TARGET...]]
# The seconds are shared by the targets. What they find is kept in fuzz/artifacts/<target>.
# cargo-fuzz would need a nightly toolchain; the coverage that libFuzzer needs is an LLVM pass that stable has too.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-300}
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(load interpolate archive frames)

host=$(rustc -vV | sed -n 's/^host: //p')
flags="--cfg fuzzing -C passes=sancov-module -C codegen-units=1"
for option in -sanitizer-coverage-level=4 -sanitizer-coverage-inline-8bit-counters -sanitizer-coverage-pc-table \
    -sanitizer-coverage-trace-compares; do
    flags+=" -C llvm-args=$option"
done
# With --target the flags leave build scripts alone.
RUSTFLAGS=$flags cargo build --locked --release --manifest-path fuzz/Cargo.toml --target "$host" --target-dir fuzz/target

for target in "${targets[@]}"; do
    corpus=fuzz/corpus/$target
    artifacts=fuzz/artifacts/$target/
    mkdir -p "$corpus" "$artifacts"
    case $target in
    load)
        for file in fixtures/rules/*/*.yml fixtures/compose/conformance/*/compose*.y*ml docker-compose.ai.yml; do
            name=${file#fixtures/}
            cp "$file" "$corpus/${name//\//-}"
        done
        # What a file names is found behind a line of its own; see fuzz/targets/load.rs.
        for folder in fixtures/compose/conformance/{extends,include,envfile}*/; do
            for other in "$folder"*.yaml "$folder"*.env "$folder"sub/*; do
                [ -f "$other" ] && [ -f "$folder/compose.yaml" ] || continue
                { cat "$folder/compose.yaml"; printf '\n---8<---\n'; cat "$other"; } >"$corpus/with-${other//\//-}"
            done
        done
        ;;
    interpolate)
        # One text a file: every line with a variable that the fixtures hold.
        number=0
        while IFS= read -r line; do
            number=$((number + 1))
            printf '%s' "$line" >"$corpus/seed-$number"
        done < <(grep -rhoE '\$[^ "]+' fixtures/compose/conformance --include='*.y*ml' | sort -u)
        ;;
    archive)
        for folder in fixtures/rules/*/; do
            tar --format=pax --sort=name -C "$folder" -cf "$corpus/$(basename "$folder").tar" .
        done
        ;;
    frames) ;;
    esac
    echo "fuzzing $target for $((seconds / ${#targets[@]})) s"
    "fuzz/target/$host/release/$target" "$corpus" -max_total_time=$((seconds / ${#targets[@]})) -timeout=10 \
        -rss_limit_mb=1024 -max_len=8192 -artifact_prefix="$artifacts" -print_final_stats=1 -verbosity=0
done

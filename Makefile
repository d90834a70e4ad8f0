# AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
# Every way to work on stackctl. What a target needs beyond Rust and a C compiler, its script says itself.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help dev lint test test-all docs bench faults fuzz soak run

CARGO ?= cargo
FUZZ_SECONDS ?= 300
ARGS ?= validate

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' Makefile

dev: ## build for work on the code, and run the fast tests
	$(CARGO) build --locked --all-targets
	$(MAKE) test

lint: ## formatting, lints, generated pages, licences of the dependencies
	$(CARGO) fmt --all -- --check
	$(CARGO) clippy --locked --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --no-deps --quiet
	$(CARGO) test --locked --quiet --test it generated
	scripts/deny.sh

test: ## fast lane: unit and integration tests, no container engine
	scripts/test.sh fast

test-all: ## everything that can run here; says what was left out and why
	scripts/test.sh all

docs: ## write the generated pages anew (guides/rules, guides/reference, guides/man)
	STACKCTL_UPDATE=1 $(CARGO) test --locked --quiet --test it generated

bench: ## speed inside the process (criterion), then beside other tools
	$(CARGO) bench --locked --bench load
	python3 benches/peers/compare.py
	python3 benches/peers/live.py
	python3 benches/peers/backup.py

faults: ## kill backup, restore and recovery at every change that they make, on real engines
	scripts/test.sh faults

fuzz: ## feed the loader damaged files for FUZZ_SECONDS (300)
	scripts/fuzz.sh $(FUZZ_SECONDS)

soak: ## supervise 50 failing containers for SOAK_SECONDS (600) and judge memory, losses and the end
	scripts/soak.sh

run: ## run the release build with ARGS (validate)
	$(CARGO) run --release --locked -- $(ARGS)

# The One Mind Campaign dashboard: `make run` starts it, `make test` checks it.
# ARGS goes to the program at the end: make test ARGS="-k publish", make shots ARGS=overview

.DEFAULT_GOAL := help
.PHONY: audit run test test-long test-hosted bench shots lint format sample try-duckdb clean help

python := .venv/bin/python
install := $(python) -m pip --disable-pip-version-check --no-input install --quiet
# A file's tests stay together, for they share its stores and servers; files start as they are sorted.
parallel := -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder
serve := $(if $(WORKERS),onemind serve --workers $(WORKERS),\
	streamlit run dashboard.py --server.showEmailPrompt=false)
publish_sample := $(python) -m onemind publish data/sample/*.csv \
	-m "Sample campaign" --author "Sample data"

run: .venv/installed ## Start the dashboard; the first time with the sample campaign; WORKERS=2
	@versions=$$($(python) -m onemind versions --json) || exit; \
	if [ "$$versions" = "[]" ]; then $(publish_sample) || exit; fi; \
	exec $(python) -m $(serve) $(ARGS)

test: lint ## Check everything: style, types, tests (but for the long ones)
	@CHROMIUM=$$(.ci/chromium) && .ci/services || exit; export CHROMIUM; \
	exec $(python) -m pytest $(parallel) $(ARGS)

test-long: lint ## Check everything, the long tests too
	@CHROMIUM=$$(.ci/chromium) && .ci/services || exit; export CHROMIUM; \
	exec $(python) -m pytest $(parallel) -m "long or not long" $(ARGS)

test-hosted: lint ## Check the pages over PostgreSQL and an S3 server instead of a folder
	@CHROMIUM=$$(.ci/chromium) && .ci/services || exit; export CHROMIUM; \
	ONEMIND_TEST_HOSTED=1 exec $(python) -m pytest $(parallel) tests/browser tests/hosted $(ARGS)

bench: .venv/installed-dev ## Run every benchmark in bench/
	@for file in bench/[a-z]*.py; do \
		name=$${file##*/}; \
		$(python) -m "bench.$${name%.py}" $(ARGS) || exit; \
	done

shots: .venv/installed-dev ## Photograph every page on the sample into shots/
	@CHROMIUM=$$(.ci/chromium) || exit; export CHROMIUM; \
	exec $(python) -m tests.support.shots $(ARGS)

lint: .venv/installed-dev ## Check style and types
	@$(python) -m ruff check
	@$(python) -m ruff format --check
	@imports=$$(.venv/bin/lint-imports --no-cache --no-logo) || { echo "$$imports"; exit 1; }
	@$(python) -m mypy
	@$(python) -m bandit --quiet --configfile pyproject.toml --recursive onemind pages dashboard.py

audit: .venv/installed ## Ask whether a package in use has a known hole (needs the internet)
	@$(install) pip-audit==2.10.1
	@$(python) -m pip_audit --requirement requirements.txt

format: .venv/installed-dev ## Put the code into the house style
	@$(python) -m ruff check --fix
	@$(python) -m ruff format

sample: .venv/installed ## Publish the sample campaign into the store
	@$(publish_sample)

try-duckdb: .venv/installed-dev ## Run the store's tests on another DuckDB: VERSION=2.0.0 (needs the internet)
	@exec .ci/try-duckdb "$(VERSION)"

clean: ## Remove .venv, caches and screenshots; the store stays
	@rm -rf .venv .hypothesis .mypy_cache .pytest_cache .ruff_cache bench/results shots
	@find onemind pages tests bench -type d -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

.venv/bin/python:
	@.ci/venv

# A stamp for each list of requirements: what is installed is installed again when the list changes.
.venv/installed: requirements.txt | .venv/bin/python
	@echo "Installing what the dashboard needs (a minute, the first time only) ..."
	@$(install) -r requirements.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt requirements-hosted.txt .venv/installed
	@echo "Installing what the checks need ..."
	@$(install) -r requirements-dev.txt
	@touch $@

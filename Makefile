# Everything runs inside .venv, made on first use from the hash-pinned lock files in configs/.
# Settings by environment: PORTAL_PORT (8000), SANDBOX_PORT (8900), PYTHON (python3).
PYTHON ?= python3
BIN := .venv/bin
RUNTIME := .venv/runtime.stamp
DEVELOP := .venv/develop.stamp
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes

# Settings come from the environment and configs/.env alone, not from a stray .env further up.
export FLASK_SKIP_DOTENV := 1

# Compiled code is kept: the tests alone start the portal a hundred times.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help run dev sandbox serve check test fuzz crash soak faults budget slow-clients intervals matrix tour bench \
	asvs sbom audit screenshots lint format pre-commit lock clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(RUNTIME) ## Start the sandbox and the portal, ready to sign in (Ctrl-C stops both)
	@$(BIN)/python -m app.cli.run

dev: $(RUNTIME) ## The same, reloading the portal when its code changes
	@$(BIN)/python -m app.cli.run --reload

sandbox: $(RUNTIME) ## Start the simulated ClickHouse Cloud alone
	@$(BIN)/python -m app.sandbox

serve: $(RUNTIME) ## Start the portal alone, against what configs/.env says
	@$(BIN)/flask --app wsgi serve

check: $(RUNTIME) ## Say whether the settings, the key, the services and the store work
	@$(BIN)/flask --app wsgi check-settings

test: $(DEVELOP) ## Run every test this machine can run
	@$(BIN)/python -m pytest -n 4 --dist worksteal \
		-m "not (fuzz or crash or soak or faults or budget or slow_clients or matrix or tour)"

fuzz: $(DEVELOP) ## Throw thousands of made-up calls at the JSON API
	@$(BIN)/python -m pytest -n 2 -m fuzz

crash: $(DEVELOP) ## Kill two portals CRASH_KILLS (200) times amid changes on each database, pause the leader
	@$(BIN)/python -m pytest -m crash

soak: $(DEVELOP) ## Fifty people click for SOAK_MINUTES (10) on each database while Cloud fails at times
	@$(BIN)/python -m pytest -m soak

faults: $(DEVELOP) ## Show what people meet when Cloud fails, for every fault in every place, on each database
	@$(BIN)/python -m pytest -m faults tests/faults

budget: $(DEVELOP) ## Show what 200 open pages cost Cloud, with 1, 2 and 4 processes and on PostgreSQL
	@$(BIN)/python -m pytest -m budget tests/faults

slow-clients: $(DEVELOP) ## Show what people meet while 700 clients send too little, or read nothing
	@$(BIN)/python -m pytest -m slow_clients tests/slow_clients

intervals: $(DEVELOP) ## Compare the windows of every time zone, 2026 to 2030, with a walk through every minute
	@$(BIN)/python -m tests.intervals

matrix: $(DEVELOP) ## Ask every cell of the permission matrix, through pages and programs
	@$(BIN)/python -m pytest -n 4 -m matrix

tour: $(DEVELOP) ## Look at every state of every page, in both colours and both widths
	@$(BIN)/python -m pytest -m tour

screenshots: $(DEVELOP) ## Take the pictures of the pages in docs/images anew
	@$(BIN)/python -m tests.browser.screenshots

bench: $(DEVELOP) ## Measure the portal against bare Flask (BENCH=long, BENCH_ONLY=, BENCH_JSON=)
	@$(BIN)/python -m tests.bench

asvs: $(DEVELOP) ## Run the tests that prove security requirements, and list these with the outcome
	@$(BIN)/python -m tests.asvs

sbom: $(DEVELOP) ## Print the list of components (CycloneDX) of the runtime lock file
	@$(BIN)/python -W ignore::UserWarning -m cyclonedx_py requirements --output-reproducible \
		--pyproject pyproject.toml configs/requirements.txt

audit: $(DEVELOP) ## Ask the public database for known holes in the components (needs a network)
	@$(PYTHON) -m venv .venv/audit
	@.venv/audit/bin/python -m pip --disable-pip-version-check install --quiet pip-audit
	@.venv/audit/bin/pip-audit --disable-pip --require-hashes -r configs/requirements.txt

lint: $(DEVELOP) ## Style, types and layers
	@$(BIN)/ruff format --check app tests wsgi.py
	@$(BIN)/ruff check app tests wsgi.py
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(DEVELOP) ## Rewrite the code in the house format
	@$(BIN)/ruff format app tests wsgi.py
	@$(BIN)/ruff check --fix app tests wsgi.py

pre-commit: $(DEVELOP) ## Run the commit checks on every file
	@$(BIN)/pre-commit run --all-files

lock: $(DEVELOP) ## Pin the dependencies of pyproject.toml again, by hash
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet uv
	@$(BIN)/uv pip compile $(LOCK) pyproject.toml -o configs/requirements.txt
	@$(BIN)/uv pip compile $(LOCK) --group dev pyproject.toml -o configs/requirements-dev.txt

LOCK := --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate

clean: ## Remove everything that the commands above made
	@rm -rf .venv instance .mypy_cache .ruff_cache .hypothesis .schemathesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; set PYTHON=python3.x")'
	@$(PYTHON) -m venv .venv

$(RUNTIME): .venv/bin/python configs/requirements.txt
	@echo "Installing pinned dependencies into .venv"
	@$(PIP) -r configs/requirements.txt
	@touch $@

$(DEVELOP): $(RUNTIME) configs/requirements-dev.txt
	@echo "Installing pinned test and lint tools into .venv"
	@$(PIP) -r configs/requirements-dev.txt
	@touch $@

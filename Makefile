# Everything runs inside .venv, made on first use from the hash-pinned lock files in configs/.
# Settings by environment: PORTAL_PORT (8000), SANDBOX_PORT (8900), SANDBOX_OIDC (off), PYTHON (python3).
PYTHON ?= python3
BIN := .venv/bin
RUNTIME := .venv/runtime.stamp
DEVELOP := .venv/develop.stamp
DEPLOY_TOOLS ?= .venv/deploy

# A portal that is started must not depend on a package index: where there is an installation it
# stays as it is until `make install`.
INSTALLED := $(if $(wildcard $(RUNTIME)),,$(RUNTIME))
TELL_IF_OLD = [ ! -s $(RUNTIME) ] || cmp -s configs/requirements.txt $(RUNTIME) || \
	echo "The packages in .venv are not those of configs/requirements.txt: run make install" >&2
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes

# The identity provider beside the sandbox is made of a library of the test tools.
OIDC_TOOLS := $(if $(filter on,$(SANDBOX_OIDC)),$(DEVELOP))

# Settings come from the environment and configs/.env alone, not from a stray .env further up.
export FLASK_SKIP_DOTENV := 1

# Compiled code is kept: the tests alone start the portal a hundred times.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help install run dev sandbox serve check config-env config-init config-diff schema manual test fuzz crash soak faults budget slow-clients intervals matrix tour bench \
	asvs sbom audit screenshots release-check upgrade-check deploy-check \
	lint format pre-commit lock clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(RUNTIME) $(OIDC_TOOLS) ## Start the sandbox and the portal, ready to sign in (SANDBOX_OIDC=on: with a company's sign-in)
	@$(BIN)/python -m app.cli.run

dev: $(RUNTIME) $(OIDC_TOOLS) ## The same, reloading the portal when its code changes
	@$(BIN)/python -m app.cli.run --reload

sandbox: $(RUNTIME) ## Start the simulated ClickHouse Cloud alone
	@$(BIN)/python -m app.sandbox

install: $(RUNTIME) ## Bring .venv up to the lock file; needed after an upgrade, before serve

serve: $(INSTALLED) ## Start the portal alone, against what configs/.env says; installs at most once
	@$(TELL_IF_OLD)
	@$(BIN)/flask --app wsgi serve

check: $(INSTALLED) ## Say whether the settings, the key, the services and the store work
	@$(BIN)/flask --app wsgi check-settings

config-env: $(RUNTIME) ## Write configs/.env from its template, with secrets of the portal's own made up
	@$(BIN)/python -m app.cli.config env

config-init: $(RUNTIME) ## Print the file of groups as ClickHouse Cloud's list proposes it (OUT=file writes it)
	@$(BIN)/python -m app.cli.config init --from-cloud $(if $(OUT),--output $(OUT))

config-diff: $(RUNTIME) ## Name services that are missing in the file of groups, gone, or renamed
	@$(BIN)/python -m app.cli.config diff

schema: $(RUNTIME) ## Write the JSON Schemas of the two configuration files anew
	@$(BIN)/python -m app.cli.config schema

manual: $(RUNTIME) ## Write the manual page of cgp anew, of what its --help says
	@$(BIN)/python -m app.client.manual > app/client/cgp.1

test: $(DEVELOP) ## Run every test this machine can run
	@$(BIN)/python -m pytest -n 4 --dist worksteal \
		-m "not (fuzz or crash or soak or faults or budget or slow_clients or matrix or tour or deploy or release or upgrade)"

fuzz: $(DEVELOP) ## Throw thousands of made-up calls at the JSON API
	@$(BIN)/python -m pytest -n 2 -m fuzz

crash: $(DEVELOP) ## Kill two portals CRASH_KILLS (200) times amid changes, boosts and schedules on each database, CRASH_STOPS (40) amid stops, pause the leader
	@$(BIN)/python -m pytest -m crash

soak: $(DEVELOP) ## Fifty people click for SOAK_MINUTES (10) on each database while Cloud fails at times
	@$(BIN)/python -m pytest -m soak

faults: $(DEVELOP) ## Show what people meet when Cloud fails, for every fault in every place, on each database
	@$(BIN)/python -m pytest -m faults tests/faults

budget: $(DEVELOP) ## Show what 200 open pages cost Cloud, with 1, 2, 4 processes, PostgreSQL, 50 groups (BUDGET_SECONDS, READINGS_SECONDS=600)
	@$(BIN)/python -m pytest -m budget tests/faults

slow-clients: $(DEVELOP) ## Show what people meet while 700 clients send too little, or read nothing
	@$(BIN)/python -m pytest -m slow_clients tests/slow_clients

intervals: $(DEVELOP) ## Compare the windows of every time zone, 2026 to 2030, with a walk through every minute
	@$(BIN)/python -m tests.intervals

matrix: $(DEVELOP) ## Ask every cell of the permission matrix, through pages and programs
	@$(BIN)/python -m pytest -n 4 -m matrix

tour: $(DEVELOP) ## Look at every state of every page, in both colours and widths, forced colours, without scripts
	@$(BIN)/python -m pytest -m tour

release-check: $(DEVELOP) ## Hold version, changelog, migrations, schema and documents to one another
	@$(BIN)/python -m pytest -m release tests/release
	@$(BIN)/python -m pytest -n 2 tests/architecture tests/unit/settings tests/api/test_openapi.py \
		tests/commands/test_sbom.py tests/unit/store/database/test_migrations.py

upgrade-check: $(DEVELOP) ## Bring databases of earlier versions with 100,000 events up to date, and count the work
	@$(BIN)/python -m pytest -m upgrade tests/upgrade

deploy-check: $(DEVELOP) $(DEPLOY_TOOLS)/tools.stamp ## Hold what lies in deploy/ to the programs that it is for
	@DEPLOY_TOOLS=$(DEPLOY_TOOLS) $(BIN)/python -m pytest -m deploy tests/deploy

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
	@$(BIN)/uv pip compile $(LOCK) --group deploy -o configs/requirements-deploy.txt

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
	@cp configs/requirements.txt $@ # which tells later what was installed

$(DEVELOP): $(RUNTIME) configs/requirements-dev.txt
	@echo "Installing pinned test and lint tools into .venv"
	@$(PIP) -r configs/requirements-dev.txt
	@touch $@

$(DEPLOY_TOOLS)/tools.stamp: configs/requirements-deploy.txt
	@echo "Installing pinned tools for charts into $(DEPLOY_TOOLS)"
	@$(PYTHON) -m venv $(DEPLOY_TOOLS)
	@$(DEPLOY_TOOLS)/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes \
		-r configs/requirements-deploy.txt
	@touch $@

# `make` alone lists the targets.
.DEFAULT_GOAL := help
PYTHON ?= python3
export PYTHON
run = .venv/bin/python -m

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.venv/ready: requirements.lock
	@.ci/environment requirements.lock ready

.venv/ready-dev: requirements-dev.lock requirements.lock
	@.ci/environment requirements-dev.lock ready-dev

setup: .venv/ready ## Set up what running needs (make run does it by itself)

setup-dev: .venv/ready-dev ## Set up what testing needs (make test does it by itself)
	@.ci/system-packages
	@.ci/kafka
	@.ci/checkov

run: setup ## Run the service on a simulated company; then look at http://127.0.0.1:8750
	@./earshot run

test: setup-dev check ## Set up and pass the tests
	@$(run) pytest -n 3 --dist loadfile

check: .venv/ready-dev ## Style, types and layers alone
	@$(run) ruff check .
	@$(run) ruff format --check --quiet .
	@$(run) mypy
	@.venv/bin/lint-imports

torture: setup-dev ## Kill the service hundreds of times, try thousands of examples (an hour); with LENGTH=1000 what torture-cluster does
	@$(if $(filter file,$(origin LENGTH)),$(embedded_torture),$(run) tests.real.torture $(LENGTH))

embedded_torture = EARSHOT_TEST_KILLS=300 EARSHOT_TEST_SYNCS=46 EARSHOT_TEST_EXAMPLES=10000 $(run) pytest tests/metrics tests/collectors tests/flow tests/config/test_any_text.py

LENGTH ?= 1000
torture-cluster: setup-dev ## Workers on a real Kafka and PostgreSQL, LENGTH=1000 disturbances; writes docs/reliability.md
	@$(run) tests.real.torture $(LENGTH)

MOVES ?= 40
leaders: setup-dev ## Eight workers on a real Kafka of three nodes, MOVES=40: leaders killed, asleep, handed on; all workers started at once
	@$(run) tests.real.leaders $(MOVES)

RECORDS ?= 100000
poison: setup-dev ## Workers on a real Kafka, one record in a hundred poison of twelve kinds, bombs besides, RECORDS=100000
	@$(run) tests.real.poison $(RECORDS)

ROUNDS ?= 50
gaps: setup-dev ## A real Kafka loses what a worker has not read, ROUNDS=50 times; whatever is gone has to lie in a gap
	@$(run) tests.real.gaps $(ROUNDS)

ROWS ?= 1000000
upgrade: setup-dev ## Bring ROWS=1000000 facts and answers of the first version up to date on both databases, killed fifty times
	@EARSHOT_TEST_ROWS=$(ROWS) EARSHOT_TEST_KILLS=50 $(run) pytest tests/metrics/ledger/test_broken_migration.py -k "death or moment"

attack: setup-dev ## Give a thousand random organisations' snapshots to an attacker with a solver; writes docs/disclosure.md
	@$(run) tests.metrics.disclosure.campaign

real-input: setup ## Run real logs and a real message network through the road (needs ../shared)
	@$(run) bench.real_input

bench: setup-dev ## Measure speed and size as ratios; writes bench/results.json
	@.ci/peer
	@$(run) bench

MINUTES ?= 120
soak: setup-dev ## A worker and an evaluator at twice the rated load for MINUTES=120: does their memory grow?
	@$(run) bench.soak $(MINUTES)

trust: setup ## Try every bound on companies whose truth is known; writes docs/trust.md
	@$(run) bench.trust

noise: setup ## Live through years of alerts, healthy ones and some with real drops; writes docs/alerts.md
	@$(run) bench.noise

chart-cluster: .venv/ready-dev ## Install the chart on a real API server with Helm 4 and 3 (builds both, needs Go); writes docs/kubernetes.md
	@.ci/cluster
	@$(run) tests.cluster

IMAGE ?= earshot
image: ## Build the container image IMAGE=earshot (needs Docker, Podman or Buildah)
	@.ci/image/build $(IMAGE)

image-try: ## Try the image IMAGE=earshot under Docker
	@.ci/image/try $(IMAGE)

kind-cluster: ## Prove on a cluster of containers what no API server can, with IMAGE=earshot (needs Docker, kind, kubectl, helm)
	@.ci/kind/prove $(IMAGE)

sbom: ## Write what the image is made of into build/sbom.cdx.json (CycloneDX)
	@.ci/release/sbom

release-image: ## Push and sign the image of a tag (the release workflow does it)
	@.ci/release/image

release-chart: ## Package, push and sign the chart of a tag (likewise)
	@.ci/release/chart

release-notes: ## Publish the release's page (likewise)
	@.ci/release/notes

golden: setup-dev ## Write the golden files and generated pages anew; read the difference before committing
	@EARSHOT_GOLDEN=1 $(run) pytest -q tests

lock: ## Write the lock files anew from pyproject.toml (needs uv)
	@printf "cyclonedx-bom==7.2.1\npython-dateutil<3\n" | uv pip compile - --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header -q -o .ci/release/sbom.lock
	@echo checkov==3.3.30 | uv pip compile - --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header -q -o tests/helm/checkov.lock
	@echo quixstreams==3.28.1 | uv pip compile - --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header -q -o bench/peer/requirements.lock
	@uv pip compile pyproject.toml --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header -q -o requirements.lock
	@uv pip compile pyproject.toml --group dev --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header -q -o requirements-dev.lock

clean: ## Remove the environment, the sample company and what tests left
	@rm -rf .venv var build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

.PHONY: help setup setup-dev run test check torture torture-cluster leaders poison gaps upgrade attack real-input bench soak trust noise chart-cluster image image-try kind-cluster sbom release-image release-chart release-notes golden lock clean

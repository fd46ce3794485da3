# Headway: `make run` starts the whole product, `make test` runs every test. Both set up what they need.

PYTHON ?= python3.11
# The CPU or CUDA build of torch: on a machine with internet, name the index of the build you want here.
TORCH ?= torch==2.13.0
HEADWAY_SHARED ?= $(abspath ../shared)
export HEADWAY_SHARED
export PATH := $(CURDIR)/.venv/bin:$(PATH)
PY := .venv/bin/python
PAGE_SOURCES := $(shell find frontend/src frontend/public -type f 2>/dev/null) \
	frontend/package.json frontend/vite.config.ts frontend/tsconfig.json frontend/package-lock.json

.PHONY: run test setup setup-test check check-python check-page audit test-python test-postgres test-page test-browser test-faults lock clean

run: setup
	@$(PY) manage.py migrate --no-input -v 0
	@$(PY) manage.py collectstatic --no-input -v 0
	@$(PY) manage.py welcome & exec $(PY) manage.py serve

setup: .stamps/base .stamps/kernel .stamps/page

.stamps/venv:
	@mkdir -p .stamps
	$(PYTHON) -m venv .venv
	$(PY) -m pip install -q --disable-pip-version-check $(TORCH)
	@touch $@

# The locks are whole, so pip resolves nothing (--no-deps): asked to, it takes a release newer than the lock's for `coverage[toml]`, and stops.
.stamps/base: .stamps/venv requirements/base.txt | .stamps/node
	$(PY) -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements/base.txt
	@touch $@

# Half a minute, once; without a C++ compiler models run with transformers' own attention, which is slower, and fp32 products.
.stamps/kernel: .stamps/base ml/models/grounding_dino/deformable.cpp ml/models/grounding_dino/split.cpp
	@$(PY) -m ml.models.grounding_dino.split >/dev/null 2>&1 & \
		$(PY) -m ml.models.grounding_dino.deformable >/dev/null 2>&1 || echo "No C++ compiler: models run without the compiled attention."; \
		wait
	@touch $@

.stamps/dev: .stamps/base requirements/dev.txt requirements/openvino.txt
	$(PY) -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements/dev.txt -r requirements/openvino.txt
	@touch $@

# Node 20.19 or later; where the machine has none, one comes from a pip package. First, so that with `-j` pip never runs beside itself.
.stamps/node: .stamps/venv requirements/node.txt
	@node -e 'const [a, b] = process.versions.node.split("."); process.exit(+a > 20 || (+a === 20 && +b >= 19) ? 0 : 1)' 2>/dev/null \
		|| $(PY) -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements/node.txt
	@touch $@

.stamps/node_modules: .stamps/node frontend/package.json frontend/package-lock.json
	cd frontend && npm install --no-audit --no-fund --loglevel=error
	@touch $@

.stamps/page: .stamps/node_modules $(PAGE_SOURCES)
	cd frontend && npm run --silent build
	@touch $@

# Chromium comes from apt; elsewhere name one by CHROMIUM=/path/to/chromium.
.stamps/chromium:
	@command -v chromium >/dev/null || [ -x "$${CHROMIUM:-}" ] || { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; }
	@mkdir -p .stamps && touch $@

# For the tests of the scaled-out product: its broker, and the server before it. Elsewhere have valkey-server or redis-server, and nginx, on the PATH.
# After Chromium, since apt has one user at a time.
.stamps/servers: | .stamps/chromium
	@{ command -v valkey-server || command -v redis-server; } >/dev/null && command -v nginx >/dev/null \
		|| { apt-get update -qq && apt-get install -y -qq --no-install-recommends redis-server nginx-light; }
	@mkdir -p .stamps && touch $@

setup-test: setup .stamps/dev .stamps/chromium .stamps/servers

# What needs one core goes two by two; what fills both goes alone. The last three wait for browsers, leases and servers half of their time.
test:
	@$(MAKE) --no-print-directory -j2 --output-sync=target setup-test
	@$(MAKE) --no-print-directory -j2 --output-sync=target check test-page
	@$(MAKE) --no-print-directory test-python
	@$(MAKE) --no-print-directory -j3 --output-sync=line test-browser test-faults test-postgres

check: check-python check-page

check-python: setup-test
	.venv/bin/ruff check --quiet . && .venv/bin/ruff format --check --quiet .
	.venv/bin/mypy
	.venv/bin/lint-imports

# The page's types are made anew from the server's schema: a change that the page does not know fails in `tsc`.
check-page: setup-test
	@mkdir -p var && $(PY) manage.py spectacular --file var/openapi.yaml && cd frontend && npm run --silent types
	cd frontend && npm run --silent typecheck && npm run --silent lint && npm run --silent size

# The locks are whole (each package by version and digest), and what npm's registry knows against the page's packages. It does not see
# advisories of Python packages: no database of them is among what is installed here (`pip-audit -r requirements/base.txt` reads the locks).
audit: setup-test
	$(PY) -m pytest -q -n0 -p no:cacheprovider tests/architecture/test_locks.py
	@echo "Python: the locks are whole. No advisories were read: no database of them is here (on a machine with internet: pip-audit -r requirements/base.txt)."
	@cd frontend && { npm audit --omit=dev; rc=$$?; \
		npm audit --omit=dev --json 2>/dev/null | grep -q '"vulnerabilities"' || { echo "Page: no advisories were read: this registry does not answer questions about them (on a machine with internet: npm audit)."; exit 1; }; exit $$rc; }

test-page: setup-test
	cd frontend && npm run --silent test

# Tests never touch the home that `make run` uses.
test-python test-postgres test-browser test-faults: export HEADWAY_HOME = $(CURDIR)/var/test

test-python: setup-test
	$(PY) -m pytest -n 2 --dist loadscope -m "not browser and not faults" -q

# The same suite on PostgreSQL 18 from pip, without what never touches a database, and without trainings.
test-postgres: setup-test
	$(PY) -m tests.postgres $(PY) -m pytest -m "not browser and not faults and not once" -q --ignore=tests/ml

test-browser: setup-test
	$(PY) -m pytest -q -m browser

test-faults: setup-test
	$(PY) -m pytest -q -m faults

# torch is installed before everything else, as the build that the machine wants; what its CUDA build needs must not come in by the lock.
TORCHS_OWN := torch triton cuda-bindings cuda-pathfinder cuda-toolkit nvidia-cublas nvidia-cuda-cccl nvidia-cuda-cupti nvidia-cuda-nvrtc \
	nvidia-cuda-runtime nvidia-cudnn-cu13 nvidia-cufft nvidia-cufile nvidia-cusolver nvidia-cusparse nvidia-cusparselt-cu13 nvidia-nccl-cu13 \
	nvidia-nvjitlink nvidia-nvshmem-cu13 nvidia-nvtx nvidia-curand
lock:
	for name in base dev node openvino; do \
		.venv/bin/uv pip compile -q $$([ $$name = openvino ] && echo --no-deps) --python-version 3.11 --generate-hashes --no-emit-find-links --no-emit-index-url --no-annotate --no-header \
			$(TORCHS_OWN:%=--no-emit-package %) requirements/$$name.in -o requirements/$$name.txt; done

clean:
	rm -rf .venv .stamps frontend/node_modules frontend/dist

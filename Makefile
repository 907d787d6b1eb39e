# People and CI run the same targets. `make` alone explains them.

VENV := .venv
BIN := $(VENV)/bin
VERSION = $(shell sed -n 's/^__version__ = "\(.*\)"/\1/p' lib/lgdp/__init__.py)

# More for one run, such as: make test PYTEST_ARGS="-k lease"; make demo DEMO_ARGS="--seed 7"
PYTEST_ARGS ?=
DEMO_ARGS ?=
BENCH_ARGS ?=

# Two processes, each with a Spark session if it needs one. A file's tests stay together, and the
# long ones, of jobs and scenarios, come first.
TEST_WORKERS ?= 2
IN_PARALLEL = --numprocesses $(TEST_WORKERS) --dist loadscope --no-loadscope-reorder

# pyspark alone is 400 MB: a slow line is not a failure.
export UV_HTTP_TIMEOUT ?= 180
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help prerequisites setup jars demo test test-fast lint format package bench lock clean distclean

help: ## Show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: prerequisites $(VENV)/.stamp-project .jars/.stamp .jars/.stamp-classes ## Install everything into .venv and .jars; quick when nothing changed
	@$(BIN)/python -m compileall -q lib

jars: prerequisites .jars/.stamp ## Fetch the Spark jars that docker/jars.txt names

demo: setup ## Generate two years of returns from 32 councils, run the whole job, check the result
	$(BIN)/lgdp demo $(DEMO_ARGS)

test: setup ## Run all tests
	$(BIN)/pytest $(IN_PARALLEL) $(PYTEST_ARGS)

test-fast: setup ## Run the tests that start no Spark and no server
	$(BIN)/pytest -m 'not slow' $(IN_PARALLEL) $(PYTEST_ARGS)

lint: setup ## Check format, style, types and the direction of imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python .ci/check_jobs.py jobs

format: setup ## Put the code into its format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

package: setup ## Build dist/: a wheel, and a zip of the code for spark-submit --py-files
	@rm -rf build dist
	SOURCE_DATE_EPOCH=315532800 $(BIN)/python -m build --quiet --no-isolation --wheel --outdir dist .
	$(BIN)/python .ci/zip_wheel.py dist/lgdp-$(VERSION)-py3-none-any.whl dist/lgdp-$(VERSION).zip
	@rm -rf build
	@ls -l dist

bench: setup ## Measure the platform against stock Spark + Delta and DuckDB
	$(BIN)/python tests/benchmarks $(BENCH_ARGS)

lock: prerequisites $(VENV)/.stamp-packages ## Write requirements.txt anew from pyproject.toml
	$(BIN)/uv pip compile --quiet --generate-hashes --universal --no-emit-index-url \
		--python-version 3.11 --custom-compile-command 'make lock' \
		--extra dev --output-file requirements.txt pyproject.toml

clean: ## Remove what builds and tests left behind
	rm -rf build dist lib/*.egg-info .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find lib jobs tests docker -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

distclean: clean ## Remove the environment and the jars too
	rm -rf $(VENV) .jars

# Said once, plainly, before a long installation fails in its own words.
prerequisites:
	@.ci/prerequisites >/dev/null

# The locked packages. pip, which comes with Python, installs the locked uv; uv, which is
# far quicker, installs the rest. Both refuse what has not the locked hash. All is compiled at once:
# where Python is told to write no bytecode, every command would compile half a second's worth.
$(VENV)/.stamp-packages: requirements.txt | prerequisites
	"$$(.ci/prerequisites)" -m venv $(VENV)
	@awk '/^uv==/ {found = 1} found {print} found && !/\\$$/ {exit}' requirements.txt >$(VENV)/uv.txt
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r $(VENV)/uv.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode \
		--require-hashes -r requirements.txt
	@touch $@

# The project itself, where it is, so that an edit needs no installation.
$(VENV)/.stamp-project: $(VENV)/.stamp-packages pyproject.toml setup.py
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

.jars/.stamp: docker/jars.txt docker/jars.sha256 docker/fetch_jars | $(VENV)/.stamp-packages
	$(BIN)/python docker/fetch_jars
	@touch $@

# The classes that Spark loads, in one file that its JVM maps into memory: runs start in half the CPU.
.jars/.stamp-classes: .jars/.stamp $(VENV)/.stamp-packages | $(VENV)/.stamp-project
	$(BIN)/python -m lgdp.pipeline.class_archive
	@touch $@

# Yishi: everything that is done here, by name. `make help` lists it.
SHELL := /bin/sh
PY := .venv/bin/python
PORT ?= 8000
.DEFAULT_GOAL := help

.PHONY: help env assets demo dev test test-one lint format bench messages screenshots clean

help: ## List what can be done here
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

env: ## Create the environment in .venv
	@python3 tools/bootstrap.py

assets: env ## Build styles, scripts and the English texts
	@$(PY) tools/messages.py --compile
	@$(PY) tools/build_assets.py

demo: assets ## Load the demo town and serve it at http://127.0.0.1:8000
	@.venv/bin/yishi demo --port $(PORT)

dev: assets ## Serve with reload while you work
	@YISHI_DEBUG=1 .venv/bin/yishi serve --reload --port $(PORT)

test: assets ## Run every test (PostgreSQL and the browser where they are there)
	@$(PY) tools/run_tests.py

lint: env ## Format, types, layers, English texts
	@$(PY) -m ruff format --check src tests benchmarks tools
	@$(PY) -m ruff check src tests benchmarks tools
	@$(PY) -m mypy
	@.venv/bin/lint-imports --no-cache
	@$(PY) tools/messages.py --check

format: env ## Format the code and mend what can be mended
	@$(PY) -m ruff format src tests benchmarks tools
	@$(PY) -m ruff check --fix src tests benchmarks tools

bench: assets ## Measure: ours beside the rival or the physical floor, in one run
	@$(PY) benchmarks/run.py

messages: env ## Collect texts and name those without English
	@$(PY) tools/messages.py

screenshots: assets ## Make the pictures of the README from the demo town
	@$(PY) tools/screenshots.py

clean: ## Remove what was built (not your data)
	@rm -rf .venv node_modules src/yishi/web/static/built .mypy_cache .ruff_cache .pytest_cache

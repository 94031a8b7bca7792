# Two commands are enough: `make demo` and `make test`. Each sets up what it needs by itself.
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
STATEMENT := examples/statements/ministry_2018_10_05.txt
.DEFAULT_GOAL := help
.PHONY: help demo test lint format setup system clean

help:  ## what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

$(VENV)/.ready: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Ascertain needs Python 3.11 or newer; say PYTHON=python3.12 (or newer)" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv $(VENV) || { echo "next: apt-get install -y python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

setup: $(VENV)/.ready

demo: setup  ## build the reference record, check a statement against it
	@rm -rf demo && mkdir demo
	@$(BIN)/ascertain new demo/record --with syria-cw
	@$(BIN)/ascertain check $(STATEMENT) --record demo/record --html demo/report.html --claimreview demo/claimreview.json
	@echo
	@echo "open demo/report.html in a browser; the record is demo/record"

system:
	@sh scripts/system-packages

test: setup system lint  ## everything that must hold
	@$(BIN)/python -m pytest -n auto --dist loadfile

lint: setup  ## style, types, import direction
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache > $(VENV)/lint-imports.log 2>&1 || { cat $(VENV)/lint-imports.log; exit 1; }

format: setup  ## put the code in order
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

clean:  ## remove what make made
	@rm -rf $(VENV) demo .pytest_cache .mypy_cache .ruff_cache

# Everything a newcomer needs: `make quote` and `make test`. Nothing but Python 3.11+ and make is assumed.
# Another interpreter: make quote PYTHON=python3.12
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: quote test check format bench docs clean

quote: $(VENV)/.installed
	$(BIN)/xb quote --from CN --to US --weight 0.46kg --size 25x20x8cm --value 25USD --goods t-shirt-cotton --format table

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n auto

# tests/test_code.py calls the same four tools, so that `make test` alone covers them; here they stand first.
check: $(VENV)/.installed-dev
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy xborder_cli benchmarks
	$(BIN)/xb rates check
	$(BIN)/python -m pytest -n auto --deselect tests/test_code.py

format: $(VENV)/.installed-dev
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

bench: $(VENV)/.installed-bench
	$(BIN)/python -m benchmarks

docs: $(VENV)/.installed-dev
	$(BIN)/python -m tests.docs_pages
	$(BIN)/python -m tests.coverage_page
	$(BIN)/python -m tests.readme_blocks

clean:
	rm -rf $(VENV) build dist

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "xb needs Python 3.11 or newer; name one: make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml
	$(PIP) install --quiet --editable .
	@touch $@

# `pip install --group` needs pip 25.1, newer than the one that many a Python brings along.
$(VENV)/.installed-dev: $(VENV)/.installed
	$(PIP) install --quiet --upgrade 'pip>=25.1'
	$(PIP) install --quiet --group dev
	@touch $@

# what xb is measured against: not needed to use or to test it
$(VENV)/.installed-bench: $(VENV)/.installed-dev
	$(PIP) install --quiet --group bench
	@touch $@

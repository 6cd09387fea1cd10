# Two commands matter: `make demo` and `make test`. Each installs what is missing first.
BIN := .venv/bin
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" npm --prefix web run --silent
export DJANGO_SETTINGS_MODULE := yiwang.project.settings

.PHONY: help bootstrap demo test test-full check bench openapi format lock
.PHONY: check-style check-types check-imports check-migrations check-api check-web

help:
	@echo "make demo       start a living demo district and print its address"
	@echo "make test       every check and the default tests (make test-full adds the long ones)"
	@echo "make check      style, types, import contracts, migrations, API document, user interface"
	@echo "make bench      every benchmark (yiwang bench NAME for one)"
	@echo "make openapi    write docs/api/openapi.json and the console's client from the code"
	@echo "make format     put the style right"
	@echo "make lock       pin the newest allowed versions of all packages"

bootstrap:
	@scripts/bootstrap.sh

demo: bootstrap
	@$(BIN)/yiwang demo

test: check
	$(BIN)/pytest

test-full: check
	YIWANG_FUZZ_EXAMPLES=$${YIWANG_FUZZ_EXAMPLES:-25} $(BIN)/pytest -m ""

check: bootstrap
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target \
	  check-style check-types check-imports check-migrations check-api check-web

check-style:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .

check-types:
	$(BIN)/mypy

check-imports:
	$(BIN)/lint-imports

# The database need not run: what models and migrations say is compared. Django warns that it cannot ask.
check-migrations:
	$(BIN)/python -W ignore -m django makemigrations --check --dry-run

check-api:
	$(BIN)/yiwang openapi --check

check-web:
	$(NPM) generate -- --check
	$(NPM) lint
	$(NPM) typecheck
	$(NPM) test

bench: bootstrap
	@for name in $$($(BIN)/yiwang bench --names); do $(BIN)/yiwang bench $$name || exit 1; done

openapi: bootstrap
	$(BIN)/yiwang openapi
	$(NPM) generate

format: bootstrap
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# No address of an index and no name of a host is written into the files.
lock: bootstrap
	@for name in bootstrap base dev s3; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-header --upgrade requirements/$$name.in -o requirements/$$name.txt || exit 1; done

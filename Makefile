# make demo     the family's way home, played from start to end      make test   every check and test
# make run      the four services, until Ctrl-C                      make bench  how fast it is, beside hand-written code
.DEFAULT_GOAL := help
BIN := .venv/bin

.PHONY: help demo run test bench check format lock clean
help: ; @sed -n '/^#/s/^# //p;/^#/!q' Makefile

.venv/ok: requirements.lock pyproject.toml .ci/setup
	@PYTHON="$(PYTHON)" sh .ci/setup

demo: .venv/ok
	@$(BIN)/homeward demo

run: .venv/ok
	@$(BIN)/homeward up

test: check
	$(BIN)/pytest -q -n 2 --dist worksteal

bench: .venv/ok
	@mkdir -p build
	$(BIN)/python -m tests.benchmarks

check: .venv/ok
	$(BIN)/ruff check -q .
	$(BIN)/ruff format -q --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache --no-logo

format: .venv/ok
	$(BIN)/ruff check -q --fix .
	$(BIN)/ruff format -q .

# A compiled, hashed list instead of uv.lock: it carries no address of an index and works with any.
lock: .venv/ok
	$(BIN)/uv pip compile -q pyproject.toml --group dev --generate-hashes --universal --no-header --no-annotate --no-emit-index-url -o requirements.lock
	@! grep -n '://' requirements.lock

clean:
	rm -rf .venv build dist data *.egg-info .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

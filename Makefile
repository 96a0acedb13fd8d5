# make demo     the year 2021, played to its published figures        make test   every check and test
# make run      the four services, until Ctrl-C                      make bench  how fast it is, beside hand-written code
# make faults   ten minutes of outages, and an auditor               make races  the doors and a person's no, 1,000 times
# make operation  the whole year on PostgreSQL and Kafka             make containers-check  the same against the images
# make mutants  which changed rule no test notices                   make any-order  the state machines, other examples
.DEFAULT_GOAL := help
BIN := .venv/bin
# Tests start many processes: each would compile every module again where the machine says that nothing compiled is kept.
export PYTHONDONTWRITEBYTECODE :=
# What the tests of the services run on: sqlite, postgresql, or both. The floor has tests of its own on real servers.
STORES ?= sqlite

.PHONY: help demo run test suite servers kafka wheels containers-check races any-order operation faults toxiproxy mutants bench check format lock clean
help: ; @sed -n '/^\#/!q;s/^\# //p' Makefile

.venv/ok: requirements.lock pyproject.toml .ci/setup
	@PYTHON="$(PYTHON)" sh .ci/setup

demo: .venv/ok
	@$(BIN)/homeward demo

run: .venv/ok
	@$(BIN)/homeward up

# The checks beside the tests: what waits for a server leaves them room. Three workers on two cores for the same reason.
# What is installed and what is fetched for the servers come at the same time, too: neither needs the other.
test:
	@$(MAKE) --no-print-directory -j 3 suite check

suite: .venv/ok servers
	$(BIN)/pytest -q -n 3 --dist worksteal --stores $(STORES)

# What the tests with real servers need, as far as this machine can have it.
servers:
	@sh .ci/servers

# The jars of a real Apache Kafka, some 43 MB, kept out of git. Needs Java 17 and Maven.
kafka: build/kafka/ok
build/kafka/ok: deploy/kafka/pom.xml
	@command -v mvn >/dev/null || { echo "Maven is needed to fetch Kafka (Debian: apt install default-jre-headless maven)." >&2; exit 1; }
	@rm -rf build/kafka && mkdir -p build/kafka
	mvn -q -B -C -Dstyle.color=never -f deploy/kafka/pom.xml dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$(CURDIR)/build/kafka/libs"
	@touch $@

# The stack of docker-compose.yml built and run, and the story played against it. Needs a Docker engine, or dockerd.
containers-check: .venv/ok
	@deploy/containers/check

# What an image holds, so that it can be built where no index is reached.
wheels: build/wheels/ok
build/wheels/ok: deploy/runtime.lock | .venv/ok
	@rm -rf build/wheels && mkdir -p build/wheels
	$(BIN)/python -m pip download -q --disable-pip-version-check --only-binary :all: --require-hashes -r deploy/runtime.lock -d build/wheels
	@touch $@

# The race at the doors, a thousand times: several processes against several, on real servers, registration killed.
RACES ?= 1000
races: .venv/ok servers
	$(BIN)/python -m tests.races --races $(RACES) $(if $(SEED),--seed $(SEED))

# The machines of tests/*/test_any_order*.py at random: EXAMPLES of each, from a SEED that is printed.
EXAMPLES ?= 60
any-order: .venv/ok
	@seed=$(or $(SEED),$$(date +%s)); echo "make any-order SEED=$$seed EXAMPLES=$(EXAMPLES)"; \
	ANY_ORDER_SEED=$$seed ANY_ORDER_EXAMPLES=$(EXAMPLES) \
	$(BIN)/python -m pytest -q -rP --timeout 7200 $(filter-out tests/house/%,$(wildcard tests/*/test_any_order_*.py))

# All that the demo plays, over separate processes on real PostgreSQL and Kafka: the same figures.
operation: .venv/ok servers
	$(BIN)/python -m tests.stack.whole

# Faults of every kind on real servers under a load of journeys, and an auditor that judges what is left.
SECONDS ?= 600
faults: .venv/ok servers
	@if command -v go >/dev/null; then $(MAKE) -s toxiproxy || true; fi
	$(BIN)/python -m tests.outages --seconds $(SECONDS) $(if $(SEED),--seed $(SEED))

# The proxy that cuts and slows the network between the parts. Needs Go; kept out of git.
TOXIPROXY := v2.12.0
toxiproxy: build/toxiproxy/$(TOXIPROXY)
build/toxiproxy/$(TOXIPROXY):
	@command -v go >/dev/null || { echo "Go is needed to build toxiproxy." >&2; exit 1; }
	@rm -rf build/toxiproxy && mkdir -p build/toxiproxy
	GOBIN="$(CURDIR)/build/toxiproxy" go install github.com/Shopify/toxiproxy/v2/cmd/server@$(TOXIPROXY)
	@touch $@

# Changes to the rules that no test notices. ONLY: some of them, for example 'travel.gates travel.doors'.
mutants: .venv/ok
	$(BIN)/python -m tests.mutants $(ONLY)

bench: .venv/ok servers
	@mkdir -p build
	$(BIN)/python -m tests.benchmarks

check: .venv/ok
	$(BIN)/ruff check -q .
	$(BIN)/ruff format -q --check .
	$(BIN)/mypy
	$(BIN)/hadolint deploy/Dockerfile
	$(BIN)/lint-imports --no-cache --no-logo

format: .venv/ok
	$(BIN)/ruff check -q --fix .
	$(BIN)/ruff format -q .

# A compiled, hashed list instead of uv.lock: it carries no address of an index and works with any.
# Two of them: everything, for working here; and what an image of a service holds, in the same versions.
LOCKED := --generate-hashes --universal --no-header --no-annotate --no-emit-index-url
lock: .venv/ok
	$(BIN)/uv pip compile -q pyproject.toml --group dev $(LOCKED) -o requirements.lock
	$(BIN)/uv pip compile -q pyproject.toml -c requirements.lock $(LOCKED) -o deploy/runtime.lock
	@! grep -n '://' requirements.lock deploy/runtime.lock

clean:
	rm -rf .venv build dist data *.egg-info .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

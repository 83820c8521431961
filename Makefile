# The two commands: `make paper` and `make test`. Each sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
SOURCES := setup.py src tests tools benchmarks notebooks workflow/scripts
TOUR := notebooks/tour.ipynb
SANITIZED := $(VENV)/native-sanitize
SNAKEFILES := Snakefile workflow/Snakefile workflow/rules
SHOWN := inhibition_placement dale_ratio_test envelope_accuracy phase_effect
# What release, redraw and report are of, and what redraw draws.
CONFIG := config/paper.yaml
TARGET := drawings
.DEFAULT_GOAL := help

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

env: $(VENV)/.done ## Make .venv: pinned requirements and the package

$(VENV)/.done: requirements.txt pyproject.toml setup.py $(wildcard src/spikeloc/native/*.[ch]pp)
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("spikeloc needs Python 3.11 or newer, not " + sys.version.split()[0])'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

$(VENV)/.dev-done: $(VENV)/.done requirements-dev.txt requirements-notebook.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt -r requirements-notebook.txt
	touch $@

$(VENV)/.notebook-done: $(VENV)/.done requirements-notebook.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-notebook.txt
	touch $@

notebook: $(VENV)/.notebook-done ## Open notebooks/tour.ipynb, a tour for students, in a browser
	PATH="$(BIN):$$PATH" jupyter lab --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/$(TOUR)

cluster: $(VENV)/.cluster-done ## Add to .venv what jobs of a cluster need

$(VENV)/.cluster-done: $(VENV)/.done requirements-cluster.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-cluster.txt
	touch $@

paper: env ## Make everything: stimuli, networks, tables, figures, paper/paper.pdf
	PATH="$(BIN):$$PATH" snakemake --cores all

quick: env ## The same in two to three minutes with config/quick.yaml: paper/quick.pdf
	PATH="$(BIN):$$PATH" snakemake --cores all --configfile config/quick.yaml

test: $(VENV)/.dev-done ## Run the tests
	PATH="$(BIN):$$PATH" pytest --numprocesses 2 --no-loadscope-reorder

test-unit: $(VENV)/.dev-done ## Run the tests that need neither Snakemake nor much time
	PATH="$(BIN):$$PATH" pytest -m "not (slow or workflow or long)" --numprocesses 2

test-kills: $(VENV)/.dev-done ## Kill the quick workflow again and again, damage every kind of file in it, fill its disk
	PATH="$(BIN):$$PATH" pytest -m slow tests/slow/test_kills.py tests/slow/test_file_damage.py tests/slow/test_full_disk.py

test-configs: $(VENV)/.dev-done ## Try thousands of hostile configs
	PATH="$(BIN):$$PATH" pytest --hypothesis-profile=thorough tests/config/test_hostile_configs.py

release: env ## Pack what panels and paper are drawn from: results/spikeloc-paper.zip
	PATH="$(BIN):$$PATH" snakemake release --configfile $(CONFIG)

redraw: env ## Draw TARGET (or all) from such an archive, without training: make redraw ARCHIVE=...
	$(BIN)/python -m spikeloc.release.archive $(ARCHIVE) --config $(CONFIG)
	PATH="$(BIN):$$PATH" snakemake $(TARGET) --configfile $(CONFIG) --profile profiles/redraw

report: env ## Write what was done and found as one HTML page: results/report.html
	PATH="$(BIN):$$PATH" snakemake --configfile $(CONFIG) --report results/report.html

verify: env ## Train one condition again: does this machine reproduce the paper?
	$(BIN)/python -m spikeloc.release.verify resources/verify.json

test-bytes: $(VENV)/.dev-done ## Run the quick workflow in other folders, orders and on other instruction sets
	PATH="$(BIN):$$PATH" pytest -m slow tests/slow/test_bytes.py

test-slurm: $(VENV)/.dev-done $(VENV)/.cluster-done ## Run the workflow through a real Slurm, as root
	PATH="$(BIN):$$PATH" pytest -m slow -rs tests/slow/test_slurm.py tests/slow/test_cluster_generic.py

lint: $(VENV)/.dev-done ## Check style, types, imports between packages, and the workflow
	PATH="$(BIN):$$PATH" ruff check $(SOURCES)
	PATH="$(BIN):$$PATH" ruff format --check $(SOURCES)
	PATH="$(BIN):$$PATH" mypy
	PATH="$(BIN):$$PATH" lint-imports --no-logo
	PATH="$(BIN):$$PATH" snakefmt --check $(SNAKEFILES)
	PATH="$(BIN):$$PATH" snakemake --lint

bench: $(VENV)/.dev-done ## Measure training and evaluation side by side: results/benchmarks/training.json
	$(BIN)/python benchmarks/bench.py

sanitize: $(VENV)/.done ## Run the native core under AddressSanitizer and UndefinedBehaviorSanitizer
	$(CXX) -std=c++17 -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -ffp-contract=off \
	  -Wno-psabi -Isrc/spikeloc/native tests/native/native_sanitize.cpp -o $(SANITIZED)
	$(SANITIZED)
	rm $(SANITIZED)

tour: $(VENV)/.notebook-done ## Run the tour, and write it with its pictures: docs/tour.md
	rm -rf docs/tour
	PATH="$(BIN):$$PATH" jupyter nbconvert --execute --to markdown --output-dir docs \
	  --NbConvertApp.output_files_dir=tour --TemplateExporter.template_file=docs/tour.md.j2 $(TOUR)

docs: env tour ## Make the gallery and the pictures that the documentation shows, from figures/ of a full run
	cp $(SHOWN:%=figures/%.png) docs/
	$(BIN)/python tools/gallery.py
	$(BIN)/python tools/readme_numbers.py
	@command -v dot > /dev/null || { echo "docs/rulegraph.svg is drawn by graphviz: install it, for its command dot"; exit 1; }
	PATH="$(BIN):$$PATH" snakemake --rulegraph dot --quiet all > $(VENV)/rulegraph.dot
	dot -Tsvg $(VENV)/rulegraph.dot > docs/rulegraph.svg

audit: ## Ask PyPI for known vulnerabilities of every pinned version; one that it does not know is an error
	$(PYTHON) -m venv $(VENV)/audit
	$(VENV)/audit/bin/pip install --quiet --disable-pip-version-check pip-audit
	$(VENV)/audit/bin/pip-audit --strict --no-deps --disable-pip $(patsubst %,-r %,$(wildcard requirements*.txt))

pins: ## Pin the newest versions that fit pyproject.toml: requirements*.txt
	$(PYTHON) tools/pins.py

schema: env ## Write the config's JSON Schema and the guide to the tables again
	$(BIN)/python -m spikeloc.config.json_schema > workflow/schemas/config.schema.json
	$(BIN)/python tools/table_guide.py > docs/tables.md

format: $(VENV)/.dev-done ## Format the code
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/snakefmt $(SNAKEFILES)
	PATH="$(BIN):$$PATH" jupyter nbconvert --clear-output --ClearMetadataPreprocessor.enabled=True --inplace $(TOUR)

.PHONY: help env paper quick test test-unit release redraw report verify lint bench sanitize notebook tour docs schema format cluster test-bytes test-slurm test-kills test-configs audit pins

# On a fresh machine with some Node (20 or newer) and npm these do all their own set-up, and none the second time:
#   make demo    the main job, end to end, on this machine
#   make test    all tests; needs Go, Python 3 and a JDK with Maven for the SDKs of those languages
#   make bench   the measurements, beside a floor or a peer

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory
# node_modules brings the Node that the product is built for, whichever one is installed.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

modules := node_modules/.package-lock.json
sources := $(shell find cli identity issuer kube operator sidecar webhook -name '*.ts')

# $(call step,WHAT,COMMAND) says what it does and how long that took.
define step
@printf '▸ %s\n' '$(1)'
began=$${EPOCHREALTIME/./}
$(2)
printf '  done in %d ms\n' $$(( ($${EPOCHREALTIME/./} - began) / 1000 ))
endef

.PHONY: help demo test bench setup build lint typecheck unit conformance clean

help:
	@sed -n 's/^#   //p' Makefile

setup: $(modules)

$(modules): package.json package-lock.json
	$(call step,Installing packages (npm ci),npm ci --loglevel=error)
	touch $(modules)

build: dist/lanyard.js dist/lanyard-sidecar

dist/lanyard.js: $(modules) $(sources) rolldown.config.ts
	$(call step,Bundling the lanyard program,npm run --silent build)

dist/lanyard-sidecar: $(modules) $(filter sidecar/%,$(sources))
	$(call step,Compiling the sidecar to one binary (Bun),npm run --silent build:sidecar)
	touch dist/lanyard-sidecar

demo: dist/lanyard.js
	@node examples/orders/demo.ts

lint: $(modules)
	$(call step,Checking style and import direction (Biome),npm run --silent lint)

typecheck: $(modules)
	$(call step,Checking types (tsc),npm run --silent typecheck)

unit: $(modules)
	$(call step,Running the tests of every folder,npm test --silent -- --reporter=default --reporter=json --outputFile=dist/unit.json)

conformance: build
	$(call step,Setting up the cloud SDKs in JavaScript (Python) Go and Java,npm run --silent conformance:install)
	$(call step,Running the real cloud SDKs against lanyard dev,npm run --silent conformance -- --reporter=default --reporter=json --outputFile=dist/conformance.json)

test: lint typecheck build unit conformance
	@node test/summary.ts dist/unit.json dist/conformance.json

bench: build
	@node test/bench/bench.ts

clean:
	rm -rf dist

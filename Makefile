# On a fresh machine with some Node (20 or newer) and npm these do all their own set-up, and none the second time:
#   make demo    the main job, end to end, on this machine
#   make test    all tests; needs Go, Python 3 and a JDK with Maven for the SDKs of those languages,
#                root on Debian for nginx and RabbitMQ, and root or Docker with kind for the real Kubernetes
#   make images  the images, into dist/images; with docker, podman or buildah
#   make manifests REGISTRY=…   dist/lanyard.yaml, for kubectl apply without Helm
#   make chart REGISTRY=… LANYARD=sha256:… SIDECAR=sha256:…   the chart of a release, with its images by digest
#   make bench   the measurements, beside a floor or a peer; make bench-cluster those in a real Kubernetes
#   make hostile  attacks on every process under its memory limit, and what a bystander feels of them
#   make cluster-up, make cluster-test, make e2e, make cluster-down   a real Kubernetes on this machine (test/cluster)

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory
# node_modules brings the Node that the product is built for, whichever one is installed.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

modules := node_modules/.package-lock.json
sources := $(shell find cli identity issuer kube operator sidecar vault webhook -name '*.ts')

# $(call step,WHAT,COMMAND) says what it does and how long that took.
define step
@printf '▸ %s\n' '$(1)'
began=$${EPOCHREALTIME/./}
status=0
$(2) || status=$$?
took=$$(( ($${EPOCHREALTIME/./} - began) / 1000 ))
[ $$status -eq 0 ] || { printf '  failed after %d ms\n' $$took; exit $$status; }
printf '  done in %d ms\n' $$took
endef

.PHONY: help demo test bench bench-cluster setup build images manifests chart lint typecheck unit conformance targets clean
.PHONY: cluster-up cluster-down kubeconfig kind-up kind-down cluster-test e2e hostile

help:
	@sed -n 's/^#   //p' Makefile

setup: $(modules)

$(modules): package.json package-lock.json
	$(call step,Installing packages (npm ci),npm ci --loglevel=error)
	touch $(modules)

build: dist/lanyard.js dist/lanyard-sidecar

dist/lanyard.js: $(modules) $(sources) rolldown.config.ts
	$(call step,Bundling the lanyard program,npm run --silent build >/dev/null)

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
	$(call step,Setting up the cloud SDKs of JavaScript and Python and Go and Java,npm run --silent conformance:install)
	$(call step,Running the real cloud SDKs against lanyard dev,npm run --silent conformance -- --reporter=default --reporter=json --outputFile=dist/conformance.json)

targets: build
	$(call step,Setting up the services that verify tokens,node test/targets/install.ts)
	$(call step,Running real services as targets of lanyard dev,npx vitest run --config test/targets/vitest.config.ts --reporter=default --reporter=json --outputFile=dist/targets.json)

# Every suite runs even if one fails, so that the last line tells of all. A cluster that ran before goes on running.
# `make hostile` joins them once every row of its table holds.
suites := unit conformance targets cluster-test e2e
test: lint typecheck build
	@rm -f $(suites:%=dist/%.json)
	status=0
	running=$$(node test/cluster/kubeconfig.ts 2>/dev/null || true)
	for suite in $(suites); do $(MAKE) $$suite || status=1; done
	[ -n "$$running" ] || node test/cluster/down.ts || status=1
	node test/summary.ts $(suites:%=dist/%.json) || status=1
	exit $$status

hostile: build
	$(call step,Attacking every process under its memory limit,node test/hostile/hostile.ts --json dist/hostile.json $(ARGS))

images: $(modules)
	@node images/build.ts

manifests: $(modules)
	@node charts/render.ts --set image.registry=$(REGISTRY)

chart: $(modules)
	@node charts/package.ts --registry "$(REGISTRY)" --lanyard "$(LANYARD)" --sidecar "$(SIDECAR)"

bench: build
	@node test/bench/bench.ts

bench-cluster: build
	@node test/bench/cluster/bench-cluster.ts

cluster-up: $(modules)
	@node test/cluster/up.ts

cluster-down: $(modules)
	@node test/cluster/down.ts

kubeconfig: $(modules)
	@node test/cluster/kubeconfig.ts

cluster-test: $(modules)
	$(call step,Running the tests that need a real API server,npx vitest run --config test/cluster/vitest.config.ts --reporter=default --reporter=json --outputFile=dist/cluster-test.json)

e2e: build
	$(call step,Running everything on a real Kubernetes,npx vitest run --config test/e2e/vitest.config.ts --reporter=default --reporter=json --outputFile=dist/e2e.json)

kind-up: $(modules)
	@kind create cluster --config test/cluster/kind.yaml --kubeconfig "$${LANYARD_CACHE:-$${XDG_CACHE_HOME:-$$HOME/.cache}/lanyard}/cluster/kind.kubeconfig"
	node test/cluster/load-images.ts

kind-down:
	@kind delete cluster --name lanyard

clean:
	rm -rf dist

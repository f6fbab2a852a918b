# The applications of examples/: node /orders.js, node /inventory.js. images/build.ts fills the context.
ARG NODE=docker.io/library/node:26.10.0-bookworm-slim
ARG BASE=gcr.io/distroless/cc-debian12:nonroot

FROM ${NODE} AS node

FROM ${BASE}
COPY --from=node /usr/local/bin/node /usr/local/bin/
COPY --from=node /usr/lib/*-linux-gnu/libatomic.so.1* /usr/lib/
COPY rootfs/ /

ARG VERSION
ARG REVISION
LABEL org.opencontainers.image.title="lanyard-examples" \
      org.opencontainers.image.description="The applications that Lanyard's documentation shows" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0"

ENV NODE_ENV=production
USER 65532:65532
WORKDIR /
ENTRYPOINT ["/usr/local/bin/node"]

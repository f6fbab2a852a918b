# The control plane: `lanyard operator`, `lanyard webhook` and `lanyard issuer`. images/build.ts fills the context.
# For a release give both images by digest: docs/reference/images.md.
ARG NODE=docker.io/library/node:26.10.0-bookworm-slim
ARG BASE=gcr.io/distroless/cc-debian12:nonroot

FROM ${NODE} AS node

FROM ${BASE}
COPY --from=node /usr/local/bin/node /usr/local/bin/
# Node needs it from version 25 on, and the base has none: https://github.com/nodejs/node/issues/60790
COPY --from=node /usr/lib/*-linux-gnu/libatomic.so.1* /usr/lib/
COPY rootfs/ /

ARG VERSION
ARG REVISION
LABEL org.opencontainers.image.title="lanyard" \
      org.opencontainers.image.description="The control plane of Lanyard: operator, webhook and issuer" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0"

ENV NODE_ENV=production
USER 65532:65532
WORKDIR /
ENTRYPOINT ["/usr/local/bin/lanyard"]

# The token endpoint in the pod: one binary. images/build.ts fills the context.
# For a release give the base by digest: docs/reference/images.md.
ARG BASE=gcr.io/distroless/base-nossl-debian12:nonroot

FROM ${BASE}
COPY rootfs/ /

ARG VERSION
ARG REVISION
LABEL org.opencontainers.image.title="lanyard-sidecar" \
      org.opencontainers.image.description="The token endpoint that Lanyard puts beside an application" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0"

USER 65532:65532
WORKDIR /
ENTRYPOINT ["/lanyard-sidecar"]

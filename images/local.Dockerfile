# Files that were gathered on this machine, as an image of their own: what images are built on where no registry answers.
FROM scratch
COPY rootfs/ /

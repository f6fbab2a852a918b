/** A program that builds images. */
export type Engine =
  | { readonly name: "docker" | "podman" }
  /** Has no daemon and no settings of its own here: it keeps its layers where it is told. */
  | ({ readonly name: "buildah" } & BuildahStorage);

export interface BuildahStorage {
  readonly folder: string;
  readonly driver: "overlay" | "vfs";
  readonly user: "root" | "other";
}

export type Command = readonly [program: string, ...args: string[]];

export interface BuildRequest {
  readonly dockerfile: string;
  readonly context: string;
  readonly tag: string;
  /** The Dockerfile's `ARG`s. */
  readonly arguments: Readonly<Record<string, string>>;
}

/** What each can be asked to do. */
export interface EngineCommands {
  readonly pull: (image: string) => Command;
  readonly build: (request: BuildRequest) => Command;
  /** Writes what `docker load`, `ctr images import` and `kind load image-archive` read. */
  readonly save: (tag: string, file: string) => Command;
  /** Forgets what no tag needs any more, in a store that nobody else looks after. */
  readonly prune?: Command;
}

/**
 * Every image is as old as the epoch, so that the same files are the same layers, whenever and wherever it is built.
 * https://reproducible-builds.org/docs/source-date-epoch/
 */
export const BUILD_SECONDS = 0;

export function commandsOf(engine: Engine): EngineCommands {
  switch (engine.name) {
    case "docker":
      return {
        pull: (image) => ["docker", "pull", "--quiet", image],
        build: (request) => [
          "docker",
          "build",
          "--quiet",
          `--build-arg=SOURCE_DATE_EPOCH=${BUILD_SECONDS}`,
          ...input(request),
        ],
        save: (tag, file) => ["docker", "save", `--output=${file}`, tag],
      };
    case "podman":
      return {
        pull: (image) => ["podman", "pull", "--quiet", image],
        build: (request) => ["podman", "build", "--quiet", `--timestamp=${BUILD_SECONDS}`, ...input(request)],
        save: (tag, file) => ["podman", "save", "--quiet", "--format=docker-archive", `--output=${file}`, tag],
      };
    case "buildah":
      return buildahCommands(buildah(engine));
  }
}

/**
 * The program, and where it keeps its layers: the machine's own store stays as it is. As root it would leave mounts
 * behind; as anybody else it makes itself a mount namespace anyway.
 */
export function buildah({ folder, driver, user }: BuildahStorage): Command {
  const options = [`--root=${folder}/${driver}`, `--runroot=${folder}/${driver}-run`, `--storage-driver=${driver}`];
  return user === "root" ? ["unshare", "--mount", "buildah", ...options] : ["buildah", ...options];
}

function buildahCommands(program: Command): EngineCommands {
  return {
    pull: (image) => [...program, "pull", "--quiet", image],
    build: (request) => [
      ...([
        ...program,
        "bud",
        "--quiet",
        "--isolation=chroot",
        "--layers",
        "--force-rm",
        `--timestamp=${BUILD_SECONDS}`,
      ] as const),
      ...input(request),
    ],
    save: (tag, file) => [...program, "push", "--quiet", tag, `docker-archive:${file}:${tag}`],
    prune: [...program, "rmi", "--prune"],
  };
}

function input({ dockerfile, context, tag, arguments: values }: BuildRequest): readonly string[] {
  const buildArguments = Object.entries(values).map(([name, value]) => `--build-arg=${name}=${value}`);
  return [...buildArguments, `--file=${dockerfile}`, `--tag=${tag}`, context];
}

import { join } from "node:path";
import { findTool } from "../../tools/find-tool.ts";

/** A program and its arguments. */
export type Command = readonly [program: string, ...args: string[]];

/** How the client program of one language is installed into a folder, and started from there. */
export interface Language {
  /** Files under `clients/` that the installation depends on: a change to one is a new installation. */
  readonly sources: readonly string[];
  /** What must be on the machine, and what to do when it is not. */
  readonly tools: Readonly<Record<string, string>>;
  readonly install: (folder: string) => readonly Command[];
  readonly start: (folder: string) => Command;
  /** Its client of Key Vault; not every language has one here. */
  readonly startVaultClient?: (folder: string) => Command;
}

export type LanguageName = "javascript" | "python" | "go" | "java";

const clients = join(import.meta.dirname, "clients");

export const clientSource = (name: string): string => join(clients, name);

const javaPom = "java/pom.xml";
const javaProgram = "java/src/main/java/dev/lanyard/conformance/Client.java";

export const languages: Readonly<Record<LanguageName, Language>> = {
  /** Its SDKs are development dependencies of this repository, so `npm ci` has installed them. */
  javascript: {
    sources: [],
    tools: {},
    install: () => [],
    start: () => [process.execPath, clientSource("javascript/client.ts")],
    startVaultClient: () => [process.execPath, clientSource("javascript/vault-client.ts")],
  },

  python: {
    sources: ["python/requirements.txt"],
    tools: { python3: "install Python 3.10 or later" },
    install: (folder) => [
      ["python3", "-m", "venv", folder],
      [join(folder, "bin/pip"), "install", "--quiet", "--requirement", clientSource("python/requirements.txt")],
    ],
    start: (folder) => [join(folder, "bin/python"), clientSource("python/client.py")],
    startVaultClient: (folder) => [join(folder, "bin/python"), clientSource("python/vault_client.py")],
  },

  go: {
    sources: ["go/go.mod", "go/go.sum", "go/main.go", "go/vault/main.go"],
    tools: { go: "install Go 1.21 or later (https://go.dev/dl), which fetches the version that go.mod names" },
    install: (folder) => [
      ["go", "build", "-C", clientSource("go"), "-trimpath", "-o", join(folder, "client"), "."],
      ["go", "build", "-C", clientSource("go"), "-trimpath", "-o", join(folder, "vault-client"), "./vault"],
    ],
    start: (folder) => [join(folder, "client")],
    startVaultClient: (folder) => [join(folder, "vault-client")],
  },

  java: {
    sources: [javaPom, javaProgram],
    tools: { javac: "install a JDK, 17 or later", mvn: "install Maven 3.8 or later" },
    install: (folder) => [
      [
        ...(["mvn", "--batch-mode", "--quiet", "--file", clientSource(javaPom)] as const),
        ...["compile", "dependency:copy-dependencies", `-DbuildDirectory=${folder}`],
      ],
    ],
    start: (folder) => [
      findTool("java") ?? "java",
      // These programs live for seconds: compile little, and use one thread to collect what little garbage there is.
      ...["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"],
      ...["-classpath", `${join(folder, "classes")}:${join(folder, "lib/*")}`, "dev.lanyard.conformance.Client"],
    ],
  },
};

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { cp, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bundle } from "../../../images/bundle.ts";
import { unpackDebian, withDependencies } from "../../../images/debian-files.ts";
import { defineGathered, type Gathered } from "../../../images/gathered.ts";
import { goBuild } from "../../../tools/go-build.ts";
import { runCommand } from "../../../tools/run-command.ts";
import { installationFolder } from "../../conformance/installation.ts";
import { clientSource, type LanguageName } from "../../conformance/languages.ts";

/** What the JVM is cut down to: what the SDK, Netty and Jackson use of it. */
const javaModules = [
  ...["java.base", "java.logging", "java.management", "java.naming", "java.net.http", "java.sql", "java.xml"],
  ...["jdk.crypto.ec", "jdk.unsupported"],
];
const root = join(import.meta.dirname, "../../..");
const sourcesOf = (language: LanguageName): string => join(import.meta.dirname, language);

/** Fills `/app`, with the SDK as its package manager installed it for the conformance suite, and a runtime. */
const gatherers: Readonly<Record<LanguageName, Gathered["gather"]>> = {
  async javascript(rootfs) {
    const sources = "test/e2e/images/javascript";
    const programs = { app: `${sources}/app.ts`, secret: `${sources}/secret.ts` };
    await bundle({ root, programs, folder: join(rootfs, "app") });
    await writeFile(join(rootfs, "app/package.json"), JSON.stringify({ type: "module" }));
  },

  /** The runtime is Debian's, so the packages must be those for its version, not for this machine's own. */
  async python(rootfs) {
    await unpackDebian(await withDependencies(["python3-minimal", "libpython3-stdlib"]), rootfs);
    const [version = ""] = (await readdir(join(rootfs, "usr/lib"))).filter((name) => /^python3\.\d+$/.test(name));
    await runCommand([
      ...([join(installationFolder("python"), "bin/pip"), "install", "--quiet", "--no-compile"] as const),
      ...["--only-binary=:all:", `--python-version=${version.replace("python", "")}`],
      ...[`--target=${join(rootfs, "usr/lib/python3/dist-packages")}`],
      ...["--requirement", clientSource("python/requirements.txt")],
    ]);
    // Nothing can be written next to the modules later; by contents, since every file is as old as the epoch.
    const compile = ["-m", "compileall", "-qq", "--invalidation-mode=unchecked-hash"] as const;
    await runCommand([join(installationFolder("python"), "bin/python"), ...compile, join(rootfs, "usr/lib")]);
    await mkdir(join(rootfs, "app"));
    await cp(join(sourcesOf("python"), "app.py"), join(rootfs, "app/app.py"));
  },

  async go(rootfs) {
    await goBuild({ sources: sourcesOf("go"), linkerFlags: "-s -w" }, ".", join(rootfs, "app/app"));
  },

  async java(rootfs) {
    // The JVM as Debian builds it has no zlib of its own.
    await unpackDebian(["zlib1g"], rootfs);
    const app = join(rootfs, "app");
    await cp(join(installationFolder("java"), "lib"), join(app, "lib"), { recursive: true });
    const source = join(sourcesOf("java"), "App.java");
    await runCommand(["javac", "-Xlint:all", "-Werror", "-d", join(app, "classes"), "-cp", `${app}/lib/*`, source]);
    const output = `--output=${join(app, "java")}`;
    const less = ["--strip-debug", "--no-header-files", "--no-man-pages"];
    await runCommand(["jlink", `--add-modules=${javaModules}`, ...less, output]);
  },
};

/** The application of one language: gathered anew when its source or the SDK's version changes. */
export function gatherApp(language: LanguageName): Gathered {
  const hash = createHash("sha256").update(installationFolder(language));
  const folder = sourcesOf(language);
  for (const file of readdirSync(folder).sort()) hash.update(file).update(readFileSync(join(folder, file)));
  hash.update(readFileSync(join(root, "package-lock.json"))).update(readFileSync(import.meta.filename));
  return defineGathered(`app-${language}`, hash.digest("hex"), gatherers[language]);
}

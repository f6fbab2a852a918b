/**
 * `node secret-file.ts NAME [idle]`: prints what this process sees of a secret's file as one line of JSON, and then ends,
 * or idles.
 */
import { readFile, stat, writeFile } from "node:fs/promises";

const [name = "", then] = process.argv.slice(2);
const file = `${process.env.LANYARD_SECRETS_DIRECTORY}/${name}`;

const codeOf = (error: unknown): string => (error instanceof Error && "code" in error ? String(error.code) : "?");

async function look(): Promise<object> {
  const { mode, uid, gid } = await stat(file);
  const writing = await writeFile(`${file}-2`, "").then(() => "written", codeOf);
  return { text: await readFile(file, "utf8"), mode: (mode & 0o7777).toString(8), uid, gid, writing };
}

console.log(JSON.stringify(await look().catch((error: unknown) => ({ error: codeOf(error) }))));
if (then === "idle") await import("./idle.ts");

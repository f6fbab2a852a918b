import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { findHelm } from "../../tools/find-helm.ts";
import { runCommand } from "../../tools/run-command.ts";

export const chart = join(import.meta.dirname, "../../charts/lanyard");

const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    labels: z.record(z.string(), z.string()).default({}),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
});
export type Rendered = z.infer<typeof objectSchema>;

export interface Release {
  readonly name?: string;
  readonly namespace?: string;
  readonly values?: Readonly<Record<string, unknown>>;
}

/** What Helm says to arguments of its own; rejects with what it complains of. */
export async function helm(...args: readonly string[]): Promise<string> {
  return runCommand([await findHelm(), ...args]);
}

/** The value without which the chart refuses to render: there is no default registry. */
export const LOCAL_IMAGES = "--set=image.registry=localhost/lanyard";

/** Every object that the chart makes, those of `helm test` too. Rejects with what the schema or a template complains of. */
export async function render({ name = "lanyard", namespace = "lanyard-system", values = {} }: Release = {}) {
  const { image, ...others } = values;
  const withRegistry = { ...others, image: { registry: "localhost/lanyard", ...Object(image) } };
  const text = await withFile(JSON.stringify(withRegistry), (file) =>
    helm("template", name, chart, `--namespace=${namespace}`, `--values=${file}`),
  );
  const documents = parseAllDocuments(text).map((document): unknown => document.toJS());
  return documents.filter((document) => document !== null).map((document) => objectSchema.parse(document));
}

/** Gives the text as a file, for as long as it is used. */
export async function withFile<T>(text: string, use: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "lanyard-chart-"));
  try {
    const file = join(folder, "file.json");
    await writeFile(file, text);
    return await use(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export const ofKind = (objects: readonly Rendered[], kind: string): Rendered[] =>
  objects.filter((object) => object.kind === kind);

/** The one object of that kind and name. */
export function only(objects: readonly Rendered[], kind: string, name: string): Rendered {
  const [found] = ofKind(objects, kind).filter(({ metadata }) => metadata.name === name);
  if (found === undefined) throw new Error(`the chart makes no ${kind} ${name}`);
  return found;
}

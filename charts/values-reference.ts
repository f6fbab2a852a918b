import { z } from "zod";

/** What the page needs of the chart's JSON schema. https://helm.sh/docs/topics/charts/#schema-files */
const node = z.object({
  $ref: z.string().optional(),
  description: z.string().default(""),
  enum: z.array(z.string()).optional(),
  get properties() {
    return z.record(z.string(), node).optional();
  },
});
type Node = z.infer<typeof node>;

const rootSchema = z.object({ properties: z.record(z.string(), node), definitions: z.record(z.string(), node) });
const valuesSchema = z.record(z.string(), z.unknown());

/** One value of the chart, as `--set` names it. */
export interface ChartValue {
  readonly path: string;
  /** Undefined when values.yaml has none. */
  readonly preset: unknown;
  readonly description: string;
  readonly choices: readonly string[];
}

/** Every value that values.schema.json knows, in its order, with its default in values.yaml. */
export function chartValues(schema: unknown, values: unknown): ChartValue[] {
  const { properties, definitions } = rootSchema.parse(schema);

  const valuesOf = (path: string, unresolved: Node, preset: unknown): ChartValue[] => {
    const { description, properties: parts, enum: choices = [] } = resolve(unresolved, definitions);
    if (parts === undefined || isEmpty(preset)) return [{ path, preset, description, choices }];
    return valuesIn(`${path}.`, parts, preset);
  };
  const valuesIn = (prefix: string, parts: Readonly<Record<string, Node>>, presets: unknown): ChartValue[] => {
    const known = valuesSchema.safeParse(presets).data ?? {};
    return Object.entries(parts).flatMap(([name, part]) => valuesOf(`${prefix}${name}`, part, known[name]));
  };
  return valuesIn("", properties, values);
}

const NAME_OF_DEFINITION = "#/definitions/".length;

function resolve(unresolved: Node, definitions: Readonly<Record<string, Node>>): Node {
  if (unresolved.$ref === undefined) return unresolved;
  const definition = definitions[unresolved.$ref.slice(NAME_OF_DEFINITION)];
  if (definition === undefined) throw new Error(`values.schema.json has no ${unresolved.$ref}`);
  return { ...definition, description: unresolved.description || definition.description };
}

/** An object that is empty by default is one value: there is nothing below it to have a default. */
const isEmpty = (preset: unknown): boolean =>
  typeof preset === "object" && preset !== null && Object.keys(preset).length === 0;

const BEGIN = "<!-- values: written by `npm run generate` -->\n";
const END = "<!-- /values -->";

/** The page with its table of values made anew. */
export function withValues(page: string, values: readonly ChartValue[]): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`the page has no ${BEGIN}`);
  return `${before}${BEGIN}${table(values)}${END}${after}`;
}

function table(values: readonly ChartValue[]): string {
  const described = values.filter(({ preset }) => preset !== undefined);
  return `| value | default | meaning |\n| --- | --- | --- |\n${described.map(row).join("\n")}\n`;
}

function row({ path, preset, description, choices }: ChartValue): string {
  const oneOf = choices.length === 0 ? "" : ` One of ${choices.map((choice) => `\`${choice}\``).join(", ")}.`;
  const shown = typeof preset === "string" && preset !== "" ? preset : JSON.stringify(preset);
  return `| \`${path}\` | \`${shown}\` | ${(description + oneOf).replaceAll("|", "\\|")} |`;
}

/** Powers of ten, and of 1024. https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const scales: ReadonlyMap<string, number> = new Map([
  ...["n", "u", "m", "", "k", "M", "G", "T", "P", "E"].map((suffix, at) => [suffix, 10 ** (3 * (at - 3))] as const),
  ...["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].map((suffix, at) => [suffix, 1024 ** (at + 1)] as const),
]);

const THOUSANDTHS = 1000;

/** An amount in thousandths of a core or a byte, rounded up; undefined for what is not a quantity from zero. */
export function readQuantity(written: unknown): number | undefined {
  const text = typeof written === "number" ? String(written) : written;
  if (typeof text !== "string" || text.length > 32) return undefined;
  const [, number = "", suffix = ""] = /^\+?(\d+(?:\.\d*)?|\.\d+)([A-Za-z]{0,2}|[eE][+-]?\d{1,2})$/.exec(text) ?? [];
  const scale = /^[eE][+-]?\d/.test(suffix) ? Number(`1${suffix}`) : scales.get(suffix);
  if (number === "" || scale === undefined) return undefined;
  return Math.ceil(Number((Number(number) * scale * THOUSANDTHS).toPrecision(15)));
}

/** As people write it: whole cores or thousandths, and bytes in the largest unit that divides them. */
export function writeQuantity(resource: string, thousandths: number): string {
  if (resource === "cpu")
    return thousandths % THOUSANDTHS === 0 ? String(thousandths / THOUSANDTHS) : `${thousandths}m`;
  const bytes = Math.ceil(thousandths / THOUSANDTHS);
  const unit = ["Gi", "Mi", "Ki"].find((suffix) => bytes > 0 && bytes % (scales.get(suffix) ?? 1) === 0);
  return unit === undefined ? String(bytes) : `${bytes / (scales.get(unit) ?? 1)}${unit}`;
}

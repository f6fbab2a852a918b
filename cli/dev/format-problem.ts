import type { Problem } from "./manifest-file.ts";

/** `app.yaml:12:5: spec.subjcts: unknown field. Did you mean "subjects"?`, as compilers write it, so that editors jump there. */
export function formatProblem({ file, line, column, field, message }: Problem): string {
  const place = line === undefined ? file : `${file}:${line}:${column}`;
  return [place, ...(field === "" ? [] : [field]), message].join(": ");
}

/** CEL rules that go into the CRDs, so that they hold inside the API server. https://kubernetes.io/docs/reference/using-api/cel/ */
export interface ValidationRule {
  readonly rule: string;
  readonly message: string;
}

const key = "x-kubernetes-validations";

export function rule(expression: string, message: string): { readonly [key]: readonly ValidationRule[] } {
  return { [key]: [{ rule: expression, message }] };
}

/** A field that keeps the value it was created with. */
export function immutable(field: string): ReturnType<typeof rule> {
  return rule("self == oldSelf", `${field} is immutable: delete this object and create another`);
}

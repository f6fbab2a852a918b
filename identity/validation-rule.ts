/** CEL rules that go into the CRDs, so that they hold inside the API server. https://kubernetes.io/docs/reference/using-api/cel/ */
interface ValidationRule {
  readonly rule: string;
  readonly message: string;
  /** The field that an error names, when it is not the one that carries the rule. */
  readonly fieldPath?: string;
}

/** The metadata by which a schema carries its rules into the CRD. */
export function rules(...list: readonly ValidationRule[]): {
  readonly "x-kubernetes-validations": readonly ValidationRule[];
} {
  return { "x-kubernetes-validations": list };
}

export const immutableMessage = (field: string): string =>
  `${field} is immutable: delete this object and create another`;

/** A field that keeps the value it was created with. The rule stands on its parent, so that it also sees the field come and go. */
export function immutable(field: string): ValidationRule {
  return {
    rule: `has(self.${field}) == has(oldSelf.${field}) && (!has(self.${field}) || self.${field} == oldSelf.${field})`,
    message: immutableMessage(field),
    fieldPath: `.${field}`,
  };
}

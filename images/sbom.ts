/** Something that is in an image: a package, or a program such as Node. */
export interface Component {
  readonly type: "application" | "library" | "platform";
  readonly name: string;
  readonly version: string;
  /** As SPDX writes licences: https://spdx.org/licenses */
  readonly license: string | undefined;
}

/**
 * What an image is made of, beside its base, as CycloneDX 1.6. The same parts are the same bytes, so it has neither a
 * time nor a serial number. https://cyclonedx.org/docs/1.6/json
 */
export function sbomOf(subject: Component, parts: readonly Component[]): string {
  const sorted = parts.map(described).sort((one, other) => compare(one["bom-ref"], other["bom-ref"]));
  const bom = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: { component: described(subject) },
    components: sorted,
    dependencies: [{ ref: purl(subject), dependsOn: sorted.map((part) => part["bom-ref"]) }],
  };
  return `${JSON.stringify(bom, undefined, 2)}\n`;
}

function described(component: Component) {
  const { type, name, version, license } = component;
  const licenses = license === undefined ? {} : { licenses: [{ expression: license }] };
  return { "bom-ref": purl(component), type, name, version, purl: purl(component), ...licenses };
}

/** Everything here is published on npm, Node and Bun too. https://github.com/package-url/purl-spec */
function purl({ name, version }: Component): string {
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}

/** By code unit: the order must not depend on the machine's language. */
function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

import { z } from "zod";
import { namespacedMetaSchema } from "../../identity/object-meta.ts";
import type { Manifest } from "../../kube/api.ts";
import type { Kind } from "../../kube/kind.ts";
import { type Fields, manifest } from "./manifests.ts";

/** A kind with no rules of its own, for tests of what holds for every kind. */
const widgetSchema = z.looseObject({ apiVersion: z.string(), kind: z.string(), metadata: namespacedMetaSchema });
export type Widget = z.infer<typeof widgetSchema>;

export const widgets: Kind<Widget> = {
  ...{ apiVersion: "example.com/v1", kind: "Widget", plural: "widgets" },
  ...{ namespaced: true, statusSubresource: true },
  parse: (object) => widgetSchema.parse(object),
};

export const widget = (name: string, fields?: Fields): Manifest =>
  manifest(widgets, { namespace: "shop", name }, fields);

/** A widget as the API would hand it out. */
export const readWidget = (name: string, resourceVersion: string, fields: Fields = {}): Widget => {
  const { uid = `uid-of-${name}`, labels = {} } = fields;
  const server = { uid, resourceVersion, labels, creationTimestamp: "2026-11-21T12:00:00Z" };
  return widgets.parse(widget(name, { metadata: server }));
};

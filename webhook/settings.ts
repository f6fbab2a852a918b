/** `auto` leaves `runAsUser` out in namespaces where OpenShift assigns user ids. */
export const runAsUserChoices = ["auto", "set", "omit"] as const;
export type RunAsUser = (typeof runAsUserChoices)[number];

/** What an installation decides about injected pods; the chart's values. */
export interface WebhookSettings {
  readonly sidecarImage: string;
  readonly imagePullPolicy: "Always" | "IfNotPresent" | "Never";
  readonly issuerUrl: string;
  /** An address of that host, for pods that do not resolve its name. */
  readonly issuerAddress?: () => string | undefined;
  /** What the annotation `lanyard.dev/injected` says. */
  readonly version: string;
  /** The namespace of the installation: its own pods are never injected. */
  readonly namespace: string;
  readonly resources: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
  /** Whether the sidecar names the user that it runs as; see `sidecar-user.ts`. */
  readonly runAsUser: RunAsUser;
  /** An image with `nft`; without one, `lanyard.dev/imds-redirect` has no effect. */
  readonly redirectImage?: string;
}

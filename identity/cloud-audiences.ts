/** The services of a cloud, by the hosts that their tokens are for. */
interface Cloud {
  readonly name: string;
  readonly own: string;
  readonly hosts: readonly string[];
}

/** https://learn.microsoft.com/azure/active-directory/managed-identities-azure-resources/services-id-authentication-support */
const clouds: readonly Cloud[] = [
  {
    name: "Azure",
    own: "its own managed identity",
    hosts: [
      ...["management.azure.com", "management.core.windows.net", "graph.microsoft.com", "graph.windows.net"],
      ...["storage.azure.com", "vault.azure.net", "managedhsm.azure.net", "database.windows.net", "cosmos.azure.com"],
      ...["servicebus.azure.net", "eventhubs.azure.net", "servicebus.windows.net", "azconfig.io", "redis.azure.com"],
      ...[
        "ossrdbms-aad.database.windows.net",
        "containerregistry.azure.net",
        "search.azure.com",
        "batch.core.windows.net",
      ],
      ...["cognitiveservices.azure.com", "ai.azure.com", "ml.azure.com", "monitor.azure.com", "api.loganalytics.io"],
      ...[
        "datalake.azure.net",
        "dev.azuresynapse.net",
        "kusto.windows.net",
        "communication.azure.com",
        "azuredatabricks.net",
      ],
      ...["core.windows.net", "documents.azure.com", "azurewebsites.net", "webpubsub.azure.com", "signalr.azure.com"],
      ...["management.usgovcloudapi.net", "management.chinacloudapi.cn", "vault.usgovcloudapi.net", "vault.azure.cn"],
      ...["core.usgovcloudapi.net", "core.chinacloudapi.cn", "graph.microsoft.us", "microsoftgraph.chinacloudapi.cn"],
    ],
  },
  { name: "AWS", own: "IAM roles for ServiceAccounts", hosts: ["amazonaws.com", "amazonaws.com.cn"] },
  { name: "Google Cloud", own: "its own workload identity", hosts: ["googleapis.com"] },
];

/** Who an audience belongs to if it is a service of a cloud, such as `https://storage.azure.com/`; otherwise undefined. */
export function cloudOf(audience: string): Pick<Cloud, "name" | "own"> | undefined {
  const host = hostOf(audience);
  if (host === undefined) return undefined;
  return clouds.find(({ hosts }) => hosts.some((known) => host === known || host.endsWith(`.${known}`)));
}

function hostOf(audience: string): string | undefined {
  const [, host] = /^(?:https?:\/\/)?([a-z0-9.-]{1,253})(?::\d+)?(?:\/.{0,512})?$/i.exec(audience) ?? [];
  return host?.toLowerCase();
}

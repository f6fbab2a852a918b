/** `node client.ts AUDIENCE URL`: calls a service with the managed identity of whatever it runs as. It holds no credential. */
import { DefaultAzureCredential } from "@azure/identity";

const [audience = "", url = ""] = process.argv.slice(2);
try {
  const { token } = await new DefaultAzureCredential().getToken(`${audience}/.default`);
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  console.log(response.status, (await response.text()).trim());
  process.exitCode = response.ok ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

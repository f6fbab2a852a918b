import { refusals } from "../../identity/reasons.ts";
import { TokenBuckets } from "../../kube/token-bucket.ts";
import type { ClusterState } from "../cluster-state.ts";
import { endpoint, Refused } from "../endpoint.ts";
import { handlerOf, type RefusalSinks } from "../handler.ts";
import type { Handler, HttpReply, HttpRequest } from "../http-message.ts";
import { issuerLimits } from "../limits.ts";
import type { RequestContext } from "../request-context.ts";
import { requestsWorth } from "../steps/enforce-rate-limit.ts";
import { requireReady } from "../steps/require-ready.ts";
import { Work } from "../work.ts";
import { StatusListAddresses } from "./status-list-address.ts";
import { type NamedList, type StatusListOptions, StatusLists, type StatusListToken } from "./status-lists.ts";

export interface StatusListEndpointOptions extends StatusListOptions, RefusalSinks {
  readonly cluster: ClusterState;
}

/** `GET /status-lists/…`: a Token Status List (draft-ietf-oauth-status-list §8), which is public and says nothing but bits. */
export function statusListEndpoint(options: StatusListEndpointOptions): Handler {
  const lists = new StatusLists(options);
  // Nobody who asks for a list has to say who they are, so that only their address tells them apart.
  const perAddress = new TokenBuckets(issuerLimits.statusListsPerAddress, options.clock);
  const steps = endpoint<RequestContext>("GET /status-lists")
    .step("require ready", requireReady(options.cluster))
    .step("find list", findList(new StatusListAddresses(options.signingKeys)))
    .step("publish list", async ({ list, tenantId, request }) => {
      const kept = lists.kept(list.path);
      if (kept !== undefined) return { token: kept };
      const { sourceAddress } = request;
      const wait = perAddress.take(sourceAddress);
      if (wait > 0) return new Refused(refusals.RateLimited(wait), wait);
      const work = new Work({
        charge: (steps) => perAddress.charge(sourceAddress, requestsWorth(steps)),
        overdrawnSeconds: () => perAddress.overdrawn(sourceAddress),
      });
      return { token: await lists.make(list, tenantId, work) };
    });
  return handlerOf(steps, ({ token, request }) => reply(token, request, options.ttlSeconds), options);
}

function findList(addresses: StatusListAddresses) {
  return ({ request: { path } }: Pick<RequestContext, "request">): { readonly list: NamedList } | Refused => {
    const key = addresses.keyAt(path);
    return key === undefined ? new Refused(refusals.RouteNotFound(path.slice(0, 128))) : { list: { key, path } };
  };
}

/** §8.1, §13.7: kept as long as the headers say, and by pages of other origins too. */
function reply({ jwt, etag }: StatusListToken, { headers }: HttpRequest, ttlSeconds: number): HttpReply {
  const caching = { etag, "cache-control": `public, max-age=${ttlSeconds}`, "access-control-allow-origin": "*" };
  if (headers["if-none-match"] === etag) return { status: 304, headers: caching, body: "" };
  return { status: 200, headers: { ...caching, "content-type": "application/statuslist+jwt" }, body: jwt };
}

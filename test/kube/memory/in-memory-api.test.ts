import { allKinds } from "../../../kube/kinds.ts";
import { InMemoryApi } from "../../../kube/memory/in-memory-api.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { describeKubeApi } from "../contract.ts";

describeKubeApi("InMemoryApi", () => new InMemoryApi({ kinds: allKinds, clock: new FakeClock() }));

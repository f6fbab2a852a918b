import { admissionReasons } from "../../identity/admission-reasons.ts";
import { fewIssuesInWords } from "../../identity/issue-words.ts";
import { type AdmissionRequest, issueTexts } from "../admission-review.ts";
import type { Decision } from "../decision.ts";
import { webhookLimits } from "../limits.ts";
import type { InjectionFacts } from "./facts.ts";
import { injectPod } from "./inject-pod.ts";
import { podSchema } from "./pod.ts";

/** Reads the pod out of an admission request. What is no new pod is not for this webhook, and passes as it is. */
export function reviewPod(request: AdmissionRequest, facts: InjectionFacts): Decision {
  const { kind, subResource, operation, object } = request;
  const isNewPod = kind.group === "" && kind.kind === "Pod" && subResource === "" && operation === "CREATE";
  if (!isNewPod) return { kind: "allowed", outcome: "skipped", patch: [], warnings: [] };
  const pod = podSchema.safeParse(object, { error: fewIssuesInWords(webhookLimits.problemsReported) });
  if (pod.success) return injectPod(pod.data, facts);
  return { kind: "denied", reason: admissionReasons.ObjectUnreadable(issueTexts(pod.error)), httpStatus: 400 };
}

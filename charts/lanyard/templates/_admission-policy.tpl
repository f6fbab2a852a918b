{{/*
Guards stand in the API server, so that they hold while no process of Lanyard runs. Kubernetes 1.28 and 1.29 have them as
a beta API that is off by default; an install without them would let each tenant grant itself any role, so it is refused.
*/}}
{{- define "lanyard.admissionPolicyApi" -}}
{{- if semverCompare ">=1.30-0" .Capabilities.KubeVersion.Version -}}
admissionregistration.k8s.io/v1
{{- else if .Capabilities.APIVersions.Has "admissionregistration.k8s.io/v1beta1/ValidatingAdmissionPolicy" -}}
admissionregistration.k8s.io/v1beta1
{{- else -}}
{{- fail "This API server has no ValidatingAdmissionPolicies, which keep a tenant from granting itself any role. Use Kubernetes 1.30 or newer, or turn them on (--runtime-config=admissionregistration.k8s.io/v1beta1=true --feature-gates=ValidatingAdmissionPolicy=true); or set admissionPolicies.enabled=false and let administrators alone write Lanyard's objects." -}}
{{- end -}}
{{- end -}}

{{- define "lanyard.admissionPolicyMetadata" -}}
metadata:
  name: {{ include "lanyard.fullname" .root }}-{{ .guard }}
  labels:
    {{- include "lanyard.labels" .root | nindent 4 }}
{{- end -}}

{{/* Takes root and guard: what its name ends with. */}}
{{- define "lanyard.admissionPolicyHead" -}}
apiVersion: {{ include "lanyard.admissionPolicyApi" .root }}
kind: ValidatingAdmissionPolicy
{{ include "lanyard.admissionPolicyMetadata" . }}
{{- end -}}

{{- define "lanyard.admissionPolicyBinding" -}}
apiVersion: {{ include "lanyard.admissionPolicyApi" .root }}
kind: ValidatingAdmissionPolicyBinding
{{ include "lanyard.admissionPolicyMetadata" . }}
spec:
  policyName: {{ include "lanyard.fullname" .root }}-{{ .guard }}
  validationActions: [Deny]
{{- end -}}

{{/* What a guard is about. Takes resources. Deleting is never held up: that would hold up the end of namespaces too. */}}
{{- define "lanyard.guardedWrites" -}}
failurePolicy: Fail
matchConstraints:
  resourceRules:
    - apiGroups: [lanyard.dev]
      apiVersions: ["*"]
      operations: [CREATE, UPDATE]
      resources: {{ toJson .resources }}
{{- end -}}

{{- define "lanyard.operatorUser" -}}
{{- printf "system:serviceaccount:%s:%s" .Release.Namespace (include "lanyard.processName" (dict "root" . "process" "operator")) -}}
{{- end -}}

{{/* Takes root. */}}
{{- define "lanyard.notByTheOperator" -}}
- name: not-by-the-operator
  expression: "request.userInfo.username != '{{ include "lanyard.operatorUser" .root }}'"
{{- end -}}

{{/*
CEL that a schema has every field of another, to a depth of six: of a list its items count. Takes level; the pair of
schemas, the one before first, is the variable `p` with that number.
*/}}
{{- define "lanyard.celKeepsFields" -}}
{{- if ge (int .level) 6 -}}
true
{{- else -}}
{{- $below := include "lanyard.celKeepsFields" (dict "level" (add 1 .level)) -}}
{{- $cel := "[has(P[0].items) ? [P[0].items, has(P[1].items) ? P[1].items : dyn({})] : P].all(Q, !has(Q[0].properties) || (has(Q[1].properties) && Q[0].properties.all(K, K in Q[1].properties && [[Q[0].properties[K], Q[1].properties[K]]].all(N, BELOW))))" -}}
{{- $level := int .level -}}
{{- $cel | replace "P[" (printf "p%d[" $level) | replace ": P]" (printf ": p%d]" $level) | replace "Q" (printf "q%d" $level) | replace "K" (printf "k%d" $level) | replace "N," (printf "p%d," (add 1 $level)) | replace "BELOW" $below -}}
{{- end -}}
{{- end -}}

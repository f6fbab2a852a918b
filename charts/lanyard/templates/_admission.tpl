{{/* Where a webhook is called. The operator writes caBundle beside it, or cert-manager does; the chart must not. */}}
{{- define "lanyard.admissionClient" -}}
clientConfig:
  service:
    name: {{ include "lanyard.processName" (dict "root" .root "process" "webhook") }}
    namespace: {{ .root.Release.Namespace }}
    port: 443
    path: {{ .path }}
admissionReviewVersions: [v1]
sideEffects: None
matchPolicy: Equivalent
timeoutSeconds: {{ int .root.Values.webhook.timeoutSeconds }}
{{- end -}}

{{- define "lanyard.admissionMetadata" -}}
name: {{ include "lanyard.processName" (dict "root" . "process" "webhook") }}
labels:
  {{- include "lanyard.processLabels" (dict "root" . "process" "webhook") | nindent 2 }}
{{- $annotations := .Values.webhook.annotations }}
{{- if .Values.certificates.certManager.enabled }}
{{- $own := dict "cert-manager.io/inject-ca-from" (printf "%s/lanyard-webhook-serving" .Release.Namespace) }}
{{- $annotations = merge $own $annotations }}
{{- end }}
{{- with $annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Namespaces whose pods must start while the webhook does not run. */}}
{{- define "lanyard.notOurNamespaces" -}}
- key: kubernetes.io/metadata.name
  operator: NotIn
  values: [kube-system, kube-node-lease, {{ .Release.Namespace }}]
{{- with .Values.webhook.namespaceSelector }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* What else a pod must have to be injected. */}}
{{- define "lanyard.furtherPods" -}}
{{- with .Values.webhook.objectSelector }}
{{- toYaml . }}
{{- end }}
{{- end -}}

{{- define "lanyard.podCreation" -}}
failurePolicy: {{ .Values.webhook.failurePolicy }}
reinvocationPolicy: IfNeeded
rules:
  - apiGroups: [""]
    apiVersions: [v1]
    resources: [pods]
    operations: [CREATE]
    scope: Namespaced
# The kubelet's own record of a static pod: nothing can be added to what runs already.
matchConditions:
  - name: not-a-mirror-pod
    expression: "!has(object.metadata.annotations) || !('kubernetes.io/config.mirror' in object.metadata.annotations)"
{{- end -}}

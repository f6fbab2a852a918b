{{/*
What bounds one process: ValidatingAdmissionPolicies that look at the writes of its ServiceAccount alone. RBAC gives rights
by kind and sometimes by name; these say what may be written into the object. They hold also when the process is compromised.
*/}}

{{/* Takes root and process. */}}
{{- define "lanyard.processUser" -}}
{{- printf "system:serviceaccount:%s:%s" .root.Release.Namespace (include "lanyard.processName" .) -}}
{{- end -}}

{{/* Takes root, guard, processes (whose writes), rules (as JSON: what is written). */}}
{{- define "lanyard.processBoundHead" -}}
{{ include "lanyard.admissionPolicyHead" . }}
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules:
      {{- range .rules }}
      - apiGroups: [{{ .group | quote }}]
        apiVersions: ["*"]
        operations: {{ toJson .operations }}
        resources: {{ toJson .resources }}
      {{- end }}
  matchConditions:
    - name: by-the-process
      {{- $users := list }}
      {{- range .processes }}
      {{- $users = append $users (include "lanyard.processUser" (dict "root" $.root "process" .)) }}
      {{- end }}
      expression: "request.userInfo.username in {{ toJson $users | replace "\"" "'" }}"
{{- end -}}

{{/* CEL that two maps are equal but for some keys. Takes a, b (CEL of a map each) and but (a list of keys). */}}
{{- define "lanyard.celSameBut" -}}
{{- $but := toJson .but | replace "\"" "'" -}}
{{ .a }}.all(k, k in {{ $but }} || (k in {{ .b }} && {{ .a }}[k] == {{ .b }}[k])) && {{ .b }}.all(k, k in {{ $but }} || k in {{ .a }})
{{- end -}}

{{/* The metadata before and after, as maps: what is being created had none before. */}}
{{- define "lanyard.metadataVariables" -}}
- name: metaBefore
  expression: "request.operation == 'CREATE' ? dyn({}) : dyn(oldObject.metadata)"
- name: metaAfter
  expression: "request.operation == 'DELETE' ? dyn({}) : dyn(object.metadata)"
- name: labelsBefore
  expression: "'labels' in variables.metaBefore ? variables.metaBefore.labels : dyn({})"
- name: labelsAfter
  expression: "'labels' in variables.metaAfter ? variables.metaAfter.labels : dyn({})"
{{- end -}}

{{/* CEL: other programs act on annotations, owners and finalizers, so a process neither adds nor changes any. */}}
{{- define "lanyard.celKeepsMetadata" -}}
['annotations', 'ownerReferences', 'finalizers'].all(k, k in variables.metaAfter ? k in variables.metaBefore && variables.metaAfter[k] == variables.metaBefore[k] : !(k in variables.metaBefore))
{{- end -}}

{{/* CEL: of labels a process adds only the one that says whose the object is. */}}
{{- define "lanyard.celKeepsLabels" -}}
variables.labelsAfter.all(k, (k == 'app.kubernetes.io/managed-by' && variables.labelsAfter[k] == 'lanyard') || (k in variables.labelsBefore && variables.labelsAfter[k] == variables.labelsBefore[k]))
{{- end -}}

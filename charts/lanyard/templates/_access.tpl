{{/* Gives the process its roles: takes root and process. */}}
{{- define "lanyard.roleBindings" -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: {{ include "lanyard.processName" . }}
  labels:
    {{- include "lanyard.processLabels" . | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: {{ include "lanyard.processName" . }}
subjects:
  - kind: ServiceAccount
    name: {{ include "lanyard.processName" . }}
    namespace: {{ .root.Release.Namespace }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: {{ include "lanyard.processName" . }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "lanyard.processLabels" . | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {{ include "lanyard.processName" . }}
subjects:
  - kind: ServiceAccount
    name: {{ include "lanyard.processName" . }}
    namespace: {{ .root.Release.Namespace }}
{{- end -}}

{{- define "lanyard.clusterRoleHead" -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: {{ include "lanyard.processName" . }}
  labels:
    {{- include "lanyard.processLabels" . | nindent 4 }}
{{- end -}}

{{- define "lanyard.roleHead" -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: {{ include "lanyard.processName" . }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "lanyard.processLabels" . | nindent 4 }}
{{- end -}}

{{/* Becomes a part of a ClusterRole of Kubernetes: takes root and role, which is view, edit or admin. */}}
{{- define "lanyard.aggregatedRoleHead" -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: {{ include "lanyard.fullname" .root }}-aggregate-to-{{ .role }}
  labels:
    {{- include "lanyard.labels" .root | nindent 4 }}
    rbac.authorization.k8s.io/aggregate-to-{{ .role }}: "true"
{{- end -}}

{{/* The kinds that make pods. */}}
{{- define "lanyard.readWorkloads" -}}
- apiGroups: [apps]
  resources: [deployments, statefulsets, daemonsets, replicasets]
  verbs: [get, list, watch]
- apiGroups: [batch]
  resources: [jobs, cronjobs]
  verbs: [get, list, watch]
{{- range .Values.workloads }}
- apiGroups: [{{ .apiGroup }}]
  resources: [{{ .resource }}]
  verbs: [get, list, watch]
{{- end }}
{{- end -}}

{{- define "lanyard.writeEvents" -}}
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create, patch]
{{- end -}}

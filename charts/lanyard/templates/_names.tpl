{{/* Names and labels: every template takes them from here. */}}

{{- define "lanyard.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{/* 50 characters leave room for what follows, such as "-operator", in a label of DNS. */}}
{{- define "lanyard.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- $name := include "lanyard.name" . -}}
{{- ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "lanyard.processName" -}}
{{- printf "%s-%s" (include "lanyard.fullname" .root) .process -}}
{{- end -}}

{{- define "lanyard.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/name: {{ include "lanyard.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: lanyard
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{/* What a Deployment, a Service and a policy find the pods of one process by; it never changes. */}}
{{- define "lanyard.selectorLabels" -}}
app.kubernetes.io/name: {{ include "lanyard.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .process }}
{{- end -}}

{{- define "lanyard.processLabels" -}}
{{ include "lanyard.labels" .root }}
app.kubernetes.io/component: {{ .process }}
{{- end -}}

{{/* A digest says more than a tag, and takes its place. */}}
{{- define "lanyard.image" -}}
{{- $repository := include "lanyard.imageRepository" . -}}
{{- if .image.digest -}}
{{- printf "%s@%s" $repository .image.digest -}}
{{- else -}}
{{- printf "%s:%s" $repository (default .root.Chart.AppVersion .image.tag) -}}
{{- end -}}
{{- end -}}

{{/*
No default: an image that is pulled by name from a host is the word of that host's owner, so the installer names the host.
Without a host the runtime would take docker.io.
*/}}
{{- define "lanyard.imageRepository" -}}
{{- $repository := .image.repository -}}
{{- $first := splitList "/" $repository | first -}}
{{- $global := (.root.Values.global | default dict).imageRegistry -}}
{{- $registry := coalesce .image.registry .root.Values.image.registry $global "" -}}
{{- if or (eq $repository "lanyard.dev/lanyard") (eq $repository "lanyard.dev/sidecar") -}}
{{- fail (printf "The repository %q is a default of version 0.1.0, and its host is no registry. Set image.registry to the registry of your images, such as registry.example.com/lanyard, and image.repository and sidecar.image.repository to \"lanyard\" and \"sidecar\"." $repository) -}}
{{- else if and (ne $first $repository) (or (eq $first "localhost") (contains "." $first) (contains ":" $first)) -}}
{{- $repository -}}
{{- else if $registry -}}
{{- printf "%s/%s" $registry $repository -}}
{{- else -}}
{{- fail "No registry is set for the images of Lanyard. Set image.registry to the registry that you pushed them to, such as --set image.registry=registry.example.com/lanyard. If the nodes have the images that \"make images\" builds, use --set image.registry=localhost/lanyard." -}}
{{- end -}}
{{- end -}}

{{/* As YAML; empty if there are none. */}}
{{- define "lanyard.imagePullSecrets" -}}
{{- with concat .Values.imagePullSecrets ((.Values.global | default dict).imagePullSecrets | default list) -}}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end -}}
{{- end -}}

{{/* Where the token endpoints reach the issuer; they trust its certificate for this name, and for no other. */}}
{{- define "lanyard.issuerServiceUrl" -}}
{{- printf "https://%s.%s.svc" (include "lanyard.processName" (dict "root" . "process" "issuer")) .Release.Namespace -}}
{{- end -}}

{{/* What stands in tokens as `iss`. */}}
{{- define "lanyard.issuerUrl" -}}
{{- default (include "lanyard.issuerServiceUrl" .) .Values.issuer.url -}}
{{- end -}}

{{/* The processes that run, as a JSON list under `names`: the vault is one by choice. */}}
{{- define "lanyard.processes" -}}
{{- toJson (dict "names" (concat (list "operator" "webhook" "issuer") (ternary (list "vault") list .Values.vault.enabled))) -}}
{{- end -}}

{{- define "lanyard.priorityClassName" -}}
{{- $own := ternary (include "lanyard.fullname" .) "" .Values.priorityClass.create -}}
{{- default $own .Values.priorityClass.name -}}
{{- end -}}

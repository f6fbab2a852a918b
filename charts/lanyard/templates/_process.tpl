{{/*
The Deployment of one process. Takes root, process (operator, webhook, issuer or vault), args, and servesHttps; with
issuerToken, the pod has a ServiceAccount token that is for the issuer alone.
Memory has a limit, the processor has none: a small one would stretch the slowest replies of a webhook tenfold.
*/}}
{{- define "lanyard.deployment" -}}
{{- $values := index .root.Values .process -}}
{{- $hostNetwork := eq (toString $values.hostNetwork) "true" -}}
{{- $ports := $values.ports | default (dict "operations" 9090) -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "lanyard.processName" . }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "lanyard.processLabels" . | nindent 4 }}
spec:
  replicas: {{ $values.replicas }}
  strategy:
    type: RollingUpdate
    rollingUpdate:
      {{- /* On the host network a new pod needs a node where no old one has the ports. */}}
      maxSurge: {{ ternary 0 1 $hostNetwork }}
      maxUnavailable: {{ ternary 1 0 $hostNetwork }}
  selector:
    matchLabels:
      {{- include "lanyard.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      annotations:
        kubectl.kubernetes.io/default-container: {{ .process }}
        {{- with $values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      labels:
        {{- include "lanyard.processLabels" . | nindent 8 }}
        {{- with $values.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      serviceAccountName: {{ include "lanyard.processName" . }}
      automountServiceAccountToken: true
      enableServiceLinks: false
      {{- if $hostNetwork }}
      hostNetwork: true
      {{- end }}
      {{- with $values.dnsPolicy | default (ternary "ClusterFirstWithHostNet" "" $hostNetwork) }}
      dnsPolicy: {{ . }}
      {{- end }}
      {{- with include "lanyard.priorityClassName" .root }}
      priorityClassName: {{ . }}
      {{- end }}
      {{- with include "lanyard.imagePullSecrets" .root }}
      {{- . | nindent 6 }}
      {{- end }}
      securityContext:
        {{- include "lanyard.podSecurityContext" . | nindent 8 }}
      topologySpreadConstraints:
        {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
        - topologyKey: {{ . }}
          maxSkew: 1
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              {{- include "lanyard.selectorLabels" $ | nindent 14 }}
          matchLabelKeys: [pod-template-hash]
        {{- end }}
      {{- with $values.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $values.tolerations }}
      tolerations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $values.affinity }}
      affinity:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: {{ .process }}
          image: {{ include "lanyard.image" (dict "root" .root "image" .root.Values.image) }}
          imagePullPolicy: {{ .root.Values.image.pullPolicy }}
          args:
            - {{ .process }}
            - --namespace={{ .root.Release.Namespace }}
            - --operations-port={{ int $ports.operations }}
            - --log-level={{ .root.Values.logLevel }}
            {{- range concat .args $values.extraArgs }}
            - {{ . | quote }}
            {{- end }}
          ports:
            {{- if .servesHttps }}
            - name: https
              containerPort: {{ int $ports.https }}
            {{- end }}
            - name: operations
              containerPort: {{ int $ports.operations }}
          livenessProbe:
            httpGet:
              path: /livez
              port: operations
            periodSeconds: 10
            timeoutSeconds: 5
          readinessProbe:
            httpGet:
              path: /readyz
              port: operations
            periodSeconds: 5
            timeoutSeconds: 5
          resources:
            {{- toYaml $values.resources | nindent 12 }}
          securityContext:
            {{- include "lanyard.containerSecurityContext" . | nindent 12 }}
          terminationMessagePolicy: FallbackToLogsOnError
          {{- if .issuerToken }}
          volumeMounts:
            - name: issuer-token
              mountPath: /var/run/secrets/lanyard.dev
              readOnly: true
      volumes:
        - name: issuer-token
          projected:
            sources:
              - serviceAccountToken:
                  audience: lanyard.dev/issuer
                  expirationSeconds: 3600
                  path: token
          {{- end }}
{{- end -}}

{{/* Not empty when pods of the control plane name their user. OpenShift assigns user ids, and refuses every other id. */}}
{{- define "lanyard.setsRunAsUser" -}}
{{- $choice := .Values.securityContext.runAsUser -}}
{{- if or (eq $choice "set") (and (eq $choice "auto") (not (.Capabilities.APIVersions.Has "security.openshift.io/v1"))) -}}
true
{{- end -}}
{{- end -}}

{{/* With the container's, the Pod Security Standard `restricted`. Takes root. */}}
{{- define "lanyard.podSecurityContext" -}}
runAsNonRoot: true
{{- if include "lanyard.setsRunAsUser" .root }}
runAsUser: 65532
runAsGroup: 65532
{{- end }}
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "lanyard.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

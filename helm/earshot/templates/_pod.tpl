{{/* The parts of a pod. Every one is given a dict: root, component, settings (the component's values), port (of its series, if it has any). */}}

{{- define "earshot.pod.metadata" -}}
labels:
  {{- include "earshot.labels" (list .root .component) | nindent 2 }}
  {{- with .settings.podLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
annotations:
  # A changed configuration is taken up by the processes that run, but for these keys of it.
  checksum/restart: {{ include "earshot.restart" .root | sha256sum }}
  {{- if and .root.Values.monitoring.scrapeAnnotations .port }}
  prometheus.io/scrape: "true"
  prometheus.io/path: /metrics
  prometheus.io/port: {{ .port | quote }}
  {{- end }}
  {{- with .settings.podAnnotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{/* Everything of the pod's spec that is no container and no volume. */}}
{{- define "earshot.pod.settings" -}}
{{- $values := .root.Values -}}
serviceAccountName: {{ default (include "earshot.serviceAccountName" .root) .account }}
automountServiceAccountToken: false
# Variables that Kubernetes would make of Services called earshot-...
enableServiceLinks: false
{{- with $values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.podSecurityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .settings.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .settings.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .settings.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .settings.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* What every container of ours has. */}}
{{- define "earshot.container" -}}
image: {{ include "earshot.image" .root }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
env:
  {{- include "earshot.env" .root | nindent 2 }}
{{- with .root.Values.extraEnvFrom }}
envFrom:
  {{- tpl (toYaml .) $.root | nindent 2 }}
{{- end }}
{{- with .root.Values.securityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .settings.resources }}
resources:
  {{- toYaml . | nindent 2 }}
{{- end }}
terminationMessagePolicy: FallbackToLogsOnError
volumeMounts:
  {{- include "earshot.mounts" . | nindent 2 }}
{{- end -}}

{{- define "earshot.mounts" -}}
{{- $values := .root.Values -}}
- {name: config, mountPath: /etc/earshot, readOnly: true}
- {name: data, mountPath: /var/lib/earshot}
- {name: tmp, mountPath: /tmp}
{{- range include "earshot.secrets" . | fromYamlArray }}
- {name: {{ .name }}, mountPath: /run/secrets/earshot/{{ .name }}, readOnly: true}
{{- end }}
{{- if eq (include "earshot.reads" .) "true" }}
- {name: input, mountPath: {{ $values.input.mountPath }}, readOnly: true}
{{- end }}
{{- if and (eq .component "import") $values.import.fetch.existingSecret }}
- {name: fetched, mountPath: {{ $values.import.fetch.mountPath }}}
{{- end }}
{{- with $values.extraVolumeMounts }}
{{ tpl (toYaml .) $.root }}
{{- end }}
{{- end -}}

{{- define "earshot.volumes" -}}
{{- $values := .root.Values -}}
# As a folder: a file of it alone would never change.
- name: config
  configMap:
    name: {{ include "earshot.fullname" .root }}
- name: data
  {{- if eq .component "embedded" }}
  persistentVolumeClaim:
    claimName: {{ default (printf "%s-data" (include "earshot.fullname" .root)) $values.embedded.persistence.existingClaim }}
  {{- else }}
  emptyDir: {}
  {{- end }}
- name: tmp
  emptyDir: {}
{{- range include "earshot.secrets" . | fromYamlArray }}
- name: {{ .name }}
  secret:
    secretName: {{ .secret }}
    defaultMode: 0400
    items:
      {{- range $path, $key := .items }}
      - {key: {{ $key }}, path: {{ $path }}}
      {{- end }}
{{- end }}
{{- if eq (include "earshot.reads" .) "true" }}
- name: input
  {{- tpl (toYaml $values.input.volume) $.root | nindent 2 }}
{{- end }}
{{- if and (eq .component "import") $values.import.fetch.existingSecret }}
- name: fetched
  emptyDir: {}
- name: addresses
  secret:
    secretName: {{ $values.import.fetch.existingSecret }}
    defaultMode: 0400
{{- end }}
{{- with $values.extraVolumes }}
{{ tpl (toYaml .) $.root }}
{{- end }}
{{- end -}}

{{/* Whether a component reads the files of `input`: workers and evaluators never see the lists of people. */}}
{{- define "earshot.reads" -}}
{{- and (not (empty .root.Values.input.volume)) (has .component (list "embedded" "import")) -}}
{{- end -}}

{{/* The secrets that a component reads, and nothing more: a list of name, secret, and items by path. */}}
{{- define "earshot.secrets" -}}
{{- $values := .root.Values -}}
{{- $all := list -}}
{{- with $values.keys -}}
{{- if .existingSecret -}}
{{- $all = append $all (dict "name" "keys" "secret" .existingSecret "items" (dict "pseudonym.key" .pseudonymKey "erasure.key" .erasureKey)) -}}
{{- end -}}
{{- end -}}
{{- if eq $values.mode "distributed" -}}
{{- with $values.database -}}
{{- $items := dict "url" (ternary .collectKey .evaluateKey (eq $.component "collect")) -}}
{{- if .caKey }}{{ $_ := set $items "ca.crt" .caKey }}{{ end -}}
{{- $all = append $all (dict "name" "database" "secret" .existingSecret "items" $items) -}}
{{- end -}}
{{- end -}}
{{- with $values.kafka -}}
{{- if and .existingSecret (has $.component (list "embedded" "collect" "import")) -}}
{{- $items := dict -}}
{{- range $key, $path := dict "passwordKey" "password" "caKey" "ca" "certificateKey" "certificate" "privateKeyKey" "certificate_key" -}}
{{- with index $values.kafka $key }}{{ $_ := set $items $path . }}{{ end -}}
{{- end -}}
{{- $all = append $all (dict "name" "kafka" "secret" .existingSecret "items" $items) -}}
{{- end -}}
{{- end -}}
{{- with $values.grafana -}}
{{- if and .existingSecret (has $.component (list "embedded" "evaluate")) -}}
{{- $all = append $all (dict "name" "grafana" "secret" .existingSecret "items" (dict "token" .tokenKey)) -}}
{{- end -}}
{{- end -}}
{{- toYaml $all -}}
{{- end -}}

{{/* A broken configuration never replaces a working one: a pod that finds it broken does not begin, and the old ones go on. */}}
{{- define "earshot.check" -}}
- name: check
  args: [check, --without-files]
  {{- include "earshot.container" . | nindent 2 }}
{{- end -}}

{{/* A broker or a database that is away makes a pod not ready, never dead: the program decides. */}}
{{- define "earshot.probes" -}}
startupProbe:
  httpGet: {path: /-/healthy, port: metrics}
  periodSeconds: 5
  timeoutSeconds: 5
  failureThreshold: 120
livenessProbe:
  httpGet: {path: /-/healthy, port: metrics}
  periodSeconds: 20
  timeoutSeconds: 10
  failureThreshold: 3
readinessProbe:
  httpGet: {path: /-/ready, port: metrics}
  periodSeconds: 10
  timeoutSeconds: 10
  failureThreshold: 3
{{- end -}}

{{/* The tables of this version, and what the other roles of the database may do with them. As an init container no probe ends it, however
long it takes; several at once wait for each other under a lock of the database's. */}}
{{- define "earshot.migrate" -}}
{{- $database := .root.Values.database -}}
- name: migrate
  args:
    - migrate
    {{- with $database.workerRole }}
    - --worker={{ . }}
    {{- end }}
    {{- with $database.readerRole }}
    - --reader={{ . }}
    {{- end }}
  {{- include "earshot.container" . | nindent 2 }}
{{- end -}}

{{/* Over machines, where the user says nothing else. */}}
{{- define "earshot.spread" -}}
topologySpreadConstraints:
  {{- if .settings.topologySpreadConstraints }}
  {{- toYaml .settings.topologySpreadConstraints | nindent 2 }}
  {{- else }}
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "earshot.selector" (list .root .component) | nindent 8 }}
  {{- end }}
{{- end -}}

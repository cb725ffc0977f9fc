{{/* Names, labels, the configuration that pods read, and the pod that every workload is made of. */}}

{{- define "earshot.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* Short enough that what is added to it stays within what a name may have: 63 characters, of a CronJob 52. */}}
{{- define "earshot.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 45 | trimSuffix "-" -}}
{{- else if contains (include "earshot.name" .) .Release.Name -}}
{{- .Release.Name | trunc 45 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "earshot.name" .) | trunc 45 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Of a list of the root and a component. They cannot change later, so they hold nothing that might. */}}
{{- define "earshot.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ include "earshot.name" $root }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{- define "earshot.labels" -}}
{{- $root := index . 0 -}}
{{ include "earshot.selector" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: {{ include "earshot.name" $root }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- with $root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "earshot.image" -}}
{{- $name := .Values.image.repository -}}
{{- with .Values.image.registry }}{{ $name = printf "%s/%s" . $name }}{{ end -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" $name .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" $name (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "earshot.serviceAccountName" -}}
{{- default (ternary (include "earshot.fullname" .) "default" .Values.serviceAccount.create) .Values.serviceAccount.name -}}
{{- end -}}

{{/* What serves the page and the indicators: its component. */}}
{{- define "earshot.server" -}}
{{- ternary "embedded" "evaluate" (eq .Values.mode "embedded") -}}
{{- end -}}

{{/* The configuration: what the user wrote, and where the chart mounts things. */}}
{{- define "earshot.config" -}}
{{- $secrets := "/run/secrets/earshot" -}}
{{- $own := dict "data" "/var/lib/earshot" -}}
{{- if .Values.keys.existingSecret -}}
{{- $_ := set $own "key_file" (printf "%s/keys/pseudonym.key" $secrets) -}}
{{- $_ := set $own "erasure_key_file" (printf "%s/keys/erasure.key" $secrets) -}}
{{- end -}}
{{- if eq .Values.mode "distributed" -}}
{{- $_ := set $own "store_file" (printf "%s/database/url" $secrets) -}}
{{- end -}}
{{- if .Values.kafka.existingSecret -}}
{{- $kafka := dict -}}
{{- range $key, $file := dict "passwordKey" "password_file" "caKey" "ca_file" "certificateKey" "certificate_file" "privateKeyKey" "certificate_key_file" -}}
{{- if index $.Values.kafka $key }}{{ $_ := set $kafka $file (printf "%s/kafka/%s" $secrets (trimSuffix "_file" $file)) }}{{ end -}}
{{- end -}}
{{- $_ := set $own "kafka" $kafka -}}
{{- end -}}
{{- if .Values.grafana.existingSecret -}}
{{- $_ := set $own "grafana" (dict "token_file" (printf "%s/grafana/token" $secrets)) -}}
{{- end -}}
{{- toYaml (mustMergeOverwrite (deepCopy .Values.config) $own) -}}
{{- end -}}

{{/* What a process goes by when it starts and never again; everything else it takes up while it runs. */}}
{{- define "earshot.restart" -}}
{{- $config := include "earshot.config" . | fromYaml -}}
{{- $goesBy := pick $config "data" "key_file" "erasure_key_file" "store" "store_file" "mode" "sample" "grafana" -}}
{{- range $part := list "page" "worker" }}{{ $_ := set $goesBy $part (pick (get $config $part) "host" "port") }}{{ end -}}
{{- toJson $goesBy -}}
{{- end -}}

{{/* Environment of every container of ours. EARSHOT_CONFIG, so that `kubectl exec` needs no --config. */}}
{{- define "earshot.env" -}}
- name: EARSHOT_CONFIG
  value: /etc/earshot/earshot.yaml
{{- with .Values.extraEnv }}
{{ tpl (toYaml .) $ }}
{{- end }}
{{- end -}}

{{/* What Prometheus calls all processes of this release. */}}
{{- define "earshot.job" -}}
{{- default (printf "%s/%s" .Release.Namespace (include "earshot.fullname" .)) .Values.monitoring.job -}}
{{- end -}}

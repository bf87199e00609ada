{{- define "portal.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "portal.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "portal.labels" -}}
{{ include "portal.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "portal.image" -}}
{{- $repository := required "image.repository: where your registry has the image" .Values.image.repository -}}
{{- if .Values.image.digest }}{{ printf "%s@%s" $repository .Values.image.digest }}
{{- else }}{{ printf "%s:%s" $repository (.Values.image.tag | default .Chart.AppVersion) }}{{ end }}
{{- end }}

{{- define "portal.rulesName" -}}
{{- if .Values.rules.existingConfigMap }}{{ .Values.rules.existingConfigMap }}
{{- else }}{{ include "portal.name" . }}-rules{{ end }}
{{- end }}

{{/* The host alone: https://portal.example.com:8443/ is portal.example.com. */}}
{{- define "portal.host" -}}
{{- $url := required "portal.publicUrl: what people type, with https://" .Values.portal.publicUrl -}}
{{- (urlParse $url).host | splitList ":" | first -}}
{{- end }}

{{/* What serving and migrating have in common. */}}
{{- define "portal.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "portal.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{- define "portal.environment" -}}
- {name: PORTAL_PUBLIC_URL, value: {{ required "portal.publicUrl: what people type, with https://" .Values.portal.publicUrl | quote }}}
- {name: CLICKHOUSE_ORGANIZATION_ID, value: {{ required "portal.organizationId: the id of your organisation" .Values.portal.organizationId | quote }}}
- {name: PORTAL_TRUSTED_PROXIES, value: {{ .Values.portal.trustedProxies | quote }}}
- {name: PORTAL_THREADS, value: {{ .Values.portal.threads | quote }}}
- {name: WEB_CONCURRENCY, value: "1"}
- {name: CLICKHOUSE_API_KEY_FILE, value: /run/secrets/portal/api_key}
- {name: CLICKHOUSE_API_SECRET_FILE, value: /run/secrets/portal/api_secret}
- {name: PORTAL_SECRET_KEY_FILE, value: /run/secrets/portal/secret_key}
- {name: PORTAL_DATABASE_URL_FILE, value: /run/secrets/portal/database_url}
{{- range $setting, $key := .Values.secrets.further }}
- {name: {{ $setting }}_FILE, value: /run/secrets/portal/{{ $key }}}
{{- end }}
{{- range $setting, $value := .Values.portal.settings }}
- {name: {{ $setting }}, value: {{ $value | quote }}}
{{- end }}
{{- end }}

{{- define "portal.mounts" -}}
- {name: rules, mountPath: /etc/portal, readOnly: true}
- {name: secrets, mountPath: /run/secrets/portal, readOnly: true}
- {name: records, mountPath: /var/lib/portal}
- {name: temporary, mountPath: /tmp}
{{- end }}

{{- define "portal.volumes" -}}
- name: rules
  configMap:
    name: {{ include "portal.rulesName" . }}
    items:
      - {key: org_config.yaml, path: org_config.yaml}
      {{- range (empty .Values.rules.existingConfigMap | ternary (keys .Values.rules.folder | sortAlpha) .Values.rules.existingFolder) }}
      - {key: {{ . }}, path: org_config.d/{{ . }}}
      {{- end }}
- name: secrets
  secret:
    secretName: {{ required "secrets.existingSecret: a Secret with api_key, api_secret, secret_key and database_url" .Values.secrets.existingSecret }}
    defaultMode: 0440
- name: records
  emptyDir: {sizeLimit: {{ .Values.volumes.recordsSizeLimit }}}
- name: temporary
  emptyDir: {medium: Memory, sizeLimit: 16Mi}
{{- end }}

/** Where spans can go, and where collectors listen unless told otherwise. */
export type ExporterKind = 'zipkin' | 'otlp' | 'console';

export const TELEMETRY_MODES = ['auto', 'off', 'zipkin', 'otlp', 'console'] as const;
export type TelemetryMode = (typeof TELEMETRY_MODES)[number];

export const COLLECTORS = {
  zipkin: 'http://localhost:9411/api/v2/spans',
  otlp: 'http://localhost:4318/v1/traces',
} as const;

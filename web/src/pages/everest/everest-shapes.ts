/** What the EVerest adapter's API answers (`/api/v1/everest/...`). */

export interface EverestConnector {
  readonly n: number;
  readonly state: string;
  readonly word?: string;
  readonly since?: string;
  readonly lastHeard?: string;
  readonly stale: boolean;
  readonly fault: boolean;
  readonly inconsistent: boolean;
  readonly limitZero: boolean;
  readonly pauseReasons: readonly string[];
  readonly errors: readonly { readonly type: string; readonly message?: string; readonly fatal: boolean }[];
  readonly meter?: {
    readonly energyWh?: number;
    readonly powerW?: number;
    readonly currentA?: Readonly<Record<string, number>>;
    readonly voltageV?: Readonly<Record<string, number>>;
  };
  readonly limit?: { readonly currentA?: number; readonly powerW?: number; readonly phases?: number };
  readonly protocol?: { readonly name: string };
  readonly car?: { readonly list: string; readonly at: string };
  readonly token?: { readonly value: string; readonly at: string; readonly status?: string };
  readonly hlcFailed?: string;
}

export interface EverestStation {
  readonly id: string;
  readonly broker: { readonly connected: boolean; readonly reason: string };
  readonly heard: boolean;
  readonly silent: boolean;
  readonly says: string;
  readonly dialects: readonly string[];
  readonly release?: string;
  readonly control: boolean;
  readonly externalPrefix: string;
  readonly ocppConnected?: boolean;
  readonly connectors: readonly EverestConnector[];
}

export interface EverestWorld {
  readonly broker: {
    readonly text: string;
    readonly how: string;
    readonly connected: boolean;
    readonly clients?: number;
  };
  readonly lookAlike: boolean;
  readonly stations: readonly EverestStation[];
}

export interface Capability {
  readonly is: 'supported' | 'unverified' | 'unsupported';
  readonly dialect?: string;
  readonly why?: string;
}
export interface Capabilities {
  readonly connectors: readonly { readonly n: number; readonly operations: Readonly<Record<string, Capability>> }[];
}

export interface Topic {
  readonly topic: string;
  readonly by: string;
  readonly count: number;
  readonly lastAt: string;
  readonly payload: string;
}

export interface EverestSession {
  readonly id: string;
  readonly connector: number;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly protocol?: string;
  readonly startReason?: string;
  readonly stopReason?: string;
  readonly meterStartWh?: number;
  readonly meterStopWh?: number;
  readonly token?: { readonly value: string; readonly authorizationType?: string };
  readonly ocppTransactionId?: string;
  readonly correlation?: { readonly kind: string; readonly transactionId?: string; readonly why?: string };
  readonly timeline: readonly { readonly at: string; readonly what: string }[];
}

export interface TimelineItem {
  readonly at: string;
  readonly by: 'adapter' | 'everest' | 'ocpp';
  readonly what: string;
  readonly n?: number;
}

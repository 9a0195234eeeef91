/** Shapes of the API. What the servers declare as types is imported; the rest follows their documents. */
import type { Severity } from '../../../src/journal/entry.ts';

export type { FindingAxis, Party, PartyRole, Protocol, Severity } from '../../../src/journal/entry.ts';

export type EntryKind = 'request' | 'response' | 'error' | 'send' | 'event' | 'mark';
export type ViewEntity = 'messages' | 'exchanges';

export interface RowAnswer {
  readonly s?: number;
  readonly k: 'response' | 'error' | 'timeout' | 'waiting';
  readonly st: string;
  readonly ms: number;
}

/** One line of a list of messages; short names because lists are long (`journal/query.ts`). */
export interface Row {
  readonly s: number;
  readonly t: number;
  readonly k: EntryKind;
  readonly p: 'ocpp' | 'oicp' | 'pnc' | 'mqtt' | 'api';
  readonly v?: string;
  readonly f: string;
  readonly to: string;
  readonly a: string;
  readonly sum: string;
  readonly ses?: string;
  readonly tr?: string;
  readonly b: number;
  readonly x?: RowAnswer;
  readonly fd?: readonly [error: number, warning: number, info: number];
  readonly fl?: readonly string[];
}

export interface View {
  readonly id: string;
  readonly entity: ViewEntity;
  readonly count: number;
  readonly total: number;
  readonly scanned: number;
  readonly complete: boolean;
  readonly asOf: number;
  readonly head: number;
  readonly errors: readonly { readonly from: number; readonly to: number; readonly msg: string }[];
}

export interface ViewRows {
  readonly view: View;
  readonly from: number;
  readonly rows: readonly Row[];
}

export interface Finding {
  readonly id: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly axis: 'conformance' | 'compatibility' | 'consistency' | 'timing' | 'security';
  readonly party: string;
  readonly seq?: number;
  readonly pointer?: string;
  readonly text: string;
  readonly clause?: string;
  readonly time: number;
  readonly evidence?: readonly { readonly seq: number; readonly pointer?: string; readonly label: string }[];
  readonly expected?: unknown;
  readonly actual?: unknown;
}

export interface PartyEnd {
  readonly id: string;
  readonly role: string;
}

export interface Message {
  readonly seq: number;
  readonly epoch: string;
  readonly kind: EntryKind;
  readonly proto: Row['p'];
  readonly version?: string;
  readonly action: string;
  readonly messageId?: string;
  readonly from: PartyEnd;
  readonly to: PartyEnd;
  readonly time: { readonly received: string; readonly mono: number };
  readonly payload?: unknown;
  readonly raw: string;
  readonly rawEncoding?: 'base64';
  readonly rawTruncated?: number;
  readonly malformed?: { readonly msg: string; readonly at: number };
  readonly code?: string;
  readonly partner?: { readonly seq: number; readonly latencyMs: number };
  readonly transport: {
    readonly type: string;
    readonly conn: string;
    readonly tap: string;
    readonly [detail: string]: unknown;
  };
  readonly findings: readonly Finding[];
  readonly session?: string;
  readonly trace?: string;
  readonly span?: string;
  readonly origin: { readonly by: string };
  readonly flags: readonly string[];
  readonly marked?: boolean;
  readonly note?: string;
  readonly masked?: true;
}

export interface Related {
  readonly partner?: Row;
  readonly trace: readonly Row[];
  readonly previous?: Row;
  readonly next?: Row;
  readonly neighbours: readonly Row[];
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
  readonly total?: number;
}

export interface Connector {
  readonly id: number;
  readonly status: string;
  readonly since: string;
  readonly errorCode?: string;
  readonly info?: string;
  readonly operational?: string;
}

export interface Reading {
  readonly at: string;
  readonly energyWh?: number;
  readonly powerW?: number;
  readonly currentA?: number;
  readonly voltageV?: number;
  readonly socPercent?: number;
  readonly [name: string]: unknown;
}

export interface Evse {
  readonly id: number;
  readonly status: string;
  readonly connectors: readonly Connector[];
  readonly transaction?: string;
  readonly powerW?: number;
  readonly reading?: Reading;
}

export interface Station {
  readonly id: string;
  readonly link: 'connected' | 'silent' | 'stale' | 'disconnected';
  readonly since: string;
  readonly version?: '1.6' | '2.0.1' | '2.1';
  readonly security: number;
  readonly boot: 'none' | 'Accepted' | 'Pending' | 'Rejected';
  readonly bootAt?: string;
  readonly bootReason?: string;
  readonly info: Readonly<Record<string, string | undefined>>;
  readonly registered: boolean;
  readonly admission?: string;
  readonly hasPassword: boolean;
  readonly firstSeenAt: string;
  readonly connectedAt?: string;
  readonly disconnectedAt?: string;
  readonly lastSeenAt?: string;
  readonly lastMessageAt?: string;
  readonly connection?: {
    readonly conn: string;
    readonly transport: string;
    readonly subprotocol: string;
    readonly facts: Readonly<Record<string, string>>;
    readonly pendingCalls: number;
  };
  readonly heartbeatIntervalS: number;
  readonly localListVersion?: number;
  readonly firmwareStatus?: { readonly status: string; readonly at: string };
  readonly diagnosticsStatus?: { readonly status: string; readonly at: string };
  readonly evses: readonly Evse[];
  readonly transactions: readonly string[];
}

export interface ServiceState {
  readonly name: string;
  readonly title?: string;
  /** Only the workbench knows it of all services. */
  readonly health?: 'ok' | 'degraded' | 'down' | 'off';
  readonly why?: string;
  readonly url?: string;
}

export interface Meta {
  readonly service: string;
  readonly version: string;
  readonly epoch?: string;
  readonly scope: 'all' | 'cpo' | 'emp';
  readonly now: number;
  readonly clock: { readonly mode: string; readonly factor: number };
  readonly features: readonly string[];
  readonly services: readonly ServiceState[];
}

export interface TopologyNode {
  readonly id: string;
  readonly role: string;
  readonly name: string;
  readonly mode: 'simulated' | 'real' | 'off';
  readonly health: 'ok' | 'degraded' | 'down' | 'off';
  readonly why?: string;
  readonly endpoint?: string;
  readonly rate: number;
  readonly findings: number;
  readonly children?: readonly {
    readonly id: string;
    readonly state: string;
    readonly version?: string;
    readonly connectors: readonly string[];
  }[];
  readonly count?: Readonly<Record<string, number>>;
}

export interface TopologyEdge {
  readonly a: string;
  readonly b: string;
  readonly proto: Row['p'];
  readonly rate: number;
  readonly messages: number;
  readonly errors: number;
}

export interface Topology {
  readonly nodes: readonly TopologyNode[];
  readonly edges: readonly TopologyEdge[];
}

/** Shapes of the API. What the journal declares is the journal's; the rest follows the documents of the services. */
import type { Protocol } from '../../../src/journal/entry.ts';
import type { Row, View } from '../../../src/journal/query.ts';

export type { EntryKind, FindingAxis, Party, PartyRole, Protocol, Severity } from '../../../src/journal/entry.ts';
export type {
  Finding,
  Message,
  Reconciliation,
  Related,
  Row,
  Session,
  SessionPage,
  SessionSeries,
  View,
  ViewEntity,
} from '../../../src/journal/query.ts';

export interface ViewRows {
  readonly view: View;
  readonly from: number;
  readonly rows: readonly Row[];
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
  /** Of stations: how many are somebody else's. */
  readonly real?: number;
}

export interface TopologyEdge {
  readonly a: string;
  readonly b: string;
  readonly proto: Protocol;
  readonly rate: number;
  readonly messages: number;
  readonly errors: number;
  /** The filter that shows its messages. */
  readonly q: string;
}

export interface Topology {
  readonly nodes: readonly TopologyNode[];
  readonly edges: readonly TopologyEdge[];
}

/** Who asks, what they may do, and which half of the world they see. */
export interface Me {
  readonly name: string;
  readonly role: 'viewer' | 'operator' | 'admin';
  readonly scope: 'all' | 'cpo' | 'emp';
}

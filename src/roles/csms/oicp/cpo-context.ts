import type { CallOptions, OicpOutcome } from '../../../link/oicp-client.ts';
import type { TraceContext } from '../../../link/trace-context.ts';
import type { OperationName, ParamsOf, RequestOf } from '../../../protocols/oicp/index.ts';
import type { Csms } from '../csms.ts';
import type { EvseMap } from './evse-map.ts';
import type { RoamingSessions } from './roaming-sessions.ts';
import type { OicpSection } from './section.ts';

/** Settings of the operator; addresses and certificates belong to the service around it. */
export type CpoConfig = Pick<
  OicpSection,
  | 'operatorId'
  | 'operatorName'
  | 'content'
  | 'inboundKey'
  | 'lateAnswerMs'
  | 'otherMs'
  | 'pendingS'
  | 'withoutCar'
  | 'reservationMinutes'
  | 'notifications'
  | 'retry'
  | 'site'
> & {
  /** False where simulated stations have a faster clock than we: that their times are ahead is then no finding. */
  readonly clocksAgree?: boolean;
  readonly enabled: boolean;
  /** How long a station waits for an answer about a token. */
  readonly authorizeMs: number;
};

/** Something that may be late: it is delivered in the order of its lane. */
export interface Late<Name extends OperationName> {
  readonly operation: Name;
  readonly params: Readonly<Record<string, string>>;
  readonly body: RequestOf<Name>;
  readonly lane: string;
  /** What it is about: `cdr:<session>`, `note:<session>`, `status:<EVSE>` … */
  readonly subject: string;
  readonly trace?: TraceContext | undefined;
}

/** What the parts of the operator share. */
export interface CpoContext {
  readonly config: CpoConfig;
  readonly csms: Csms;
  readonly sessions: RoamingSessions;
  readonly evses: EvseMap;
  now(): number;
  newId(): string;
  after(delayMs: number, task: () => void): void;
  /** Calls the hub now. */
  call<Name extends OperationName>(
    name: Name,
    params: ParamsOf<Name>,
    body: RequestOf<Name>,
    options?: CallOptions,
  ): Promise<OicpOutcome<Name>>;
  /** Puts something into the outbox, in the same turn as the state change that it belongs to. */
  later<Name extends OperationName>(item: Late<Name>): void;
  finding(finding: {
    readonly rule: string;
    readonly severity: 'error' | 'warning' | 'info';
    readonly axis: 'conformance' | 'consistency' | 'timing';
    readonly party: string;
    readonly text: string;
  }): void;
  /** A session changed, for live readers. */
  changed(sessionId: string): void;
}

/** Messages of one session go one after another; sessions do not wait for each other. */
export function laneOf(sessionId: string): string {
  return `session:${sessionId}`;
}

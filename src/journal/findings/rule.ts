import type { Violation } from '../../protocols/ocpp/schemas.ts';
import type { OcppVersion } from '../../protocols/ocpp/versions.ts';
import type { FindingAxis, PeerReaction, Severity } from '../entry.ts';
import type { StationModel } from './model/station-model.ts';
import type { Observation, WatchedLink } from './observation.ts';
import type { RuleReport } from './rule-report.ts';

/**
 * When a rule is asked: `Action.request`, `.response`, `.error` or `.send`; `*` stands for every action of the version;
 * `unknown.request` for a CALL of an action that the version does not have. The others are situations that the engine
 * recognises, so that an ordinary message pays for none of the rules about them.
 */
export type Trigger = `${string}.${'request' | 'response' | 'error' | 'send'}` | Situation;

export const SITUATIONS = [
  'open', // a connection begins
  'close', // a connection ends
  'refused', // a connection was turned away
  'liveness', // the link tells what pings and pongs it has seen
  'unexpected', // an answer that nobody waited for
  'first', // the first CALL of the station on a connection
  'unregistered', // any message while the station is not known to be Accepted, or waits for the answer to its boot
  'reused', // a CALL with a message id that its sender has used before
  'slow', // an answer that took more than half of a common time-out
  'transaction-started', // a TransactionEvent Started of 2.x
  'transaction-ended', // a TransactionEvent Ended of 2.x
  'invalid', // a message that breaks its schema, or answers one that does
  'result-error', // 2.1: a CALLRESULTERROR to an answer that its sender has got
] as const;
export type Situation = (typeof SITUATIONS)[number];

/** Whose traffic a rule judges; `across`: what one protocol says against what another says. */
export type RuleProtocol = 'ocpp' | 'oicp' | 'pnc' | 'across';

/** What every rule says of itself, whatever it looks at: what is wrong, who is wrong, why that happens, what to look at next. */
export interface RuleDeclaration {
  /** Stable, for example `OCPP-BOOT-003` or `oicp.cdr.second`. */
  readonly id: string;
  /** Missing: OCPP. */
  readonly protocol?: RuleProtocol;
  /** Of its protocol. */
  readonly versions: readonly string[];
  readonly severity: Severity | Readonly<Record<string, Severity>>;
  /** `sender`: whoever sent the message the finding stands on; `caller` and `server` are the ends of an exchange. */
  readonly fault: 'station' | 'csms' | 'sender' | 'caller' | 'server' | 'cpo' | 'emp' | 'hub' | 'pools';
  readonly axis: FindingAxis;
  /** What must hold, in a few words. */
  readonly title: string;
  /** Where that stands. */
  readonly clause: string;
  readonly causes: readonly string[];
  /** What to check next. */
  readonly next: readonly string[];
  readonly peer: PeerReaction;
  /** The name of the known firmware habit that this is a sign of. */
  readonly quirk?: string;
}

/** One rule about OCPP messages. */
export interface Rule extends RuleDeclaration {
  readonly versions: readonly OcppVersion[];
  readonly severity: Severity | Readonly<Record<OcppVersion, Severity>>;
  readonly fault: 'station' | 'csms' | 'sender';
  /** True when a log that starts in the middle may lack what the rule must know: `info` until the first BootNotification. */
  readonly needsHistory?: true;
  readonly on: readonly Trigger[];
  /** Missing: the link's RPC engine or the frame watcher reports it. */
  readonly check?: (context: RuleContext) => void;
}

/** A finding about OCPP as a rule states it. */
export interface Report extends Omit<RuleReport, 'fault'> {
  /** What it is about, for "one finding per rule and object": a connector, a transaction. Default: the station. */
  readonly object?: string | number;
  readonly fault?: 'station' | 'csms';
}

/** Something that must be seen within a time. */
export interface Expectation {
  /** Counted from the message at hand; the tolerance of the log is added. */
  readonly withinMs: number;
  /** Fulfils it. */
  readonly by?: (observation: Observation) => boolean;
  /** Makes it pointless, without a finding. */
  readonly unless?: (observation: Observation) => boolean;
  /** It goes on without a socket. Default: it ends with the connection, and was then not evaluable. */
  readonly survivesClose?: true;
  /** Two of one rule and object do not stand beside each other. */
  readonly object?: string | number;
  /**
   * The time is over: the finding, `undefined` when nothing is wrong after all, `'not evaluable'`, or the milliseconds
   * after which to ask again.
   */
  readonly otherwise: (now: number) => Report | 'not evaluable' | number | undefined;
}

/** What a rule sees when it is asked. The model is as it was before the message at hand. */
export interface RuleContext {
  readonly o: Observation;
  readonly link: WatchedLink;
  readonly station: StationModel;
  /** How much later than asked still counts as in time. */
  readonly toleranceMs: number;
  /** False when stations run on a clock of their own (`--clock scaled:60`): their time stamps say nothing about now. */
  readonly clocksAgree: boolean;
  report(report: Report): void;
  expect(expectation: Expectation): void;
  /** True when the rule has reported this object before: it is counted, and the sentence need not be made again. */
  repeats(object: string | number): boolean;
  /** The rule lacks what it needs: counted, never passed. */
  notEvaluable(): void;
  /** Facts that all stations of a CSMS share: transaction ids that were issued. */
  readonly shared: SharedFacts;
  /** How a payload breaks its schema; empty when it fits. Slow: for rare messages. */
  violations(o: Observation): readonly Violation[];
}

export interface SharedFacts {
  /** CSMS and transaction id -> the transaction that got it. */
  readonly issuedTransactionIds: Map<
    string,
    { readonly station: string; readonly start: string; readonly seq: number }
  >;
}

export const ALL: readonly OcppVersion[] = ['1.6', '2.0.1', '2.1'];
export const V16: readonly OcppVersion[] = ['1.6'];
export const V2X: readonly OcppVersion[] = ['2.0.1', '2.1'];
export const V21: readonly OcppVersion[] = ['2.1'];
/** What 1.6 advises and 2.x demands. */
export const WARNING_16 = { '1.6': 'warning', '2.0.1': 'error', '2.1': 'error' } as const satisfies Rule['severity'];

/** Facts that a family of rules has in common. */
export type RuleFields = Omit<Rule, 'versions' | 'axis' | 'peer' | 'causes' | 'next'> &
  Partial<Pick<Rule, 'versions' | 'axis' | 'peer' | 'causes' | 'next'>>;

/** Rules of one family: `versions` and `axis` hold unless a rule says otherwise. */
export function family(common: Pick<Rule, 'versions' | 'axis'>, rules: readonly RuleFields[]): readonly Rule[] {
  return rules.map((rule) => ({ ...common, causes: [], next: [], peer: 'unknown', ...rule }));
}

import type { SessionKey } from './session-keys.ts';

export type SessionKind = 'local' | 'roaming-rfid' | 'remote' | 'pnc';
export type SessionState = 'authorising' | 'preparing' | 'charging' | 'suspended' | 'ended' | 'settled' | 'problem';

/** A value with the message and the member that it was read from. */
export interface Told {
  readonly value: string;
  readonly seq: number;
  readonly pointer: string;
}

/** Who says something about a session; the columns of the reconciliation. */
export const VOICES = ['station', 'csms', 'notifications', 'cdrSent', 'cdrReceived'] as const;
export type Voice = (typeof VOICES)[number];
export const ITEMS = [
  'start',
  'end',
  'chargingStart',
  'chargingEnd',
  'meterStart',
  'meterEnd',
  'energy',
  'evseId',
  'token',
  'product',
  'sessionId',
] as const;
export type Item = (typeof ITEMS)[number];

export interface Reading {
  /** Epoch milliseconds by the station's clock. */
  readonly t: number;
  readonly seq: number;
  readonly energyWh?: number;
  readonly powerW?: number;
  readonly currentA?: number;
  readonly voltageV?: number;
  readonly socPercent?: number;
  readonly limitW?: number;
}

export const STEP_IDS = ['authorised', 'plugged', 'charging', 'stopped', 'notified', 'cdr'] as const;
export type StepId = (typeof STEP_IDS)[number];

export interface StepMark {
  readonly state: 'done' | 'failed';
  readonly seq: number;
  readonly t: number;
  readonly ms?: number;
}

/** One charging session while it is put together: plain data, changed only by `SessionBook`. */
export interface SessionRecord {
  /** Grows by one; what columns hold. */
  readonly number: number;
  /** Day and number of its first message: the same again when all is rebuilt. */
  readonly id: string;
  firstSeq: number;
  beganAt: number;
  lastAt: number;
  endedAt?: number;
  station?: string;
  evse?: number;
  connector?: number;
  evseId?: string;
  remote: boolean;
  roaming: boolean;
  pnc: boolean;
  imported: boolean;
  simulated: boolean;
  suspended: boolean;
  charging: boolean;
  problem?: string;
  ocppTx?: string;
  oicp?: string;
  cpoPartner?: string;
  empPartner?: string;
  emaid?: string;
  token?: string;
  /** The token is a code that people key in: nobody else may read it. */
  secretToken?: true;
  trace?: string;
  emp?: string;
  reservation?: string;
  stopReason?: string;
  cost?: { readonly total: number; readonly currency?: string; readonly seq: number };
  cdr: 'none' | 'sent' | 'accepted' | 'refused';
  meterStartWh?: number;
  meterEndWh?: number;
  readonly steps: Map<StepId, StepMark>;
  readonly told: Map<Item, Partial<Record<Voice, Told>>>;
  readonly keys: Set<SessionKey>;
  messages: number;
  /** Numbers of its messages, oldest first; the first ones only when there are very many. */
  seqs: number[];
  readings: Reading[];
}

export const MAX_SEQS = 20_000;
export const MAX_READINGS = 2_000;

export function addReading(record: SessionRecord, reading: Reading): void {
  record.readings.push(reading);
  if (record.readings.length <= MAX_READINGS) return;
  // Every second one in the older part goes: the curve keeps its shape, the memory its bound.
  const last = record.readings.length - 1;
  record.readings = record.readings.filter((_, index) => index === 0 || index === last || index % 2 === 1);
}

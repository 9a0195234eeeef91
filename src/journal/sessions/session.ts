import { MASK } from '../../core/secrets.ts';
import { isoTime, parseTime } from '../../core/time.ts';
import type { Severity } from '../entry.ts';
import { TOKEN_WINDOW_MS } from './session-keys.ts';
import {
  ITEMS,
  type Item,
  type SessionKind,
  type SessionRecord,
  type SessionState,
  STEP_IDS,
  type StepId,
  VOICES,
  type Voice,
} from './session-record.ts';

/** A charging session as the API serves it. Times ISO 8601, energies in Wh, powers in W. */
export interface Session {
  readonly id: string;
  readonly kind: SessionKind;
  readonly state: SessionState;
  readonly station: string;
  readonly evse?: number;
  readonly evseId?: string;
  readonly ids: {
    readonly ocppTx?: string;
    readonly oicp?: string;
    readonly cpoPartner?: string;
    readonly empPartner?: string;
    readonly emaid?: string;
    readonly token?: string;
    readonly reservation?: string;
    readonly trace?: string;
  };
  readonly start: string;
  readonly end?: string;
  readonly energyWh?: number;
  readonly powerW?: number;
  readonly emp?: string;
  readonly cdr: SessionRecord['cdr'];
  readonly cost?: { readonly total: number; readonly currency?: string; readonly seq: number };
  readonly stopReason?: string;
  /** What went wrong, when the state is `problem`. */
  readonly problem?: string;
  /** True when its first messages are not in the journal: energy and times are of what is there. */
  readonly partial?: true;
  readonly messages: number;
  /** Errors, warnings, infos on its messages. */
  readonly findings: readonly [number, number, number];
  readonly verdict: 'ok' | 'info' | 'warning' | 'error';
  readonly steps: readonly SessionStep[];
}

export interface SessionStep {
  readonly id: StepId;
  readonly state: 'done' | 'active' | 'failed' | 'pending' | 'skipped';
  readonly seq?: number;
  readonly at?: string;
  readonly ms?: number;
}

export interface Tolerance {
  readonly wh: number;
  readonly s: number;
}

export interface Reconciliation {
  readonly tolerance: Tolerance;
  readonly rows: readonly {
    readonly item: Item;
    readonly verdict: 'equal' | 'tolerated' | 'differs' | 'missing';
    readonly delta?: string;
    readonly cells: Readonly<
      Record<Voice, { readonly value?: string; readonly seq?: number; readonly pointer?: string }>
    >;
  }[];
}

export interface SessionSeries {
  readonly points: readonly {
    readonly t: number;
    readonly seq: number;
    readonly energyWh?: number;
    readonly powerW?: number;
    readonly currentA?: number;
    readonly voltageV?: number;
    readonly socPercent?: number;
    readonly limitW?: number;
  }[];
}

/** @param findings the severities on its messages. */
export function sessionOf(record: SessionRecord, findings: readonly Severity[], nowMs: number): Session {
  const count = (severity: Severity): number => findings.filter((each) => each === severity).length;
  const counts = [count('error'), count('warning'), count('info')] as const;
  const state = stateOf(record, nowMs);
  const energyWh = energyOf(record);
  const last = record.readings.at(-1);
  const running = record.endedAt === undefined;
  const { ocppTx, oicp, cpoPartner, empPartner, emaid, reservation, trace } = record;
  const token = record.secretToken === true ? MASK : record.token;
  const ids = { ocppTx, oicp, cpoPartner, empPartner, emaid, token, reservation, trace };
  return {
    id: record.id,
    kind: record.pnc ? 'pnc' : record.remote ? 'remote' : record.roaming ? 'roaming-rfid' : 'local',
    state,
    station: record.station ?? '',
    ...given('evse', record.evse),
    ...given('evseId', record.evseId),
    ids: Object.fromEntries(Object.entries(ids).filter(([, id]) => id !== undefined)),
    start: isoTime(record.beganAt),
    ...given('end', record.endedAt === undefined ? undefined : isoTime(record.endedAt)),
    ...given('energyWh', energyWh),
    ...given('powerW', running ? last?.powerW : undefined),
    ...given('emp', record.emp),
    cdr: record.cdr,
    ...given('cost', record.cost),
    ...given('stopReason', record.stopReason),
    ...given('problem', record.problem),
    ...(isPartial(record) ? { partial: true as const } : {}),
    messages: record.messages,
    findings: counts,
    verdict: counts[0] > 0 ? 'error' : counts[1] > 0 ? 'warning' : counts[2] > 0 ? 'info' : 'ok',
    steps: STEP_IDS.map((id) => stepOf(record, id)),
  };
}

export function energyOf(record: SessionRecord): number | undefined {
  const { meterStartWh, meterEndWh } = record;
  return meterStartWh === undefined || meterEndWh === undefined
    ? undefined
    : Math.round((meterEndWh - meterStartWh) * 1_000) / 1_000;
}

export function stateOf(record: SessionRecord, nowMs: number): SessionState {
  if (record.problem !== undefined) return 'problem';
  if (record.cdr === 'accepted') return 'settled';
  if (record.endedAt !== undefined) return 'ended';
  const started = record.ocppTx !== undefined || record.steps.has('plugged');
  // Nobody plugged in: the authorisation has run out.
  if (!started && nowMs - record.lastAt > TOKEN_WINDOW_MS) return 'ended';
  if (record.charging) return 'charging';
  if (record.suspended) return 'suspended';
  return started ? 'preparing' : 'authorising';
}

function isPartial(record: SessionRecord): boolean {
  return record.ocppTx !== undefined && record.told.get('start')?.station === undefined;
}

/** Notifications and records are of roaming only. */
function stepOf(record: SessionRecord, id: StepId): SessionStep {
  const mark = record.steps.get(id);
  if (mark !== undefined) return { id, state: mark.state, seq: mark.seq, at: isoTime(mark.t), ...given('ms', mark.ms) };
  const ofRoaming = id === 'notified' || id === 'cdr';
  if (ofRoaming && record.oicp === undefined) return { id, state: 'skipped' };
  const over = record.endedAt !== undefined || record.problem !== undefined;
  if (over && id !== 'cdr') return { id, state: 'skipped' };
  const before = STEP_IDS[STEP_IDS.indexOf(id) - 1];
  const isNext = before === undefined || record.steps.get(before)?.state === 'done';
  return { id, state: isNext ? 'active' : 'pending' };
}

type ItemUnit = 'time' | 'Wh' | 'word';
const UNITS: Readonly<Record<Item, ItemUnit>> = {
  start: 'time',
  end: 'time',
  chargingStart: 'time',
  chargingEnd: 'time',
  meterStart: 'Wh',
  meterEnd: 'Wh',
  energy: 'Wh',
  evseId: 'word',
  token: 'word',
  product: 'word',
  sessionId: 'word',
};

/** Compares what all sides say. OCPP 1.6 tells Wh, OICP kWh: cells are shown in Wh. */
export function reconciliationOf(record: SessionRecord, tolerance: Tolerance): Reconciliation {
  const energyWh = energyOf(record);
  const lastSeq = record.readings.at(-1)?.seq ?? record.firstSeq;
  const rows = ITEMS.map((item) => {
    const told = record.told.get(item) ?? {};
    const cells = Object.fromEntries(
      VOICES.map((voice) => {
        const each = told[voice];
        if (each === undefined) return [voice, {}];
        return [voice, { ...each, value: shown(each.value, UNITS[item], voice) }];
      }),
    ) as Record<Voice, { value?: string; seq?: number; pointer?: string }>;
    if (item === 'energy' && energyWh !== undefined) cells.station = { value: String(energyWh), seq: lastSeq };
    if (item === 'meterStart' && record.meterStartWh !== undefined && cells.station.value === undefined)
      cells.station = { value: String(record.meterStartWh), seq: record.readings[0]?.seq ?? record.firstSeq };
    if (item === 'meterEnd' && record.meterEndWh !== undefined && cells.station.value === undefined)
      cells.station = { value: String(record.meterEndWh), seq: lastSeq };
    if (item === 'energy' || item.startsWith('meter')) trimUnknown(cells);
    return { item, cells, ...verdictOf(item, Object.values(cells), tolerance) };
  });
  return { tolerance, rows };
}

function trimUnknown(cells: Record<Voice, { value?: string }>): void {
  for (const cell of Object.values(cells)) if (cell.value === 'NaN') delete cell.value;
}

function shown(value: string, unit: ItemUnit, voice: Voice): string {
  if (unit !== 'Wh' || voice === 'station' || voice === 'csms') return value;
  return String(Math.round(Number(value) * 1_000_000) / 1_000);
}

function verdictOf(
  item: Item,
  cells: readonly { readonly value?: string }[],
  tolerance: Tolerance,
): { verdict: Reconciliation['rows'][number]['verdict']; delta?: string } {
  const values = cells.map(({ value }) => value).filter((value) => value !== undefined);
  if (values.length < 2) return { verdict: 'missing' };
  const unit = UNITS[item];
  if (unit === 'word') {
    const same = new Set(values.map((value) => value.toUpperCase().replaceAll(/[-*]/g, ''))).size === 1;
    return { verdict: same ? 'equal' : 'differs' };
  }
  const numbers = values.map((value) => (unit === 'time' ? (parseTime(value) ?? Number.NaN) : Number(value)));
  const difference = Math.max(...numbers) - Math.min(...numbers);
  if (Number.isNaN(difference)) return { verdict: 'differs' };
  if (difference === 0) return { verdict: 'equal' };
  const within = unit === 'time' ? difference <= tolerance.s * 1_000 : difference <= tolerance.wh;
  const delta = unit === 'time' ? `${difference / 1_000} s` : `${Math.round(difference * 1_000) / 1_000} Wh`;
  return { verdict: within ? 'tolerated' : 'differs', delta };
}

function given<K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [key in K]: V });
}

import { parseTime } from '../../../core/time.ts';
import type { Observation } from '../observation.ts';
import { decimal, listAt, numberAt, textAt } from '../payload-reader.ts';
import { registersIn } from './registers.ts';

/** A transaction of 1.6 as the traffic shows it. */
export class Transaction16 {
  readonly connector: number;
  readonly idTag: string;
  readonly meterStartWh: number | undefined;
  /** As the station dated the start. */
  readonly startedAt: number | undefined;
  readonly reservationId: number | undefined;
  /** The newest transmission of its StartTransaction. */
  start: Observation;
  /** The first one. */
  readonly first: Observation;
  id: number | undefined;
  /** idTagInfo.status of the confirmation. */
  authorization: string | undefined;
  /** The confirmation, or the CALLERROR. */
  answer: Observation | undefined;
  /** The latest register value that MeterValues brought. */
  lastRegister: { readonly wh: number; readonly seq: number; readonly at: number } | undefined;
  /** Measurand, phase and location -> the latest register value. */
  readonly registers = new Map<string, { readonly value: number; readonly seq: number }>();
  /** When MeterValues of it last came. */
  meterValuesAt: number;
  /** The latest two messages with periodic values. */
  periodic: readonly { readonly seq: number; readonly measurands: readonly string[] }[] = [];
  /** Since when the register has stood still while power was drawn. */
  stuck: { readonly wh: number; readonly since: number; readonly seq: number } | undefined;
  stop: Observation | undefined;

  constructor(start: Observation) {
    this.start = start;
    this.first = start;
    this.connector = numberAt(start.payload, 'connectorId') ?? 0;
    this.idTag = textAt(start.payload, 'idTag') ?? '';
    this.meterStartWh = numberAt(start.payload, 'meterStart');
    this.startedAt = timeOf(start);
    this.reservationId = numberAt(start.payload, 'reservationId');
    this.meterValuesAt = start.time;
  }

  /** What a person calls it. */
  get name(): string {
    return this.id === undefined ? `the transaction on connector ${this.connector}` : `transaction ${this.id}`;
  }

  /** Equal in what a retry must keep (OCPP 1.6 §3.7.1). */
  isRetry(start: Observation): boolean {
    return (
      numberAt(start.payload, 'connectorId') === this.connector &&
      textAt(start.payload, 'idTag') === this.idTag &&
      numberAt(start.payload, 'meterStart') === this.meterStartWh &&
      timeOf(start) === this.startedAt
    );
  }
}

const ENDED = 24;
const OPEN = 64;

export class Transactions16 {
  /** Running, oldest first. */
  open: Transaction16[] = [];
  /** Stopped, oldest first. */
  ended: Transaction16[] = [];
  /** connector -> the meter reading at the end of its last transaction. */
  readonly lastStops = new Map<number, { readonly wh: number; readonly seq: number }>();

  on(connector: number): Transaction16 | undefined {
    return this.open.find((transaction) => transaction.connector === connector);
  }

  byId(id: number): Transaction16 | undefined {
    return this.open.findLast((transaction) => transaction.id === id) ?? this.ended.findLast((each) => each.id === id);
  }

  /** The transaction that a StartTransaction sends again. */
  retried(start: Observation): Transaction16 | undefined {
    return this.open.find((each) => each.isRetry(start)) ?? this.ended.findLast((each) => each.isRetry(start));
  }

  /** The running transaction that a StopTransaction ends: −1 stands for one whose id never came (1.6 errata 3.18). */
  stoppedBy(stop: Observation): Transaction16 | undefined {
    const id = numberAt(stop.payload, 'transactionId');
    const named = this.open.findLast((transaction) => transaction.id === id);
    if (named !== undefined || id !== -1) return named;
    return (
      this.open.find((transaction) => transaction.id === undefined) ??
      (this.open.length === 1 ? this.open[0] : undefined)
    );
  }

  update(o: Observation): void {
    if (o.action === 'StartTransaction') {
      if (o.kind === 'request') this.#started(o);
      else this.#confirmed(o);
    } else if (o.action === 'StopTransaction' && o.kind === 'request') {
      this.#stopped(o);
    } else if (o.action === 'MeterValues' && o.kind === 'request') {
      this.#metered(o);
    }
  }

  #started(start: Observation): void {
    const retried = this.retried(start);
    if (retried !== undefined) {
      retried.start = start;
      return;
    }
    // A start on a busy connector takes its place: one finding, and no more that follow from it.
    const connector = numberAt(start.payload, 'connectorId');
    this.open = this.open.filter((transaction) => transaction.connector !== connector);
    this.open.push(new Transaction16(start));
    if (this.open.length > OPEN) this.open.shift();
  }

  #confirmed(answer: Observation): void {
    const { request } = answer;
    if (request === null) return;
    const transaction =
      this.open.find((each) => each.start === request) ?? this.ended.findLast((each) => each.start === request);
    if (transaction === undefined) return;
    transaction.answer = answer;
    if (answer.kind !== 'response') return;
    transaction.id = numberAt(answer.payload, 'transactionId') ?? transaction.id;
    transaction.authorization = textAt(answer.payload, 'idTagInfo', 'status') ?? transaction.authorization;
  }

  #stopped(stop: Observation): void {
    const transaction = this.stoppedBy(stop);
    if (transaction === undefined) return;
    this.open = this.open.filter((other) => other !== transaction);
    transaction.stop = stop;
    this.ended.push(transaction);
    if (this.ended.length > ENDED) this.ended.shift();
    const wh = numberAt(stop.payload, 'meterStop');
    if (wh !== undefined) this.lastStops.set(transaction.connector, { wh, seq: stop.seq });
  }

  #metered(o: Observation): void {
    const transaction = this.on(numberAt(o.payload, 'connectorId') ?? -1);
    if (transaction === undefined) return;
    transaction.meterValuesAt = o.time;
    if (isPeriodic(o))
      transaction.periodic = [...transaction.periodic.slice(-1), { seq: o.seq, measurands: measurandsIn(o) }];
    transaction.stuck = stuckRegister(o, transaction.stuck);
    for (const meterValue of listAt(o.payload, 'meterValue')) {
      for (const sample of listAt(meterValue, 'sampledValue')) {
        const wh = energyRegisterWh(sample);
        if (wh !== undefined) transaction.lastRegister = { wh, seq: o.seq, at: o.time };
      }
    }
    for (const { series, value } of registersIn(o)) transaction.registers.set(series, { value, seq: o.seq });
  }
}

/** Epoch milliseconds of a message's own time stamp. */
export function timeOf(o: Observation): number | undefined {
  return o.timestamp;
}

/** Wh of a sample that is the total imported energy at the outlet; undefined for every other sample. */
export function energyRegisterWh(sample: unknown): number | undefined {
  const measurand = textAt(sample, 'measurand') ?? 'Energy.Active.Import.Register';
  if (measurand !== 'Energy.Active.Import.Register' || textAt(sample, 'phase') !== undefined) return undefined;
  if ((textAt(sample, 'location') ?? 'Outlet') !== 'Outlet' || textAt(sample, 'format') === 'SignedData')
    return undefined;
  const value = decimal(textAt(sample, 'value'));
  const unit = textAt(sample, 'unit') ?? 'Wh';
  if (value === undefined || (unit !== 'Wh' && unit !== 'kWh')) return undefined;
  return unit === 'kWh' ? value * 1_000 : value;
}

function measurandsIn(o: Observation): string[] {
  return listAt(o.payload, 'meterValue')
    .flatMap((meterValue) => listAt(meterValue, 'sampledValue'))
    .map((sample) => textAt(sample, 'measurand') ?? 'Energy.Active.Import.Register');
}

export function isPeriodic(o: Observation): boolean {
  return listAt(o.payload, 'meterValue').some((each) =>
    listAt(each, 'sampledValue').some(
      (sample) => (textAt(sample, 'context') ?? 'Sample.Periodic') === 'Sample.Periodic',
    ),
  );
}

const DRAWING_W = 500;

/** The register that stands still though the message shows power, with the time since when it has. */
export function stuckRegister(o: Observation, before: Transaction16['stuck']): Transaction16['stuck'] {
  const [first] = listAt(o.payload, 'meterValue');
  let wh: number | undefined;
  let watts: number | undefined;
  for (const sample of listAt(first, 'sampledValue')) {
    wh ??= energyRegisterWh(sample);
    if (textAt(sample, 'measurand') !== 'Power.Active.Import' || textAt(sample, 'phase') !== undefined) continue;
    const value = decimal(textAt(sample, 'value'));
    if (value !== undefined) watts = textAt(sample, 'unit') === 'kW' ? value * 1_000 : value;
  }
  if (wh === undefined || watts === undefined) return before;
  if (watts <= DRAWING_W) return undefined;
  const text = textAt(first, 'timestamp');
  const at = text === undefined ? undefined : parseTime(text);
  return before?.wh === wh || at === undefined ? before : { wh, since: at, seq: o.seq };
}

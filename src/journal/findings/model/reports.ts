import type { Observation } from '../observation.ts';
import { booleanAt, listAt, numberAt, textAt, valueAt } from '../payload-reader.ts';

/** Requests whose result comes in messages of its own (2.x FR.05), and which messages those are. */
export const RESULT_OF: Readonly<Record<string, string>> = {
  GetBaseReport: 'NotifyReport',
  GetReport: 'NotifyReport',
  GetMonitoringReport: 'NotifyMonitoringReport',
  GetDisplayMessages: 'NotifyDisplayMessages',
  CustomerInformation: 'NotifyCustomerInformation',
};

/** A report that the CSMS has asked for, and what came of it. */
export interface AskedReport {
  readonly action: string;
  readonly request: Observation;
  /** Undefined while the station has not answered; `refused` for anything but Accepted. */
  answer: 'accepted' | 'refused' | undefined;
  status: string;
  answerSeq: number;
  /** The newest part. */
  part: Observation | undefined;
  nextSeqNo: number;
  /** A part had another number than was due: what the report holds cannot be told. */
  hasHole: boolean;
  /** The last part was seen: `tbc` absent or false. */
  ended: boolean;
  /** FullInventory: `component.variable[instance]` of all parts, in lower case. */
  readonly variables: Set<string> | undefined;
  /** FullInventory: EVSEs (`1`) and connectors (`1/2`) of all parts. */
  readonly places: Set<string>;
}

const LIMIT = 16;
const VARIABLES = 5_000;

/** Reports in several parts, by what kind of message brings them and their requestId. */
export class Reports {
  readonly #asked = new Map<string, AskedReport>();
  /** The newest NotifyEvent: its parts have no requestId. */
  event: Observation | undefined;
  /** The EVSEs (`1`) and connectors (`1/2`) that the station has, by its last whole inventory. */
  places: ReadonlySet<string> | undefined;

  /** The report that a part belongs to. */
  of(part: Observation): AskedReport | undefined {
    return this.#asked.get(keyOf(part.action, part.payload));
  }

  /** The report that a request asked for. */
  askedBy(request: Observation): AskedReport | undefined {
    return this.#asked.get(keyOf(RESULT_OF[request.action] ?? '', request.payload));
  }

  update(o: Observation): void {
    if (o.kind === 'request') {
      if (o.action === 'NotifyEvent') this.event = o;
      else if (RESULT_OF[o.action] === undefined) this.#part(o);
      else this.#ask(o);
    } else if (o.request !== null && RESULT_OF[o.action] !== undefined) {
      const report = this.askedBy(o.request);
      if (report === undefined || report.request !== o.request) return;
      report.status = o.kind === 'response' ? (textAt(o.payload, 'status') ?? '') : o.code;
      report.answer = report.status === 'Accepted' ? 'accepted' : 'refused';
      report.answerSeq = o.seq;
    }
  }

  #ask(o: Observation): void {
    const key = keyOf(RESULT_OF[o.action] ?? '', o.payload);
    this.#asked.delete(key);
    this.#asked.set(key, {
      action: o.action,
      request: o,
      answer: undefined,
      status: '',
      answerSeq: 0,
      part: undefined,
      nextSeqNo: 0,
      hasHole: false,
      ended: false,
      variables: textAt(o.payload, 'reportBase') === 'FullInventory' ? new Set() : undefined,
      places: new Set(),
    });
    if (this.#asked.size <= LIMIT) return;
    for (const oldest of this.#asked.keys()) {
      this.#asked.delete(oldest);
      return;
    }
  }

  #part(o: Observation): void {
    const report = this.of(o);
    if (report === undefined) return;
    const seqNo = numberAt(o.payload, 'seqNo') ?? report.nextSeqNo;
    if (seqNo !== report.nextSeqNo) report.hasHole = true;
    report.nextSeqNo = seqNo + 1;
    report.part = o;
    report.ended = booleanAt(o.payload, 'tbc') !== true;
    if (report.variables === undefined) return;
    addPlaces(report.places, o.payload);
    if (report.ended && !report.hasHole && report.places.size > 0) this.places = report.places;
    if (report.ended) report.variables.clear();
    else addVariables(report.variables, o.payload);
  }
}

/**
 * Adds `component.variable` and `component.variable[instance]` of each item of a NotifyReport, in lower case. The first
 * also for instances: what is required once is there when it is there several times, for example in several languages.
 */
export function addVariables(names: Set<string>, payload: unknown): void {
  for (const item of listAt(payload, 'reportData')) {
    if (names.size >= VARIABLES) return;
    const instance = textAt(item, 'variable', 'instance');
    const name = `${textAt(item, 'component', 'name')}.${textAt(item, 'variable', 'name')}`.toLowerCase();
    names.add(name);
    if (instance !== undefined) names.add(`${name}[${instance.toLowerCase()}]`);
  }
}

/** Adds the EVSEs and connectors that components belong to. */
export function addPlaces(places: Set<string>, payload: unknown): void {
  for (const item of listAt(payload, 'reportData')) {
    const evse = numberAt(item, 'component', 'evse', 'id');
    const connector = numberAt(item, 'component', 'evse', 'connectorId');
    if (evse === undefined || places.size >= VARIABLES) continue;
    places.add(String(evse));
    if (connector !== undefined) places.add(`${evse}/${connector}`);
  }
}

function keyOf(result: string, payload: unknown): string {
  return `${result} ${String(valueAt(payload, 'requestId'))}`;
}

import type { Observation } from '../observation.ts';
import { booleanAt, numberAt, textAt } from '../payload-reader.ts';

/** A report that the CSMS asked for by number, and that comes in parts. */
export interface ReportChain {
  readonly seq: number;
  /** Undefined while the request is not answered. */
  accepted: boolean | undefined;
  parts: number;
  /** A part without `tbc` came: there must be no more. */
  finished: boolean;
}

const LIMIT = 32;
const REQUESTS: Readonly<Record<string, string>> = {
  GetChargingProfiles: 'ReportChargingProfiles',
  GetDERControl: 'ReportDERControl',
};

/** Reports of charging profiles (2.x K09) and of DER controls (2.1 R04): request numbers and how far their parts have come. */
export class ReportChains {
  readonly #chains = new Map<string, ReportChain>();

  /** The chain that a part of a report belongs to. */
  of(report: Observation): ReportChain | undefined {
    return this.#chains.get(keyOf(report.action, report.payload));
  }

  update(o: Observation): void {
    const report = REQUESTS[o.action];
    if (report === undefined) {
      const chain = o.kind === 'request' ? this.of(o) : undefined;
      if (chain === undefined) return;
      chain.parts++;
      chain.finished = booleanAt(o.payload, 'tbc') !== true;
      return;
    }
    if (o.kind === 'request') {
      const key = keyOf(report, o.payload);
      this.#chains.delete(key);
      this.#chains.set(key, { seq: o.seq, accepted: undefined, parts: 0, finished: false });
      if (this.#chains.size > LIMIT) this.#forgetOldest();
      return;
    }
    const chain = this.#chains.get(keyOf(report, o.request?.payload));
    if (chain !== undefined) chain.accepted = o.kind === 'response' && textAt(o.payload, 'status') === 'Accepted';
  }

  #forgetOldest(): void {
    for (const oldest of this.#chains.keys()) {
      this.#chains.delete(oldest);
      return;
    }
  }
}

function keyOf(report: string, payload: unknown): string {
  return `${report} ${numberAt(payload, 'requestId') ?? ''}`;
}

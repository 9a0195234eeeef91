import { isObject } from '../sessions/members.ts';
import type { LogMessage } from './log-message.ts';

/** What is replaced, by the member's name; the new value has the form that the member's schema asks for. */
const MEMBERS: Readonly<Record<string, (n: number) => string>> = {
  idTag: (n) => `TAG-${String(n).padStart(4, '0')}`,
  parentIdTag: (n) => `TAG-${String(n).padStart(4, '0')}`,
  idToken: (n) => `TAG-${String(n).padStart(4, '0')}`,
  UID: (n) => n.toString(16).toUpperCase().padStart(8, '0'),
  EvcoID: (n) => `DE-ANO-C${String(n).padStart(8, '0')}-X`,
  emaid: (n) => `DE-ANO-C${String(n).padStart(8, '0')}-X`,
  eMAID: (n) => `DE-ANO-C${String(n).padStart(8, '0')}-X`,
  contractId: (n) => `DE-ANO-C${String(n).padStart(8, '0')}-X`,
  EvseID: (n) => `DE*ANO*E${String(n).padStart(4, '0')}`,
  chargePointSerialNumber: (n) => `SN-${n}`,
  chargeBoxSerialNumber: (n) => `SN-${n}`,
  meterSerialNumber: (n) => `SN-${n}`,
  serialNumber: (n) => `SN-${n}`,
  iccid: (n) => `ICCID-${n}`,
  imsi: (n) => `IMSI-${n}`,
  CPOPartnerSessionID: (n) => `CPO-${n}`,
  EMPPartnerSessionID: (n) => `EMP-${n}`,
  PIN: () => '0000',
  Password: () => '***',
  password: () => '***',
  certificate: (n) => `certificate ${n}`,
  certificateChain: (n) => `certificate ${n}`,
  csr: (n) => `request ${n}`,
  exiRequest: (n) => `EXI ${n}`,
};

/** Replaces who somebody is: the same value gets the same replacement everywhere, so that relations stay. */
export class Anonymiser {
  readonly #known = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  message(message: LogMessage): LogMessage {
    const raw = this.text(message.raw);
    if (message.type === 'whole') return { ...message, raw };
    return { ...message, raw, ...(message.station === undefined ? {} : { station: this.station(message.station) }) };
  }

  station(id: string): string {
    return this.#replace('station', id, (n) => `STATION-${n}`);
  }

  text(raw: string): string {
    try {
      return JSON.stringify(this.#value(JSON.parse(raw)));
    } catch {
      // What is not readable may hold anything.
      return '(not readable, left out)';
    }
  }

  #value(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((each: unknown) => this.#value(each));
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => {
        const form = MEMBERS[name];
        if (form === undefined || typeof member !== 'string') return [name, this.#value(member)];
        return [name, this.#replace(form(0), member, form)];
      }),
    );
  }

  #replace(family: string, value: string, form: (n: number) => string): string {
    const key = JSON.stringify([family, value.toUpperCase()]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const next = (this.#counts.get(family) ?? 0) + 1;
    this.#counts.set(family, next);
    const replacement = form(next);
    this.#known.set(key, replacement);
    return replacement;
  }
}

import {
  emaidCheckCharacter,
  emaidCore,
  isEmaidConsistent,
  parseEmaid,
  requireEmaid,
} from '../../protocols/iso15118/index.ts';
import { ruleCatalogue } from '../findings/catalogue.ts';
import type { Rule } from '../findings/rule.ts';
import { isObject } from '../sessions/members.ts';
import type { LogMessage } from './log-message.ts';

/** Members that name a driver. The same card or contract gets the same replacement under all of these names. */
const TOKENS: ReadonlySet<string> = new Set([
  'idTag',
  'parentIdTag',
  'idToken',
  'UID',
  'EvcoID',
  'emaid',
  'eMAID',
  'contractId',
]);

/** What else is replaced, by the member's name; the new value has the form that the member's schema asks for. */
const MEMBERS: Readonly<Record<string, (n: number) => string>> = {
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

const CARD_DIGITS = /^[0-9A-F]+$/i;
/** Hexadecimal digits of a UID of 4, 7 or 10 bytes. */
const CARD_LENGTHS: ReadonlySet<number> = new Set([8, 14, 20]);

/** Rules that read what is replaced whole: certificates, requests for them, and EXI. They say nothing of an anonymised log. */
const READ_CERTIFICATES = /^(pnc\.(chain|root|ocsp|authorize|exi)\.|OCPP-SE-00[123479]$|OCPP21-CERT-)/;

/** The rules that can judge an anonymised log. */
export function rulesOfAnonymised(): readonly Rule[] {
  return ruleCatalogue().filter(({ id }) => !READ_CERTIFICATES.test(id));
}

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
        if (typeof member !== 'string') return [name, this.#value(member)];
        if (TOKENS.has(name)) return [name, this.#token(member)];
        const form = MEMBERS[name];
        if (form !== undefined) return [name, this.#replace(form(0), member, form)];
        // A DataTransfer carries JSON as text.
        return [name, name === 'data' && /^\s*[[{]/.test(member) ? this.text(member) : member];
      }),
    );
  }

  /** Of the same form, so that what asks for that form finds it: a card's number as hexadecimal digits, a contract as one. */
  #token(value: string): string {
    const contract = parseEmaid(value);
    if (contract !== undefined) {
      const core = this.#replace('contract', emaidCore(contract), (n) => `DEANOC${String(n).padStart(8, '0')}`);
      const parts = [core.slice(0, 2), core.slice(2, 5), core.slice(5)];
      // One with and one without its check character are the same.
      if (contract.checkCharacter !== undefined) {
        const right = isEmaidConsistent(contract);
        parts.push(right ? emaidCheckCharacter(requireEmaid(core)) : contract.checkCharacter);
      }
      return parts.join(value.includes('-') ? '-' : '');
    }
    const { length } = value;
    return this.#replace('token', value, (n) =>
      CARD_DIGITS.test(value) && CARD_LENGTHS.has(length)
        ? n.toString(16).toUpperCase().padStart(length, '0')
        : `TAG-${String(n).padStart(4, '0')}`,
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

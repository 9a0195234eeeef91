import type { Observation } from '../observation.ts';
import { isObject, textAt } from '../payload-reader.ts';

/** Names Plug & Charge inside DataTransfer of OCPP 1.6 (application note of the Open Charge Alliance). */
const VENDOR = 'org.openchargealliance.iso15118pnc';

/** A Plug & Charge message as OCPP carries it: natively in 2.x, as JSON text in a DataTransfer in 1.6. */
export interface PncMessage {
  readonly name: string;
  /** The inner payload; undefined when the text is no JSON. */
  readonly payload: unknown;
  /** Before a pointer into the payload: 1.6 has only the text as a whole. */
  readonly pointer: (inner: string) => string;
}

const NATIVE = (inner: string): string => inner;
const WRAPPED = (): string => '/data';

/** `undefined` for what is no Plug & Charge message. */
export function pncMessageOf(o: Observation): PncMessage | undefined {
  if (o.action !== 'DataTransfer') return { name: o.action, payload: o.payload, pointer: NATIVE };
  const request = o.kind === 'request' ? o : o.request;
  if (request === null || textAt(request.payload, 'vendorId') !== VENDOR) return undefined;
  const name = textAt(request.payload, 'messageId');
  const data = textAt(o.payload, 'data');
  return name === undefined
    ? undefined
    : { name, payload: data === undefined ? undefined : jsonOf(data), pointer: WRAPPED };
}

/** The token, which EVerest writes as in 2.x. */
export function emaidIn(payload: unknown): string | undefined {
  return textAt(payload, 'idToken', 'idToken') ?? textAt(payload, 'idToken');
}

/** True when the car's contract is asked about: 2.x asks about cards with the same action. */
export function isContractQuestion(payload: unknown): boolean {
  if (!isObject(payload)) return false;
  return (
    textAt(payload, 'idToken', 'type') === 'eMAID' ||
    typeof payload['idToken'] === 'string' ||
    payload['certificate'] !== undefined ||
    payload['iso15118CertificateHashData'] !== undefined
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

import { parseJson } from '../../../core/json.ts';
import { lazyValidator, type Validator } from '../../../platform/schema/validator.ts';
import {
  EMAID_PATTERN,
  PCID_PATTERN,
  type PoolOperation,
  patternMessage,
  TOKEN_REFUSALS,
} from '../../../protocols/opcp/index.ts';
import { PoolRefusal } from './pool-call.ts';

/** The published spelling of certificate fields in refusals. */
const FIELD_SPELLING: Readonly<Record<string, string>> = {
  subCA1Certificate: 'subCa1Certificate',
  subCA2Certificate: 'subCa2Certificate',
};

const PATTERNS: Readonly<Record<string, string>> = { emaid: EMAID_PATTERN, pcid: PCID_PATTERN };

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function formOf(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

/** Reads and checks bodies, paths and headers as the table declares them, with the refusals that are published. */
export class RequestShapes {
  readonly #bodies = new Map<string, Validator>();

  /** @throws PoolRefusal */
  body(operation: PoolOperation, bytes: Uint8Array, contentType: string): unknown {
    const { kind, schema } = operation.request;
    if (kind === 'none') return undefined;
    if (kind !== 'json' && kind !== 'json-or-form') return bytes;
    const text = Buffer.from(bytes).toString('utf8');
    const isForm = kind === 'json-or-form' && /^application\/x-www-form-urlencoded/i.test(contentType);
    const value = isForm ? formOf(text) : parsed(text);
    const isToken = operation.service === 'Token';
    if (!isObject(value)) throw refusal(isToken, ['The body is no JSON object.']);
    if (schema === undefined) return value;
    let validator = this.#bodies.get(operation.name);
    if (validator === undefined) {
      validator = lazyValidator(schema);
      this.#bodies.set(operation.name, validator);
    }
    const wrong = validator.errors(value);
    if (wrong.length > 0)
      throw refusal(isToken, [...new Set(wrong.map(({ pointer, msg }) => published(pointer, msg)))]);
    return value;
  }

  /** PCIDs and EMAIDs of a path. @throws PoolRefusal */
  params(params: Readonly<Record<string, string>>): void {
    for (const [name, pattern] of Object.entries(PATTERNS)) {
      const value = params[name];
      if (value !== undefined && !new RegExp(pattern).test(value)) {
        throw new PoolRefusal(400, patternMessage(name, pattern));
      }
    }
  }
}

function refusal(isToken: boolean, messages: readonly string[]): PoolRefusal {
  // The token service answers in the words of RFC 6749.
  return new PoolRefusal(400, messages, isToken ? TOKEN_REFUSALS.invalidRequest(messages.join(' ')) : undefined);
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function published(pointer: string, msg: string): string {
  const names = pointer.split('/').slice(1);
  const field = names.findLast((name) => !/^\d+$/.test(name)) ?? 'body';
  if (/required|missing/i.test(msg)) return `${field} : must not be null`;
  const pattern = PATTERNS[field];
  if (pattern !== undefined) return patternMessage(field, pattern);
  if (/Certificates?$/.test(field)) {
    const list = field === 'contractSignatureCertChainSubCertificates' ? ' list' : '';
    return `Invalid certificate format on ${FIELD_SPELLING[field] ?? field}${list}`;
  }
  return `${field} : ${msg}`;
}

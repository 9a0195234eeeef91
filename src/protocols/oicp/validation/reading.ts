import type { SchemaNode } from '../schema/annotations.ts';
import { child, type Finding, type FindingCode } from './findings.ts';
import type { Severity, Strength } from './severity.ts';

type Members = Record<string, unknown>;

export function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const NUMBER_TEXT = /^-?[0-9]+(\.[0-9]+)?$/;

/**
 * Brings a received body into the one form that the schemas describe: absent members absent (not null), each member and
 * value in its right spelling, numbers as numbers. What it changes or finds superfluous becomes a finding. Unknown
 * members stay: they are forwarded. The received value is not changed.
 */
export class BodyReader {
  readonly findings: Finding[] = [];
  readonly #strict: boolean;
  /** Pointers in the read value -> pointers in the received one, where a member was renamed. */
  readonly #renamed = new Map<string, string>();

  constructor(strength: Strength) {
    this.#strict = strength === 'strict';
  }

  read(value: unknown, schema: SchemaNode): unknown {
    return this.#read(value, schema, '');
  }

  /** The pointer into the received body of a pointer into the read one. */
  receivedPointer(pointer: string): string {
    if (this.#renamed.size === 0) return pointer;
    let received = '';
    let read = '';
    for (const step of pointer.split('/').slice(1)) {
      read += `/${step}`;
      received = this.#renamed.get(read) ?? `${received}/${step}`;
    }
    return received;
  }

  #read(value: unknown, schema: SchemaNode, pointer: string): unknown {
    if (schema.properties !== undefined && isObject(value)) return this.#readObject(value, schema, pointer);
    if (schema.items !== undefined) return this.#readList(value, schema, schema.items, pointer);
    if (typeof value !== 'string') return value;
    const spelling = own(schema['x-value-aliases'], value);
    if (spelling !== undefined) {
      this.#note('oicp.body.value-spelling', pointer, `"${value}" is written "${spelling}"`);
      return spelling;
    }
    if ((schema.type === 'number' || schema.type === 'integer') && NUMBER_TEXT.test(value)) {
      this.#note('oicp.body.number-as-text', pointer, `${value} is a number and stands without quotation marks`);
      return Number(value);
    }
    return value;
  }

  #readList(value: unknown, schema: SchemaNode, items: SchemaNode, pointer: string): unknown {
    if (Array.isArray(value)) return value.map((item, index) => this.#read(item, items, child(pointer, index)));
    if (schema['x-wrap'] !== true || value === undefined) return value;
    // Both forms stand in the documents, so that even a strict reader takes the single value.
    this.findings.push({
      pointer,
      code: 'oicp.body.single-for-list',
      severity: 'info',
      text: 'one value is sent as a list with one entry',
    });
    return [this.#read(value, items, pointer)];
  }

  #readObject(value: Members, schema: SchemaNode, pointer: string): Members {
    const properties = schema.properties ?? {};
    const result: Members = {};
    for (const [key, member] of Object.entries(value)) {
      const at = child(pointer, key);
      const alias = own(schema['x-aliases'], key);
      if (member === null || member === undefined) {
        if (this.#strict && member === null) this.#note('oicp.body.null', at, `${key} is left out, not null`);
      } else if (Object.hasOwn(properties, key)) {
        assign(result, key, this.#read(member, properties[key] ?? {}, at));
      } else if (alias !== undefined && !this.#strict && (value[alias] ?? null) === null) {
        this.#note('oicp.body.member-spelling', at, `${key} is written ${alias}`);
        const canonical = child(pointer, alias);
        this.#renamed.set(canonical, at);
        result[alias] = this.#read(member, properties[alias] ?? {}, canonical);
      } else if (alias !== undefined) {
        this.#note('oicp.body.member-spelling', at, `${key} is written ${alias}`);
        assign(result, key, member);
      } else {
        this.#note('oicp.body.unknown-member', at, `${key} is not a member of this object`, 'info');
        assign(result, key, member);
      }
    }
    return result;
  }

  #note(code: FindingCode, pointer: string, text: string, lenient: Severity = 'warning'): void {
    this.findings.push({ pointer, code, text, severity: this.#strict ? 'error' : lenient });
  }
}

/** A peer's key may be `constructor` or `__proto__`, which every object seems to have. */
function own(table: Readonly<Record<string, string>> | undefined, key: string): string | undefined {
  return table !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
}

/** Sets an own member even when a peer names it `__proto__`. */
function assign(target: Members, key: string, value: unknown): void {
  if (key !== '__proto__') target[key] = value;
  else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

import fc from 'fast-check';
import type { Random } from '../../src/core/random.ts';
import { listed, resolved, type SchemaNode } from './schema-node.ts';

/** Below this only required members are made. */
const MAX_DEPTH = 5;
const TEXTS = [
  'a',
  'Test 1',
  'straße',
  '🔌',
  'x'.repeat(40),
  '0',
  'null',
  "it's",
  '<b>&',
  '../..',
  'DE-DCB-C12345678-X',
];

/** Makes values that fit a schema, by chance but repeatable. */
export class ValidValues {
  readonly #random: Random;
  readonly #root: object;

  /** @param root the document that references start from */
  constructor(random: Random, root: object) {
    this.#random = random;
    this.#root = root;
  }

  make(schema: SchemaNode, depth = 0): unknown {
    const node = resolved(this.#root, schema);
    const random = this.#random;
    const values = listed(this.#root, node);
    if (values !== undefined) return random.pick(values);
    if (node.anyOf !== undefined) return this.make(random.pick(node.anyOf), depth);
    switch (node.type) {
      case 'object':
        return this.#object(node, depth);
      case 'array': {
        const least = node.minItems ?? 0;
        const most = Math.min(node.maxItems ?? least + 2, depth > MAX_DEPTH ? least : least + 2);
        return Array.from({ length: random.int(least, Math.max(least, most)) }, () =>
          this.make(node.items ?? {}, depth + 1),
        );
      }
      case 'string':
        return this.#text(node);
      case 'integer':
        return this.#number(node, 1);
      case 'number':
        return this.#number(node, node.multipleOf ?? 0.25);
      case 'boolean':
        return random.chance(0.5);
      case 'null':
        return null;
      default:
        // Anything goes.
        return random.pick<unknown>(['text', 0, -1.5, true, [], {}, { a: [1, { b: 'c' }] }]);
    }
  }

  #object(node: SchemaNode, depth: number): Record<string, unknown> {
    const random = this.#random;
    const required = new Set(node.required ?? []);
    const made: Record<string, unknown> = {};
    for (const [name, member] of Object.entries(node.properties ?? {})) {
      const wanted = required.has(name) || (depth <= MAX_DEPTH && random.chance(depth === 0 ? 0.6 : 0.35));
      if (wanted) made[name] = this.make(member, depth + 1);
    }
    const least = node.minProperties ?? 0;
    for (const [pattern, member] of Object.entries(node.patternProperties ?? {})) {
      const count = Math.max(least - Object.keys(made).length, depth > MAX_DEPTH ? 0 : random.int(0, 2));
      for (let at = 0; at < count; at++) made[this.#matching(pattern, 1, 20)] = this.make(member, depth + 1);
    }
    return made;
  }

  #text(node: SchemaNode): string {
    const random = this.#random;
    const least = node.minLength ?? 0;
    const most = node.maxLength ?? 100;
    if (node.format === 'date-time') {
      const time = new Date(1.7e12 + random.int(0, 1e9) * 100).toISOString();
      return random.pick([time, time.replace('Z', '+02:00'), time.replace(/\.\d+/, '')]);
    }
    if (node.format === 'uri') return 'http://127.0.0.1:9/file';
    if (node.pattern !== undefined) return this.#matching(node.pattern, least, most);
    // Lengths count characters, not halves of them.
    const text = [...random.pick(TEXTS), ...(random.chance(0.1) ? 'y'.repeat(Math.min(most, 5_000)) : '')];
    const cut = text.slice(0, most);
    return cut.join('') + 'z'.repeat(Math.max(0, least - cut.length));
  }

  #matching(pattern: string, least: number, most: number): string {
    const [text] = fc.sample(
      fc
        .stringMatching(new RegExp(pattern), { size: 'xsmall' })
        .filter(({ length }) => length >= least && length <= most),
      { seed: this.#random.uint32() | 0, numRuns: 1 },
    );
    return text ?? '';
  }

  #number(node: SchemaNode, step: number): number {
    const low = Math.ceil((node.minimum ?? -1_000) / step);
    const high = Math.floor((node.maximum ?? (node.minimum ?? 0) + 100_000) / step);
    const random = this.#random;
    const at = random.chance(0.2) ? random.pick([low, high]) : random.int(low, Math.min(high, low + 5_000));
    // 81 × 0.1 is not 8.1, but 81 / 10 is.
    return step < 1 ? at / Math.round(1 / step) : at * step;
  }
}

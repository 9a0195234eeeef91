import { bitsFor } from './bits.ts';
import type { Child, ComplexType } from './grammar.ts';

/** What may come next inside an element, and with which event code: the heart of a schema-informed grammar. */

export type Production =
  | { readonly event: 'attribute'; readonly index: number }
  | { readonly event: 'child'; readonly slot: number; readonly child: Child; readonly choice: boolean }
  | { readonly event: 'refused'; readonly name: string }
  | { readonly event: 'characters' }
  | { readonly event: 'end' };

/** Where the reader or writer stands inside one element. */
export interface Position {
  attribute: number;
  slot: number;
  /** How often the child of `slot` came already. */
  repeated: number;
  charactersDone: boolean;
}

export function startOfElement(): Position {
  return { attribute: 0, slot: 0, repeated: 0, charactersDone: false };
}

/** The productions of the first level in the order of their codes (EXI 1.0 section 8.5.4.3). */
export function productionsAt(type: ComplexType, at: Position): readonly Production[] {
  const list: Production[] = [];
  for (let index = at.attribute; index < type.attributes.length; index++) {
    list.push({ event: 'attribute', index });
    if (type.attributes[index]?.required) return list;
  }
  if (type.simpleContent !== undefined) {
    list.push({ event: at.charactersDone ? 'end' : 'characters' });
    return list;
  }
  for (let slot = at.slot; slot < type.particles.length; slot++) {
    const particle = type.particles[slot];
    if (particle === undefined) break;
    const repeated = slot === at.slot ? at.repeated : 0;
    if (particle.particle === 'refused') {
      list.push({ event: 'refused', name: particle.name });
    } else if (particle.particle === 'oneOf') {
      for (const option of particle.options) {
        if (option.particle === 'refused') list.push({ event: 'refused', name: option.name });
        else list.push({ event: 'child', slot, child: option, choice: true });
      }
      if (particle.required) return list;
    } else {
      // A bounded maxOccurs is unrolled: after the last allowed one only what follows remains.
      if (repeated < particle.max) list.push({ event: 'child', slot, child: particle, choice: false });
      if (repeated < particle.min) return list;
    }
  }
  list.push({ event: 'end' });
  if (type.mixed) list.push({ event: 'refused', name: 'mixed text' });
  return list;
}

/** One code more than productions: without the strict option every grammar keeps an escape to the second level. */
export function codeWidth(productions: readonly Production[]): number {
  return bitsFor(productions.length + 1);
}

export function advance(type: ComplexType, at: Position, production: Production & { event: 'child' }): void {
  at.attribute = type.attributes.length;
  if (production.choice) {
    at.slot = production.slot + 1;
    at.repeated = 0;
    return;
  }
  at.repeated = at.slot === production.slot ? at.repeated + 1 : 1;
  at.slot = production.slot;
}

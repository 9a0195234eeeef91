import type { Step } from './expression.ts';

/** How deep `..` looks, and how many values a path may give: payloads come from strangers. */
const DEPTH_LIMIT = 64;
const RESULT_LIMIT = 10_000;

/**
 * All values at a path. A member's name also walks through arrays: `meterValue.sampledValue.value` needs no `[*]`.
 * Only own members count, never what objects inherit.
 */
export function valuesAt(root: unknown, steps: readonly Step[]): readonly unknown[] {
  let present: unknown[] = [root];
  for (const step of steps) {
    const next: unknown[] = [];
    for (const value of present) {
      if (next.length > RESULT_LIMIT) break;
      if (typeof value !== 'object' || value === null) continue;
      switch (step.kind) {
        case 'key':
          if (Object.hasOwn(value, step.key)) next.push(member(value, step.key));
          else if (Array.isArray(value)) {
            for (const element of value) if (hasMember(element, step.key)) next.push(member(element, step.key));
          }
          break;
        case 'index':
          if (Array.isArray(value) && step.index < value.length) next.push(value[step.index]);
          break;
        case 'each':
          for (const element of Object.values(value)) next.push(element);
          break;
        case 'deep':
          collect(value, step.key, next, 0);
          break;
      }
    }
    present = next;
  }
  return present;
}

function collect(value: object, key: string, into: unknown[], depth: number): void {
  if (depth > DEPTH_LIMIT || into.length > RESULT_LIMIT) return;
  if (!Array.isArray(value) && Object.hasOwn(value, key)) into.push(member(value, key));
  for (const child of Object.values(value)) {
    if (typeof child === 'object' && child !== null) collect(child, key, into, depth + 1);
  }
}

function hasMember(value: unknown, key: string): value is object {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key);
}

function member(value: object, key: string): unknown {
  return (value as Record<string, unknown>)[key];
}

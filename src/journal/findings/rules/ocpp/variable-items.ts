import { variableKey } from '../../model/configuration.ts';
import { isObject, listAt, textAt } from '../../payload-reader.ts';
import type { RuleContext } from '../../rule.ts';

/** Where GetVariables and SetVariables keep their items. */
export const VARIABLE_LISTS: Readonly<Record<string, readonly [asked: string, result: string]>> = {
  GetVariables: ['getVariableData', 'getVariableResult'],
  SetVariables: ['setVariableData', 'setVariableResult'],
};

export interface Items {
  readonly asked: readonly unknown[];
  readonly results: readonly unknown[];
}

export function itemsOf({ o }: RuleContext): Items {
  const [asked, results] = VARIABLE_LISTS[o.action] ?? ['', ''];
  return { asked: listAt(o.request?.payload, asked), results: listAt(o.payload, results) };
}

/** Names compare in any case (2.x §4.3). */
export function keyOf(item: unknown): string {
  return variableKey(item).toLowerCase();
}

export function attributeKey(item: unknown): string {
  return `${keyOf(item)} ${textAt(item, 'attributeType') ?? 'Actual'}`;
}

export function isActual(item: unknown): boolean {
  return (textAt(item, 'attributeType') ?? 'Actual') === 'Actual';
}

/** What SetVariables put in force, or will after a reboot. */
export function* acceptedActuals(c: RuleContext): Generator<{ readonly key: string; readonly value: string }> {
  const { asked, results } = itemsOf(c);
  const values = new Map(asked.map((item) => [attributeKey(item), textAt(item, 'attributeValue') ?? '']));
  for (const result of results) {
    const status = textAt(result, 'attributeStatus');
    if (!isObject(result) || !isActual(result) || (status !== 'Accepted' && status !== 'RebootRequired')) continue;
    const value = values.get(attributeKey(result));
    if (value !== undefined) yield { key: variableKey(result), value };
  }
}

export function counted(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** Takes one of this key away; false when there is none. */
export function taken(counts: Map<string, number>, key: string): boolean {
  const left = counts.get(key) ?? 0;
  if (left > 0) counts.set(key, left - 1);
  return left > 0;
}

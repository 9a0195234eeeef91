import { listAt, textAt } from '../../payload-reader.ts';
import type { RuleContext } from '../../rule.ts';

/** Keys that read differently from what an accepted change set. */
function* changedKeys(
  c: RuleContext,
): Generator<{ key: string; value: string; before: { value: string; seq: number } }> {
  for (const item of listAt(c.o.payload, 'configurationKey')) {
    const key = textAt(item, 'key');
    const value = textAt(item, 'value');
    const before = key === undefined ? undefined : c.station.configuration.get(key);
    if (key === undefined || value === undefined || before?.how !== 'set' || before.value === undefined) continue;
    if (plain(value) !== plain(before.value)) yield { key, value, before: { value: before.value, seq: before.seq } };
  }
}

/** Without what may differ: case, spaces of lists, leading zeros. */
export function plain(value: string): string {
  const text = value.toLowerCase().replaceAll(/\s/g, '');
  return /^-?\d+(\.\d+)?$/.test(text) ? String(Number(text)) : text;
}

export function isAccepted(c: RuleContext, key: string): boolean {
  return (
    textAt(c.o.request?.payload, 'key')?.toLowerCase() === key.toLowerCase() &&
    textAt(c.o.payload, 'status') === 'Accepted'
  );
}

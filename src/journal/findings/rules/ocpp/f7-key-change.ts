import { textAt } from '../../payload-reader.ts';
import type { RuleContext } from '../../rule.ts';

/** True for the answer that accepts a change of this key. */
export function isAccepted(c: RuleContext, key: string): boolean {
  return (
    textAt(c.o.request?.payload, 'key')?.toLowerCase() === key.toLowerCase() &&
    textAt(c.o.payload, 'status') === 'Accepted'
  );
}

import { CompoteError } from '../core/errors.ts';
import { compileFilter, FIELD_SETS, type FilterRow, parseFilter } from './filter/index.ts';
import type { PlacedFinding } from './finding-shapes.ts';

/** A test of findings by the filter language. @throws INVALID_REQUEST with the position in `extra.errors` */
export function findingTest(q: string | undefined, nowMs: number): (finding: PlacedFinding) => boolean {
  if (q === undefined || q.trim() === '') return () => true;
  const { expression, errors } = parseFilter(q, FIELD_SETS.findings);
  const [error] = errors;
  if (error !== undefined) {
    throw new CompoteError('INVALID_REQUEST', {
      detail: `The filter does not fit at character ${error.from + 1}: ${error.msg}`,
      fields: [{ pointer: '/query/q', msg: error.msg }],
      extra: { errors },
    });
  }
  const test = compileFilter(expression, nowMs);
  return (finding) => test(rowOf(finding));
}

function rowOf(finding: PlacedFinding): FilterRow {
  return {
    values(field) {
      const value = field === 'peer' ? (finding.peer ?? 'unknown') : finding[field as keyof PlacedFinding];
      return typeof value === 'string' || typeof value === 'number' ? [value] : [];
    },
    flag(set, flag) {
      if (set === 'is') return finding.status === flag;
      if (flag === 'message') return finding.seq !== undefined;
      return flag === 'session' ? finding.session !== undefined : (finding.clause ?? '') !== '';
    },
    payloads: () => [],
    texts: () => [finding.id, finding.rule, finding.party, finding.text, finding.action ?? ''],
  };
}

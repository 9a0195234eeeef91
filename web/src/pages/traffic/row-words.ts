import type { Row } from '../../api/shapes.ts';
import { answerWords } from '../../parts/answer-text.tsx';
import { clockTime, partyName, protocolName } from '../../parts/format.ts';

/** A row as one sentence, for screen readers and titles. */
export function rowSentence(row: Row): string {
  const findings = row.fd === undefined ? 0 : row.fd[0] + row.fd[1] + row.fd[2];
  return [
    `message ${row.s}`,
    clockTime(row.t),
    protocolName(row.p, row.v),
    `${partyName(row.f)} to ${partyName(row.to)}`,
    row.a === '' ? row.k : row.a,
    row.sum,
    answerWords(row),
    findings === 0 ? '' : `${findings} ${findings === 1 ? 'finding' : 'findings'}`,
    (row.fl ?? []).join(', '),
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/** The action as the list shows it: answers in frames say whose answer they are. */
export function actionText(row: Row): string {
  if (row.a === '') return row.k === 'event' ? 'connection' : '(unreadable)';
  if (row.k === 'response') return `↩ ${row.a}`;
  if (row.k === 'error') return `✗ ${row.a}`;
  return row.a;
}

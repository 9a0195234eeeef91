import { notifications } from '@mantine/notifications';
import type { ActionAnswer, ActionStep } from './emp-shapes.ts';

/** What came of a call, with code, meaning and who said it. */
export function stepSentence({ operation, outcome, code, meaning, reason }: ActionStep): string {
  const said = [code, meaning].filter(Boolean).join(' ');
  return `${operation}: ${said === '' ? (reason ?? outcome) : said}${outcome === 'ok' ? '' : ', said by the hub or the operator behind it'}`;
}

export function tellAnswer(answer: ActionAnswer): void {
  const last = answer.steps.at(-1);
  const message = answer.summary ?? (last === undefined ? '' : stepSentence(last));
  if (answer.done) notifications.show({ message: message === '' ? 'Done' : message, autoClose: 4_000 });
  else notifications.show({ color: 'red', title: 'Refused', message, autoClose: 10_000 });
}

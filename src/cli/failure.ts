import { CommanderError } from 'commander';
import { CompoteError, messageOf } from '../core/errors.ts';

/** The sentence for the person at the terminal. */
export function sentenceOf(thrown: unknown): string {
  if (thrown instanceof CompoteError) {
    const what = thrown.detail === undefined ? thrown.title : `${thrown.title}: ${thrown.detail}`;
    return `${what}${/[.!?]$/.test(what) ? '' : '.'} ${thrown.hint}`;
  }
  return messageOf(thrown);
}

/** 2: what was typed or configured is wrong; 1: it could not be done. */
export function exitCodeOf(thrown: unknown): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
  if (thrown instanceof CompoteError) {
    return ['CONFIG_INVALID', 'INVALID_REQUEST', 'CERTIFICATE_UNREADABLE'].includes(thrown.code) ? 2 : 1;
  }
  return 1;
}

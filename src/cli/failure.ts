import { CommanderError } from 'commander';
import { CompoteError, type ErrorCode, messageOf } from '../core/errors.ts';

/** So many wrong fields are named in one sentence. */
const MAX_FIELDS = 3;

/** What was typed, configured or given is wrong: another try with the same would end the same. */
const WRONG_INPUT: ReadonlySet<ErrorCode> = new Set([
  'CONFIG_INVALID',
  'INVALID_REQUEST',
  'ARGUMENT_INVALID',
  'FILE_UNREADABLE',
  'CERTIFICATE_UNREADABLE',
]);

/** The sentence for the person at the terminal. */
export function sentenceOf(thrown: unknown): string {
  if (thrown instanceof CompoteError) {
    const said = thrown.detail === undefined ? thrown.title : `${thrown.title}: ${thrown.detail}`;
    const what = `${said}${fieldsOf(thrown, said)}`;
    return `${what}${/[.!?]$/.test(what) ? '' : '.'} ${thrown.hint}`;
  }
  return messageOf(thrown);
}

/** The fields that are wrong, unless the sentence names them already. */
function fieldsOf({ fields }: CompoteError, said: string): string {
  const [first] = fields;
  if (first === undefined || said.includes(first.msg)) return '';
  const named = fields.slice(0, MAX_FIELDS).map(({ pointer, msg }) => `${pointer} ${msg}`.trim());
  const more = fields.length > MAX_FIELDS ? `; and ${fields.length - MAX_FIELDS} more` : '';
  return `: ${named.join('; ')}${more}`;
}

/** 2: what was typed or configured is wrong; 1: it could not be done. */
export function exitCodeOf(thrown: unknown): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
  if (thrown instanceof CompoteError) {
    return WRONG_INPUT.has(thrown.code) ? 2 : 1;
  }
  return 1;
}

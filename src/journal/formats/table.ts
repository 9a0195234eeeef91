import { idIn, type Members, numberIn, objectIn, textIn } from '../sessions/members.ts';

/** What a row of the table says, from left to right. Payloads do not fit into a cell: they are in the other forms. */
const COLUMNS: readonly (readonly [string, (message: Members) => unknown])[] = [
  ['seq', (message) => idIn(message, 'seq')],
  ['time', (message) => textIn(objectIn(message, 'time'), 'received')],
  ['protocol', (message) => textIn(message, 'proto')],
  ['version', (message) => textIn(message, 'version')],
  ['kind', (message) => textIn(message, 'kind')],
  ['from', (message) => textIn(objectIn(message, 'from'), 'id')],
  ['to', (message) => textIn(objectIn(message, 'to'), 'id')],
  ['action', (message) => textIn(message, 'action')],
  ['messageId', (message) => textIn(message, 'messageId')],
  ['code', (message) => textIn(message, 'code')],
  ['partner', (message) => idIn(objectIn(message, 'partner'), 'seq')],
  ['latencyMs', (message) => numberIn(objectIn(message, 'partner'), 'latencyMs')],
  ['session', (message) => textIn(message, 'session')],
  ['trace', (message) => textIn(message, 'trace')],
  [
    'findings',
    (message) =>
      listIn(message, 'findings')
        .map((finding) => textIn(finding as Members, 'rule'))
        .join(' '),
  ],
  ['flags', (message) => listIn(message, 'flags').join(' ')],
  ['note', (message) => textIn(message, 'note')],
];

/** Comma-separated values (RFC 4180), one message a line. */
export async function* commaSeparated(pages: AsyncIterable<string>): AsyncGenerator<string> {
  yield `${COLUMNS.map(([name]) => name).join(',')}\r\n`;
  for await (const page of pages) {
    const lines = page
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const message = JSON.parse(line) as Members;
        return `${COLUMNS.map(([, value]) => cell(value(message))).join(',')}\r\n`;
      });
    yield lines.join('');
  }
}

function cell(value: unknown): string {
  if (value === undefined || value === null) return '';
  const text = String(value);
  // A spreadsheet takes what begins like this for a formula; the texts come from strangers.
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function listIn(message: Members, name: string): readonly unknown[] {
  const value = message[name];
  return Array.isArray(value) ? value : [];
}

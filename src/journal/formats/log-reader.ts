import { CompoteError } from '../../core/errors.ts';
import { looksLikeHar, readHar } from './har.ts';
import type { LogMessage } from './log-message.ts';
import { LOG_SHAPES } from './log-shapes.ts';

/** An HTTP archive is one JSON value: longer ones would not fit the memory. */
const MAX_HAR = 256 * 1024 * 1024;
/** A line of more characters is no line of a log. */
const MAX_LINE = 16 * 1024 * 1024;

export interface ReadCounts {
  lines: number;
  messages: number;
  /** Messages by the shape that took them. */
  readonly shapes: Map<string, number>;
}

function tooLarge(name: string): CompoteError {
  return new CompoteError('FILE_UNREADABLE', {
    detail: `${name === '' ? 'The HTTP archive' : name} is larger than ${MAX_HAR / 1024 / 1024} MB: an archive is read at once`,
    hint: 'Save fewer requests at once, or export JSON Lines.',
  });
}

/**
 * Reads a log of any known shape, in pieces of any size; never holds more than a line (HTTP archives: the whole).
 * @param name of the log, among several
 */
export async function* readLog(
  chunks: AsyncIterable<string> | Iterable<string>,
  counts: ReadCounts = { lines: 0, messages: 0, shapes: new Map() },
  name = '',
): AsyncGenerator<LogMessage> {
  const readers = LOG_SHAPES.map(({ name, reader }) => ({ name, read: reader() }));
  let rest = '';
  let har: string | undefined;
  let first = true;
  const take = (line: string): LogMessage | undefined => {
    counts.lines++;
    for (const { name, read } of readers) {
      const message = read(line);
      if (message === undefined) continue;
      counts.messages++;
      counts.shapes.set(name, (counts.shapes.get(name) ?? 0) + 1);
      return message;
    }
    return undefined;
  };
  for await (const chunk of chunks) {
    if (first && rest.length + chunk.length < 64) {
      rest += chunk;
      continue;
    }
    const text = rest + chunk;
    if (first && looksLikeHar(text)) har = '';
    first = false;
    if (har !== undefined) {
      har += text;
      rest = '';
      if (har.length > MAX_HAR) throw tooLarge(name);
      continue;
    }
    const lines = text.split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE) rest = '';
    for (const line of lines) {
      const message = take(line.replace(/\r$/, ''));
      if (message !== undefined) yield message;
    }
  }
  if (har === undefined && first && looksLikeHar(rest)) har = rest;
  if (har !== undefined) {
    for (const message of readHar(har, name)) {
      counts.messages++;
      counts.shapes.set('HAR', (counts.shapes.get('HAR') ?? 0) + 1);
      yield message;
    }
    return;
  }
  for (const line of rest.split('\n')) {
    if (line === '') continue;
    const message = take(line.replace(/\r$/, ''));
    if (message !== undefined) yield message;
  }
}

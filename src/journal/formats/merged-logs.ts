import type { LogMessage } from './log-message.ts';

/** What was read of a log and not told yet. */
interface Head {
  readonly log: AsyncIterator<LogMessage>;
  message: LogMessage;
  /** Its time, or that of the message before it in the same log. */
  time: number;
}

/**
 * The messages of several logs in the order of their times; each log keeps its own order. A message without a time follows
 * the one before it; a log without times comes first.
 */
export async function* inOrderOfTime(logs: readonly AsyncIterable<LogMessage>[]): AsyncGenerator<LogMessage> {
  const [only] = logs;
  if (only !== undefined && logs.length === 1) return yield* only;
  const heads: Head[] = [];
  for (const each of logs) {
    const log = each[Symbol.asyncIterator]();
    const { value, done } = await log.next();
    if (done !== true) heads.push({ log, message: value, time: value.time ?? Number.NEGATIVE_INFINITY });
  }
  for (;;) {
    let first = heads[0];
    if (first === undefined) return;
    for (const head of heads) if (head.time < first.time) first = head;
    yield first.message;
    const { value, done } = await first.log.next();
    if (done === true) heads.splice(heads.indexOf(first), 1);
    else {
      first.message = value;
      first.time = Math.max(first.time, value.time ?? first.time);
    }
  }
}

/**
 * What a station is called whose log does not name it: by its file, where there are several. Parts of one log that was
 * rotated (`ocpp.log`, `ocpp.log.1`) are one station's.
 * @returns the name by file; undefined where one is enough
 */
export function stationsByFile(files: readonly string[]): (file: string) => string | undefined {
  const wholes = new Map(files.map((file) => [file, file.replace(/(\.\d+)+$/, '').replace(/\.[a-z]\w*$/i, '')]));
  const distinct = new Set(wholes.values());
  if (distinct.size < 2) return () => undefined;
  const names = [...distinct].map((whole) => nameOf(whole));
  return (file) => {
    const whole = wholes.get(file) ?? file;
    const name = nameOf(whole);
    // Two folders may hold a file of the same name each.
    return names.filter((each) => each === name).length === 1 ? name : whole;
  };
}

function nameOf(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}

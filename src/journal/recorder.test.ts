import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../core/virtual-clock.ts';
import { CommitGroup } from '../storage/commit-group.ts';
import type { LinkDescription, NewEntry } from './entry.ts';
import { listMessageFiles, messageFilePath, readMessageFile } from './message-files.ts';
import { MessageWriter } from './message-writer.ts';
import { flagsOfBits, kindOfBits, originOfBits, RECORD_TYPES, type RecordReader } from './packed-entry.ts';
import { type JournalBuffer, JournalRecorder, type RecorderOptions } from './recorder.ts';
import { readSegments } from './segment.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'compote-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const LINK: LinkDescription = {
  a: { id: 'CS-1', role: 'cs' },
  b: { id: 'csms', role: 'csms' },
  protocol: 'ocpp',
  version: '1.6',
  transport: 'ws',
  conn: 'ws-1',
  tap: 'csms',
};

const heartbeat = (link: number, raw: string | Uint8Array = '[2,"1","Heartbeat",{}]'): NewEntry => ({
  link,
  toClient: false,
  time: 1_000,
  kind: 'request',
  action: 'Heartbeat',
  messageId: '1',
  raw,
});

/** Everything that a record says, as plain values. */
function plain(reader: RecordReader): Record<string, unknown> {
  if (reader.type !== RECORD_TYPES.entry) return { type: reader.type, link: reader.link, json: reader.json() };
  const bits = reader.bits;
  return {
    seq: reader.seq,
    link: reader.link,
    time: reader.time,
    kind: kindOfBits(bits),
    origin: originOfBits(bits),
    flags: flagsOfBits(bits),
    action: reader.action,
    messageId: reader.messageId,
    code: reader.code,
    trace: reader.trace,
    detail: reader.detail,
    partner: reader.partner,
    latencyMs: reader.latencyMs,
    raw: [...reader.raw()],
    whole: reader.rawLengthBeforeCut,
  };
}

function start(options: Partial<RecorderOptions> = {}) {
  const clock = new VirtualClock(0);
  const failures: unknown[] = [];
  const group = new CommitGroup(clock, (cause) => failures.push(cause));
  const delivered: JournalBuffer[] = [];
  const recorder = new JournalRecorder({
    clock,
    group,
    deliver: (buffer) => delivered.push(buffer),
    nextSeq: 1,
    nextSegment: 1,
    nextLink: 1,
    ...options,
  });
  const records = (): Record<string, unknown>[] => {
    const all: Record<string, unknown>[] = [];
    for (const buffer of delivered) {
      readSegments(Buffer.from(buffer.memory, 0, buffer.length), (reader) => all.push(plain(reader)), { check: true });
    }
    return all;
  };
  return { clock, group, failures, delivered, recorder, records };
}

const inFiles = (where = folder): Record<string, unknown>[] => {
  const all: Record<string, unknown>[] = [];
  for (const file of listMessageFiles(where)) readMessageFile(where, file, (reader) => all.push(plain(reader)));
  return all;
};
/** What the newest file has: the numbers of its messages, and what could not be read. */
const inLastFile = () => {
  const seqs: number[] = [];
  const rest = readMessageFile(folder, listMessageFiles(folder).at(-1) ?? 0, (reader) => {
    if (reader.type === RECORD_TYPES.entry) seqs.push(reader.seq);
  });
  return { seqs, ...rest };
};

describe('the recorder', () => {
  it('numbers entries by one, from where an earlier run stopped', () => {
    const { recorder } = start({ nextSeq: 41 });
    const link = recorder.openLink(LINK);
    expect([recorder.record(heartbeat(link)), recorder.record(heartbeat(link)), recorder.head]).toEqual([41, 42, 42]);
  });

  it('keeps every field of an entry, exactly', async () => {
    const { clock, recorder, records } = start();
    const link = recorder.openLink(LINK);
    recorder.record({
      link,
      toClient: true,
      time: 1_700_000_000_123.25,
      kind: 'error',
      action: 'DataTransfer',
      messageId: 'ä1',
      raw: '[4,"ä1","InternalError","\u0000",{}]\0',
      partner: 7,
      latencyMs: 12.5,
      code: 'InternalError',
      flags: ['late', 'cut'],
      origin: 'rule',
      trace: '4bf92f3577b34da6a3ce929d0e0e4736',
      hop: { id: '00f067aa0ba902b7', side: 'client' },
      detail: '{"status":502}',
    });
    await clock.runFor(30);
    const [opened, entry] = records();
    expect(opened).toEqual({ type: RECORD_TYPES.linkOpened, link: 1, json: LINK });
    expect(entry).toEqual({
      seq: 1,
      link: 1,
      time: 1_700_000_000_123.25,
      kind: 'error',
      origin: 'rule',
      flags: ['late', 'cut'],
      action: 'DataTransfer',
      messageId: 'ä1',
      code: 'InternalError',
      trace: '4bf92f3577b34da6a3ce929d0e0e473600f067aa0ba902b7cr',
      detail: '{"status":502}',
      partner: 7,
      latencyMs: 12.5,
      raw: [...Buffer.from('[4,"ä1","InternalError","\u0000",{}]\0')],
      whole: Buffer.byteLength('[4,"ä1","InternalError","\u0000",{}]\0'),
    });
  });

  it('loses no record and no byte, whatever is recorded in whatever buffers', async () => {
    const raw = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 900 }), fc.uint8Array({ maxLength: 900 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(raw, { maxLength: 60 }),
        fc.integer({ min: 256, max: 4096 }),
        async (raws, bufferBytes) => {
          const { clock, recorder, records } = start({ bufferBytes: bufferBytes & ~7 });
          const link = recorder.openLink(LINK);
          for (const [index, text] of raws.entries()) {
            recorder.record(heartbeat(link, text));
            if (index % 7 === 0) await clock.settle();
          }
          await clock.runFor(30);
          expect(
            records()
              .slice(1)
              .map((record) => record['raw']),
          ).toEqual(raws.map((text) => [...Buffer.from(text)]));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('cuts a raw text that is too long, at a character, and says how long it was', async () => {
    const { clock, recorder, records } = start({ maxRawBytes: 10 });
    const link = recorder.openLink(LINK);
    recorder.record(heartbeat(link, 'aaaaaaaaaä'));
    recorder.record(heartbeat(link, 'aaaaaaaa\u{1F600}'));
    recorder.record(heartbeat(link, new Uint8Array(11).fill(0xff)));
    recorder.record(heartbeat(link, 'aaaaaaaaaa'));
    await clock.runFor(30);
    const seen = records()
      .slice(1)
      .map((record) => [Buffer.from(record['raw'] as number[]).toString('latin1'), record['whole'], record['flags']]);
    expect(seen).toEqual([
      ['aaaaaaaaa', 11, ['cut']],
      ['aaaaaaaa', 12, ['cut']],
      ['ÿÿÿÿÿÿÿÿÿÿ', 11, ['cut']],
      ['aaaaaaaaaa', 10, []],
    ]);
  });

  it('is full while too many buffers are under way, and calls back once half of them are stored', async () => {
    const { clock, recorder, delivered } = start({ bufferBytes: 1024, maxInFlight: 4 });
    const link = recorder.openLink(LINK);
    let resumed = 0;
    for (let i = 0; i < 40; i++) recorder.record(heartbeat(link, 'x'.repeat(500)));
    await clock.settle();
    expect(recorder.full).toBe(true);
    recorder.onceDrained(() => resumed++);
    recorder.acknowledge({ buffers: delivered.length - 3, memory: [] });
    expect([recorder.full, resumed]).toEqual([true, 0]);
    recorder.acknowledge({ buffers: 1, memory: [] });
    expect([recorder.full, resumed]).toEqual([false, 1]);
  });

  it('hands an entry over after a few milliseconds, also when nothing follows', async () => {
    const { clock, recorder, delivered } = start();
    recorder.record(heartbeat(recorder.openLink(LINK)));
    await clock.settle();
    expect(delivered.length).toBe(0);
    await clock.runFor(21);
    expect(delivered.length).toBe(1);
  });
});

describe('the writer of the files', () => {
  it('has an entry before its answer leaves', async () => {
    const { clock, group, recorder } = start({ writer: new MessageWriter({ folder, sync: 'full' }) });
    const link = recorder.openLink(LINK);
    recorder.record(heartbeat(link));
    let atAnswer: unknown[] = [];
    group.afterCommit(() => {
      atAnswer = inFiles();
    });
    await clock.settle();
    expect(atAnswer.length).toBe(2);
  });

  it('is read back up to a torn last write, which is told', async () => {
    const { clock, recorder } = start({ writer: new MessageWriter({ folder, sync: 'normal' }) });
    const link = recorder.openLink(LINK);
    recorder.record(heartbeat(link, 'first'));
    await clock.settle();
    const [name] = readdirSync(folder);
    const file = join(folder, name ?? '');
    const whole = statSync(file).size;
    recorder.record(heartbeat(link, 'second'));
    await clock.settle();
    const size = statSync(file).size;
    for (const cut of [whole + 1, whole + 31, whole + 33, size - 1]) {
      truncateSync(file, cut);
      expect(inLastFile()).toMatchObject({ seqs: [1], tornBytes: cut - whole, lostBytes: 0 });
      appendFileSync(file, Buffer.alloc(size - cut, 0xee));
    }
  });

  it('does not believe a segment whose bytes changed, and reads those around it', async () => {
    const { clock, recorder } = start({ writer: new MessageWriter({ folder, sync: 'normal' }) });
    const link = recorder.openLink(LINK);
    const [ends, file] = [[] as number[], (): string => join(folder, readdirSync(folder)[0] ?? '')];
    for (const raw of ['first', 'second', 'third']) {
      recorder.record(heartbeat(link, raw));
      await clock.settle();
      ends.push(statSync(file()).size);
    }
    const [first = 0, second = 0] = ends;
    const bytes = readFileSync(file());
    bytes[second - 9] = (bytes[second - 9] ?? 0) ^ 1;
    writeFileSync(file(), bytes);
    expect(inLastFile()).toMatchObject({ seqs: [1, 3], lostBytes: second - first, tornBytes: 0 });
  });

  it('begins new files, and says of each buffer where its bytes stand', async () => {
    const { clock, recorder, delivered } = start({
      writer: new MessageWriter({ folder, sync: 'normal', maxFileBytes: 2_000 }),
      bufferBytes: 1_024,
    });
    const link = recorder.openLink(LINK);
    for (let i = 0; i < 40; i++) {
      recorder.record(heartbeat(link, 'x'.repeat(i * 17)));
      if (i % 3 === 0) await clock.runFor(30);
      else if (i % 3 === 1) await clock.settle();
    }
    await clock.runFor(30);
    expect(readdirSync(folder).length).toBeGreaterThan(3);
    expect(inFiles().length).toBe(41);
    for (const { memory, length, pieces } of delivered) {
      const told = pieces.map(({ from, file, offset }, index) => {
        const until = pieces[index + 1]?.from ?? length;
        return readFileSync(messageFilePath(folder, file)).subarray(offset, offset + until - from);
      });
      expect(Buffer.concat(told).equals(Buffer.from(memory, 0, length))).toBe(true);
    }
  });

  it('that cannot write drops the answers, keeps the entries and writes them later', async () => {
    const gone = join(folder, 'gone');
    const { clock, group, failures, recorder } = start({ writer: new MessageWriter({ folder: gone, sync: 'normal' }) });
    recorder.record(heartbeat(recorder.openLink(LINK)));
    group.afterCommit(() => expect.unreachable());
    await clock.settle();
    expect(String(failures[0])).toMatch(/journal .* cannot be written/);
    mkdirSync(gone, { recursive: true });
    group.flush();
    expect(inFiles(gone).map((record) => record['seq'])).toEqual([undefined, 1]);
  });
});

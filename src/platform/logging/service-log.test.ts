import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../core/virtual-clock.ts';
import { openServiceLog, type ServiceLogOptions } from './service-log.ts';
import { prettyTerminal } from './terminal.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
const folderOf = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'compote-log-'));
  folders.push(folder);
  return folder;
};
const open = (folder: string, more: Partial<ServiceLogOptions> = {}) =>
  openServiceLog({
    service: 'csms',
    folder,
    level: 'debug',
    maxFileBytes: 10_000_000,
    maxFiles: 3,
    clock: new VirtualClock(0),
    ...more,
  });

describe('a service log', () => {
  it('never holds a secret: not by name, not in a text, not in an address, not as a private key', () => {
    const folder = folderOf();
    const { log, close } = open(folder);
    log.info(
      { password: 'hunter2', nested: { authorizationKey: 'hunter2' }, idToken: 'ABC123' },
      'ws://CS1:hunter2@host/',
    );
    log.warn('authorization: Basic aHVudGVyMjpodW50ZXIy');
    log.warn('cannot read {"topic":"t","password":"hunter2"');
    log.info({ Identification: { QRCodeIdentification: { EvcoID: 'DE-DCB-C12345678-X', PIN: 'hunter2' } } }, 'asked');
    log.info({ body: { HashedPIN: { Value: 'hunter2', Function: 'Bcrypt' } }, simPin: 'hunter2' }, 'pushed');
    log.child({ a: 1 }).child({ clientSecret: 'hunter2' }).info({ url: 'https://a:hunter2@host/?x=1' }, 'bound');
    log.error({ err: new Error('key -----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----') }, 'failed');
    close();
    const text = readFileSync(join(folder, 'csms.log'), 'utf8');
    expect(text).not.toMatch(/hunter2|aHVudGVyMjpodW50ZXIy/);
    expect(text).toContain('"idToken":"ABC123"');
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).level),
    ).toEqual(['info', 'warn', 'warn', 'info', 'info', 'info', 'error']);
  });

  it('starts a new file when one is full and keeps as many as it may', async () => {
    const folder = folderOf();
    const { log, reader, close } = open(folder, { maxFileBytes: 400 });
    for (let n = 0; n < 40; n++) {
      log.info({ n }, 'a line of about a hundred bytes with some text in it');
      await reader.tail(1);
    }
    expect(readdirSync(folder).sort()).toEqual(['csms.1.log', 'csms.2.log', 'csms.log']);
    const tail = await reader.tail(5);
    expect(tail.map((line) => line.fields['n'])).toEqual([35, 36, 37, 38, 39]);
    const whole: string[] = [];
    for await (const line of reader.whole()) whole.push(line);
    expect(JSON.parse(whole.at(-1) ?? '').n).toBe(39);
    expect(whole.length).toBeLessThan(15);
    close();
  });

  it('finds lines by level and text, also when they are longer than a reading step', async () => {
    const { log, reader, close } = open(folderOf());
    log.debug('first');
    log.error({ big: 'x'.repeat(200_000) }, 'LONG one');
    log.warn('third');
    expect((await reader.tail(10)).map((line) => line.text)).toEqual(['first', 'LONG one', 'third']);
    expect((await reader.tail(10, { level: 'warn' })).map((line) => line.text)).toEqual(['LONG one', 'third']);
    expect((await reader.tail(10, { text: 'long' })).map((line) => line.text)).toEqual(['LONG one']);
    expect(await reader.tail(0)).toHaveLength(1);
    close();
  });

  it('groups lines by OCPP message id, the newest message first', async () => {
    const { log, reader, close } = open(folderOf());
    log.info({ messageId: 'm1' }, 'call');
    log.info({ messageId: 'm2' }, 'call');
    log.info('no message');
    log.info({ messageId: 'm1' }, 'answer');
    const groups = await reader.groups(10);
    expect(groups.map((group) => [group.messageId, group.lines.map((line) => line.text)])).toEqual([
      ['m1', ['call', 'answer']],
      ['m2', ['call']],
    ]);
    expect((await reader.groups(1)).map((group) => group.messageId)).toEqual(['m1']);
    close();
  });

  it('finds the lines of a trace, and of a message in it', async () => {
    const { log, reader, close } = open(folderOf());
    const [one, other] = ['4bf92f3577b34da6a3ce929d0e0e4736', '0af7651916cd43dd8448eb211c80319c'];
    log.info({ messageId: 'm1', traceId: one }, 'AuthorizeStart');
    log.info({ messageId: 'm1', traceId: other }, 'AuthorizeStart');
    log.warn({ traceId: one }, 'refused');
    log.info('of no trace');
    const lines = await reader.tail(10, { traceId: one });
    expect(lines.map(({ text, messageId, traceId }) => [text, messageId, traceId])).toEqual([
      ['AuthorizeStart', 'm1', one],
      ['refused', undefined, one],
    ]);
    expect(await reader.tail(10, { traceId: one, messageId: 'm1' })).toHaveLength(1);
    expect(await reader.tail(10, { traceId: one, level: 'warn' })).toMatchObject([{ text: 'refused' }]);
    close();
  });

  it('is readable on a terminal', () => {
    const out = new PassThrough();
    const { log, close } = open(folderOf(), { terminal: prettyTerminal(out, false) });
    log.warn({ station: 'CS-1' }, 'no heartbeat');
    close();
    expect(String(out.read())).toMatch(/^\d\d:\d\d:\d\d\.\d{3} WARN {2}csms {6}no heartbeat station=CS-1\n$/);
  });
});

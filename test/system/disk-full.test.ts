import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { StationSocket } from './chaos/station-socket.ts';
import { ServiceProcess, sleep } from './service-process.ts';
import { SmallDisk } from './small-disk.ts';

const DIST = pathToFileURL(join(import.meta.dirname, '../../dist/')).href;
const toEnd: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (let end = toEnd.pop(); end !== undefined; end = toEnd.pop()) await end();
});

const MB = 1 << 20;
/** Writes turn after turn until one fails at its commit, then makes room and asks once more. */
const FILLING = `
  const { Database } = await import('${DIST}storage/database.js');
  const { CommitGroup } = await import('${DIST}storage/commit-group.js');
  const { SystemClock } = await import('${DIST}core/system-clock.js');
  let failed;
  const group = new CommitGroup(new SystemClock(), (cause) => { failed ??= cause.detail; });
  const database = new Database({ path: process.argv[1], group });
  database.exec('create table t (a)');
  while (failed === undefined) {
    database.run('insert into t values (?)', new Uint8Array(2_000));
    group.flush();
  }
  let later = 'nothing';
  try { database.all('select count(*) from t'); database.run('insert into t values (1)'); } catch (error) { later = error.detail; }
  console.log(JSON.stringify({ failed, later }));`;
/** Longer than any answer takes on a busy machine. */
const SILENCE_MS = 3_000;

/** The CSMS on a disk of 40 MB, half of which is taken by something else. */
async function onSmallDisk() {
  const disk = await SmallDisk.mount(40);
  toEnd.push(() => disk.remove());
  const ballast = join(disk.outside, 'ballast');
  writeFileSync(ballast, Buffer.alloc(20 * MB));
  const place = { data: join(disk.inside, 'data'), through: disk.command };
  const start = async (): Promise<ServiceProcess> => {
    const csms = await ServiceProcess.start('csms', [], place);
    toEnd.push(() => csms.end('SIGKILL'));
    return csms;
  };
  return { csms: await start(), start, makeRoom: () => rmSync(ballast) };
}

describe.skipIf(!SmallDisk.isPossible())('a disk that is full', () => {
  it('stops the answers and nothing else: what was answered is there, and it goes on when there is room', async () => {
    const { csms, start, makeRoom } = await onSmallDisk();
    const url = `ws://127.0.0.1:${csms.port}/ocpp`;
    const socket = await StationSocket.open(`${url}/DISK-1`, 'ocpp1.6');
    if (socket === undefined) throw new Error('the station is not let in');
    const answerOf = (id: string, action: string, payload: object) =>
      Promise.race([socket.ask(id, action, payload), sleep(SILENCE_MS).then(() => 'silence' as const)]);
    await answerOf('boot', 'BootNotification', { chargePointVendor: 'Disk', chargePointModel: 'Full' });
    const data = 'x'.repeat(20_000);
    let answered = 0;
    while ((await answerOf(`m${answered}`, 'DataTransfer', { vendorId: 'disk', data })) !== 'silence') answered++;
    expect(answered).toBeGreaterThan(50);
    expect((await csms.call('GET', '/health')).body).toMatchObject({
      status: 'degraded',
      problems: [expect.stringMatching(/^nothing is answered: .*(ENOSPC|disk is full)/)],
    });

    makeRoom();
    expect(await answerOf('later', 'Heartbeat', {})).toMatchObject({ currentTime: expect.any(String) });
    expect((await csms.call('GET', '/health')).body).toMatchObject({ status: 'ok' });
    socket.close();
    await csms.end('SIGKILL');

    const again = await start();
    const journal = await (await fetch(`http://127.0.0.1:${again.port}/api/v1/journal/export`)).text();
    const answers = [...journal.matchAll(/"kind":"response".*?"messageId":"(m\d+)"/g)].map(([, id]) => id);
    // The last one was decided, and its answer may have been dropped.
    expect(new Set(answers).size).toBeGreaterThanOrEqual(answered);
    expect(answers.length).toBe(new Set(answers).size);
  });

  it('at the start is one clear sentence, and the service ends', async () => {
    const disk = await SmallDisk.mount(1);
    toEnd.push(() => disk.remove());
    writeFileSync(join(disk.outside, 'ballast'), Buffer.alloc(MB - 65_536));
    const place = { data: join(disk.inside, 'data'), through: disk.command };
    await expect(ServiceProcess.start('csms', [], place)).rejects.toThrow(/compote: .*disk is full/);
  });

  it('on which SQLite undid a turn: from then on every use says so, since memory and file differ', async () => {
    const disk = await SmallDisk.mount(1);
    toEnd.push(() => disk.remove());
    const [program = '', ...rest] = [...disk.command, process.execPath, '--input-type=module', '-e', FILLING];
    const { stdout } = await promisify(execFile)(program, [...rest, join(disk.inside, 'state.db')]);
    expect(JSON.parse(stdout)).toEqual({
      failed: expect.stringMatching(/disk is full.*what was decided since the last commit is not kept/),
      later: expect.stringMatching(/what was decided since the last commit is not kept/),
    });
  });
});

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { CLI, freePort, until } from './service-process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folderOf = (): string => mkdtempSync(join(tmpdir(), 'compote-cli-'));

/** The program as a person runs it, with what it printed and how it ended. */
class Run {
  readonly child: ChildProcess;
  out = '';
  err = '';
  readonly ended: Promise<number | null>;

  constructor(words: readonly string[], environment: Readonly<Record<string, string>> = {}, main = CLI) {
    this.child = spawn(process.execPath, [main, ...words], {
      env: { ...process.env, ...environment },
      cwd: folderOf(),
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.out += text;
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.err += text;
    });
    this.ended = new Promise((resolve) => {
      this.child.once('close', (code) => resolve(code));
    });
  }

  async ready(): Promise<void> {
    await until(
      () => this.out + (this.child.exitCode === null ? '' : `ended: ${this.err}`),
      (seen) => seen.includes('Ctrl-C stops.'),
    );
  }

  get url(): string {
    return /http:\/\/127\.0\.0\.1:\d+/.exec(this.out)?.[0] ?? '';
  }
}

const runs: Run[] = [];
function run(words: readonly string[], environment?: Readonly<Record<string, string>>, main?: string): Run {
  const made = new Run(words, environment, main);
  runs.push(made);
  return made;
}
afterEach(async () => {
  for (const each of runs.splice(0)) {
    each.child.kill('SIGKILL');
    await each.ended;
  }
});

const healthOf = async (url: string): Promise<string | undefined> => {
  try {
    return ((await (await fetch(`${url}/api/v1/health`)).json()) as { service: string }).service;
  } catch {
    return undefined;
  }
};

describe('a service on the command line', () => {
  it('answers at every door, and stops in good order on Ctrl-C', async () => {
    const data = folderOf();
    const up = run(['up', '--only', 'csms', '--port', 'csms=0', '--data', data]);
    await up.ready();
    expect(await healthOf(up.url)).toBe('csms');
    expect((await fetch(`${up.url}/api/docs`)).status).toBe(200);
    up.child.kill('SIGINT');
    expect(await up.ended).toBe(0);
    expect(await healthOf(up.url)).toBeUndefined();
    expect(readFileSync(join(data, 'csms', 'csms.log'), 'utf8')).toContain('"msg":"ready"');
    // The folder is free again, and the world is as it was.
    const again = run(['csms', '--port', '0'], { COMPOTE_DATA: data });
    await again.ready();
    expect(await healthOf(again.url)).toBe('csms');
  });

  it('ends at once on the second Ctrl-C', async () => {
    const up = run(['csms', '--port', '0', '--data', folderOf()]);
    await up.ready();
    // A station that never completes the closing handshake makes the stop take its time.
    const socket = new WebSocket(`${up.url.replace('http', 'ws')}/ocpp/CS-1`, 'ocpp1.6');
    await new Promise((resolve) => socket.once('open', resolve));
    (socket as unknown as { _socket: { pause(): void } })._socket.pause();
    up.child.kill('SIGINT');
    await until(
      () => up.err,
      (err) => err.includes('"msg":"stopping"'),
    );
    up.child.kill('SIGINT');
    expect(await up.ended).toBe(130);
    socket.terminate();
  });

  it.each(['csms', 'up'])('says in one sentence that a port is in use: compote %s', async (command) => {
    const port = await freePort();
    const other = createServer().listen(port, '127.0.0.1');
    const words =
      command === 'up' ? ['up', '--only', 'csms', '--port', `csms=${port}`] : ['csms', '--port', String(port)];
    const up = run([...words, '--data', folderOf()]);
    expect(await up.ended).toBe(1);
    other.close();
    expect(up.err).toBe(
      `compote: A port is already in use: csms cannot have port ${port} on 127.0.0.1. Stop the other program, or choose another port with \`--port\` or in the configuration.\n`,
    );
  });

  it('says in one sentence that the data folder is in use, a certificate is bad, and tokens are missing', async () => {
    const data = folderOf();
    const first = run(['csms', '--port', '0', '--data', data]);
    await first.ready();
    const second = run(['csms', '--port', '0', '--data', data]);
    expect(await second.ended).toBe(1);
    expect(second.err).toMatch(/^compote: A file of the data folder cannot be used: .*\n$/);

    const pem = join(data, 'bad.pem');
    writeFileSync(pem, 'nonsense');
    const tls = run(['csms', '--data', folderOf(), '--set', `csms.tls={"cert":"${pem}","key":"${pem}"}`]);
    expect(await tls.ended).toBe(2);
    expect(tls.err).toMatch(
      /^compote: A certificate or key cannot be used: the certificate file .*bad\.pem holds no PEM text\. .*\n$/,
    );

    const open = run(['csms', '--data', folderOf(), '--host', '0.0.0.0']);
    expect(await open.ended).toBe(2);
    expect(open.err).toMatch(/may not listen on 0\.0\.0\.0 without access tokens.*`compote token`/);
  });

  it('is read by api and journal, and its journal also when it is stopped', async () => {
    const data = folderOf();
    const up = run(['csms', '--port', '0', '--data', data]);
    await up.ready();
    const socket = new WebSocket(`${up.url.replace('http', 'ws')}/ocpp/CS-1`, 'ocpp1.6');
    await new Promise((resolve) => socket.once('open', resolve));
    const follow = run(['journal', '--follow', '--url', up.url]);
    const boot = '[2,"m1","BootNotification",{"chargePointVendor":"V","chargePointModel":"M"}]';
    socket.send(boot);
    await new Promise((resolve) => socket.once('message', resolve));
    const environment = { COMPOTE_URL: up.url };
    const exported = run(['journal', 'export', 'action:BootNotification'], environment);
    expect(await exported.ended).toBe(0);
    const lines = exported.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { raw: string });
    expect(lines[0]?.raw).toBe(boot);
    const list = run(['journal', 'action:BootNotification'], environment);
    expect(await list.ended).toBe(0);
    expect(list.out).toMatch(/^#\d+ +\d\d:\d\d:\d\d\.\d{3} OCPP 1\.6 +CS-1 → csms +BootNotification +✓ /);
    const api = run(['api', 'GET', 'stations?fields=id'], environment);
    expect(await api.ended).toBe(0);
    expect(JSON.parse(api.out).items).toEqual([{ id: 'CS-1' }]);
    const missing = run(['api', 'GET', 'stations/NOBODY'], environment);
    expect(await missing.ended).toBe(1);
    expect(missing.err).toMatch(/^compote: No station of that identity is known: NOBODY\. .*\n$/);
    // It follows from when it is connected: something has to come in after that.
    let beats = 0;
    const beat = (): string => {
      socket.send(`[2,"h${beats++}","Heartbeat",{}]`);
      return follow.out;
    };
    await until(beat, (out) => out.includes('Heartbeat'));
    socket.terminate();
    const locked = run(['journal', '--stopped', '--data', data]);
    expect(await locked.ended).not.toBe(0);
    expect(locked.err).toMatch(/in use by another running “csms”/);
    up.child.kill('SIGINT');
    await up.ended;
    const stopped = run(['journal', 'export', '--stopped', '--data', data, 'action:BootNotification']);
    expect(await stopped.ended).toBe(0);
    expect((JSON.parse(stopped.out.split('\n')[0] ?? '') as { raw: string }).raw).toBe(boot);
  });
});

describe('compote up --processes', () => {
  it('runs a service as a child, starts it again when it is killed, and stops it with the parent', async () => {
    const port = await freePort();
    const up = run(['up', '--only', 'csms', '--processes', '--port', `csms=${port}`, '--data', folderOf()]);
    await up.ready();
    process.kill(childOf(up.child.pid ?? 0), 'SIGKILL');
    await until(
      () => up.err,
      (err) => err.includes('csms runs again'),
    );
    expect(up.err).toContain('csms ended with SIGKILL; it starts again in 0.5 s');
    expect(await healthOf(up.url)).toBe('csms');
    up.child.kill('SIGINT');
    expect(await up.ended).toBe(0);
    expect(await healthOf(up.url)).toBeUndefined();
  });

  it('takes the children along when the parent is killed', async () => {
    const port = await freePort();
    const up = run(['up', '--only', 'csms', '--processes', '--port', `csms=${port}`, '--data', folderOf()]);
    await up.ready();
    up.child.kill('SIGKILL');
    await until(
      () => healthOf(up.url),
      (health) => health === undefined,
    );
  });
});

describe('compote demo', () => {
  it('pnc: from empty pools to a charged vehicle, then a revoked contract refused, for 1.6 and 2.0.1', async () => {
    const demo = run(['demo', 'pnc', '--quiet']);
    expect(await demo.ended).toBe(0);
    for (const [station, version] of [
      ['CS-DEMO-1', '1.6'],
      ['CS-DEMO-2', '2.0.1'],
    ]) {
      expect(demo.out).toMatch(new RegExp(`${station} +OCPP ${version} +DEDCBC0000000\\d +[1-9]\\d* Wh`));
      expect(demo.out).toContain(`${station}: Refused: CertificateRevoked.`);
    }
    expect(demo.out).toMatch(/ 2 sessions\n[\s\S]* 0 findings/);
  });

  it('lets three versions charge, shows the messages, and sums up', async () => {
    const demo = run(['demo']);
    expect(await demo.ended).toBe(0);
    for (const version of ['1\\.6', '2\\.0\\.1', '2\\.1']) {
      expect(demo.out).toMatch(new RegExp(`CS-DEMO-\\d +OCPP ${version} +[0-9A-F]{14} +[1-9]\\d* Wh`));
    }
    expect(demo.out).toMatch(/ 3 sessions\n[\s\S]* [1-9]\d* messages\n +0 findings/);
    expect(demo.out).toMatch(/CS-DEMO-1 → csms +StartTransaction/);
  });

  it('roaming: station, CSMS, hub and EMP in one sequence, every session with its record at the EMP', async () => {
    const demo = run(['demo', 'roaming']);
    expect(await demo.ended).toBe(0);
    expect(demo.out.match(/The record has arrived: [\d.]+ kWh/g)).toHaveLength(4);
    for (const hop of ['csms → hub +AuthorizeStart', 'hub → emp +AuthorizeStart', 'hub → csms +AuthorizeRemoteStart']) {
      expect(demo.out).toMatch(new RegExp(hop));
    }
    expect(demo.out).toMatch(/csms → hub +AuthorizeStop +✗ 503/);
  });
});

describe('npm start', () => {
  it('says what to run when there is no build', async () => {
    const copy = folderOf();
    cpSync(join(root, 'scripts'), join(copy, 'scripts'), { recursive: true });
    writeFileSync(join(copy, 'package.json'), '{"type":"module"}');
    const start = run([], {}, join(copy, 'scripts', 'start.mjs'));
    expect(await start.ended).toBe(1);
    expect(start.err).toContain('Run: npm run build');
  });
});

/** The first child of a process (Linux and macOS). */
function childOf(parent: number): number {
  const listed = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).stdout;
  for (const line of listed.split('\n')) {
    const [pid, ppid] = line.trim().split(/\s+/).map(Number);
    if (ppid === parent && pid !== undefined) return pid;
  }
  throw new Error(`No child of ${parent} in ${listed}`);
}

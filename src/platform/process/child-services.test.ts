import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { SystemClock } from '../../core/system-clock.ts';
import type { ServiceName } from '../service.ts';
import { ChildServices } from './child-services.ts';

/** A child as `compote csms` is one: says that it is ready, stops when it is asked, and writes down what it did. */
const CHILD = `
import { appendFileSync } from 'node:fs';
const [name, story, how] = process.argv.slice(2);
const tell = (text) => appendFileSync(story, name + ' ' + text + '\\n');
if (how === 'refuse') { process.send({ compote: 'failed', text: 'port 8001 is taken' }, () => process.exit(2)); }
else {
  tell('starts');
  process.on('message', ({ compote }) => { if (compote === 'stop') { tell('stops'); process.disconnect(); } });
  process.send({ compote: 'ready', doors: [{ name: 'API', url: 'http://' + name }] }, () => { if (how === 'die') process.exit(3); });
}
`;

const open: ChildServices[] = [];
function world(how: Partial<Record<ServiceName, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'compote-children-'));
  const main = join(folder, 'child.mjs');
  const story = join(folder, 'story.txt');
  writeFileSync(main, CHILD);
  writeFileSync(story, '');
  const problems: string[] = [];
  let restarted: (service: ServiceName) => void = () => {};
  const children = new ChildServices({
    clock: new SystemClock(),
    arguments: (service) => [main, service, story, how[service] ?? 'live'],
    problem: (text) => problems.push(text),
    restarted: (service) => restarted(service),
  });
  open.push(children);
  const nextRestart = (): Promise<ServiceName> =>
    new Promise((resolve) => {
      restarted = resolve;
    });
  return { children, problems, nextRestart, story: () => readFileSync(story, 'utf8').trim().split('\n') };
}

afterEach(() => {
  for (const children of open.splice(0)) children.kill();
});

describe('services as child processes', () => {
  it('start in order, tell their doors, and stop in reverse', async () => {
    const { children, story } = world();
    expect(await children.start(['hub', 'csms'])).toEqual([
      { service: 'hub', doors: [{ name: 'API', url: 'http://hub' }] },
      { service: 'csms', doors: [{ name: 'API', url: 'http://csms' }] },
    ]);
    await children.stop();
    expect(story()).toEqual(['hub starts', 'csms starts', 'csms stops', 'hub stops']);
  });

  it('tell why one does not start, and stop the others', async () => {
    const { children, story } = world({ csms: 'refuse' });
    await expect(children.start(['hub', 'csms', 'station'])).rejects.toThrow('csms does not start: port 8001 is taken');
    expect(story()).toEqual(['hub starts', 'hub stops']);
  });

  it('start again when they die', async () => {
    const { children, problems, nextRestart, story } = world({ hub: 'die' });
    const again = nextRestart();
    await children.start(['hub']);
    expect(await again).toBe('hub');
    await children.stop();
    expect(problems[0]).toBe('hub ended with code 3; it starts again in 0.5 s');
    expect(story().slice(0, 2)).toEqual(['hub starts', 'hub starts']);
  });
});

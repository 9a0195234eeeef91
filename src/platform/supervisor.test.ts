import Type from 'typebox';
import { describe, expect, it } from 'vitest';
import { CompoteError } from '../core/errors.ts';
import { VirtualClock } from '../core/virtual-clock.ts';
import { defineService, type RunningService, type ServiceDefinition, type ServiceName } from './service.ts';
import { Supervisor } from './supervisor.ts';

const define = (name: ServiceName): ServiceDefinition =>
  defineService({
    name,
    title: name,
    section: Type.Object({}),
    start: async () => ({ doors: [], stop: async () => {} }),
  });

function world(starts: Partial<Record<ServiceName, () => Promise<RunningService>>> = {}) {
  const story: string[] = [];
  const clock = new VirtualClock(0);
  const supervisor = new Supervisor({
    clock,
    prepare: async ({ name }) => ({
      start:
        starts[name] ??
        (async () => {
          story.push(`start ${name}`);
          return {
            url: `http://${name}`,
            doors: [],
            stop: async () => {
              story.push(`stop ${name}`);
            },
          };
        }),
      release: async () => {
        story.push(`release ${name}`);
      },
    }),
    onStopProblem: (name, cause) => story.push(`${name}: ${String(cause)}`),
  });
  return { supervisor, story, clock };
}

describe('the supervisor', () => {
  it('starts in order and stops in reverse, once', async () => {
    const { supervisor, story } = world();
    await supervisor.start([define('hub'), define('csms')]);
    expect(supervisor.urlOf('hub')).toBe('http://hub');
    await Promise.all([supervisor.stop(), supervisor.stop()]);
    expect(story).toEqual(['start hub', 'start csms', 'stop csms', 'release csms', 'stop hub', 'release hub']);
  });

  it('stops what had started when one cannot start, and tells the reason', async () => {
    const { supervisor, story } = world({
      csms: () =>
        Promise.reject(new CompoteError('PORT_IN_USE', { detail: 'csms cannot have port 8001 on 127.0.0.1' })),
    });
    await expect(supervisor.start([define('hub'), define('csms'), define('station')])).rejects.toMatchObject({
      code: 'PORT_IN_USE',
    });
    expect(story).toEqual(['start hub', 'release csms', 'stop hub', 'release hub']);
  });

  it('names the service of a reason that was not foreseen', async () => {
    const { supervisor } = world({ hub: () => Promise.reject(new TypeError('x is undefined')) });
    await expect(supervisor.start([define('hub')])).rejects.toThrow('hub does not start: x is undefined');
  });

  it('goes on stopping when one service hangs or fails', async () => {
    const { supervisor, story, clock } = world({
      csms: async () => ({ doors: [], stop: () => new Promise(() => {}) }),
      station: async () => ({ doors: [], stop: () => Promise.reject(new Error('broken')) }),
    });
    await supervisor.start([define('hub'), define('csms'), define('station')]);
    const stopped = supervisor.stop();
    await clock.runFor(10_000);
    await stopped;
    expect(story).toEqual([
      'start hub',
      'station: Error: broken',
      'release station',
      'csms: Error: csms did not stop within 10000 ms',
      'release csms',
      'stop hub',
      'release hub',
    ]);
  });
});

import { OCPP16, OCPP20, OCPP21 } from 'typed-ocpp';
import { describe, expect, it } from 'vitest';
import { CompoteError } from '../../../core/errors.ts';
import { VirtualClock } from '../../../core/virtual-clock.ts';
import { loopbackDialer } from '../dialer.ts';
import { answering, START_MS } from '../testing/hand-csms.ts';
import { parseScenario } from './format.ts';
import { runVirtually, type Verdict } from './run.ts';
import { loadScenario, shippedScenarios } from './shipped.ts';

const REFEREES = { '1.6': OCPP16, '2.0.1': OCPP20, '2.1': OCPP21 } as const;

/** What an independent library finds wrong with a CALL of the station. */
function judge(version: keyof typeof REFEREES, frame: string): unknown {
  const call: unknown = JSON.parse(frame.slice(frame.indexOf(' ') + 1));
  if ((call as unknown[])[0] !== 2) return undefined;
  // On a clone, because the referee strips members that it does not know: it must come back unchanged.
  const judged: unknown = structuredClone(call);
  const { validateCall } = REFEREES[version];
  if (!validateCall(judged)) return [call, validateCall.errors];
  return JSON.stringify(judged) === JSON.stringify(call) ? undefined : [call, judged];
}

async function run(name: string, version: '1.6' | '2.0.1' | '2.1'): Promise<{ verdict: Verdict; frames: string[] }> {
  const clock = new VirtualClock(START_MS);
  const frames: string[] = [];
  const dialer = loopbackDialer(clock, (server) => {
    answering(server, clock, version, frames);
    return undefined;
  });
  const verdict = await runVirtually({ scenario: loadScenario(name), clock, dialer, endpoint: 'ws://test', version });
  return { verdict, frames };
}

describe.each(shippedScenarios())('scenario %s', (name) => {
  it.each(['1.6', '2.0.1', '2.1'] as const)('succeeds with a %s station in virtual time', async (version) => {
    const { verdict, frames } = await run(name, version);
    expect(frames.map((frame) => judge(version, frame)).filter((one) => one !== undefined)).toEqual([]);
    expect(verdict.steps.filter((one) => !one.ok)).toEqual([]);
    expect(verdict.ok).toBe(true);
    expect(verdict.steps.length).toBeGreaterThan(4);
  });
});

describe('scenarios', () => {
  it('are the same for the same seed, frame by frame', async () => {
    const first = await run('busy-day', '2.0.1');
    const second = await run('busy-day', '2.0.1');
    expect(first.frames.length).toBeGreaterThan(100);
    expect(second.frames).toEqual(first.frames);
    expect(first.verdict.sessions.length).toBeGreaterThan(4);
  });

  it('fail at the step that fails, and say what was there instead', async () => {
    const clock = new VirtualClock(START_MS);
    const dialer = loopbackDialer(clock, (server) => {
      answering(server, clock, '2.0.1', []);
      return undefined;
    });
    const scenario = parseScenario(
      'name: wrong\nsteps:\n  - do: plug\n  - expect:\n      evses/0/connectors/0/status: Available\n  - do: unplug\n',
      'test',
    );
    const verdict = await runVirtually({ scenario, clock, dialer, endpoint: 'ws://test' });
    expect(verdict.ok).toBe(false);
    expect(verdict.steps.at(-1)).toMatchObject({
      path: '2',
      ok: false,
      problem: 'evses/0/connectors/0/status is "Occupied", not "Available"',
    });
  });

  it('name the field that is wrong', () => {
    const fields = (text: string): string[] => {
      try {
        parseScenario(text, 'test');
        return [];
      } catch (thrown) {
        return thrown instanceof CompoteError ? thrown.fields.map((one) => one.pointer) : ['?'];
      }
    };
    expect(fields('name: x\nsteps:\n  - jump: 3\n')).toEqual(['/steps/0']);
    expect(fields('name: x\nsteps:\n  - repeat: 2\n    steps:\n      - do: nonsense\n')).toEqual([
      '/steps/0/steps/0/do',
    ]);
    expect(fields('name: x\nsteps: []\n')).toEqual(['/steps']);
  });
});

import { OCPP21 } from 'typed-ocpp';
import { describe, expect, it } from 'vitest';
import { actionsFrom } from '../../protocols/ocpp/actions.ts';
import { plugIn, presentToken } from './state/driver.ts';
import { COMMANDS_16, COMMANDS_21_ONLY, COMMANDS_201, type CsmsCommand } from './testing/csms-commands.ts';
import { HandCsms } from './testing/hand-csms.ts';

const TABLES = {
  '1.6': COMMANDS_16,
  '2.0.1': COMMANDS_201,
  '2.1': [...COMMANDS_21_ONLY, ...COMMANDS_201],
} as const;

/** A station that charges at EVSE 1. */
async function charging(version: keyof typeof TABLES): Promise<HandCsms> {
  const csms = new HandCsms({ version, files: { run: async () => ({ ok: false, bytes: 0, error: 'failed' }) } });
  await csms.boot();
  csms.act((core) => {
    plugIn(core, 1, 1);
    presentToken(core, { value: 'APP', type: version === '1.6' ? 'idTag' : 'Central' });
  });
  await csms.run(10_000);
  return csms;
}

function filled(csms: HandCsms, payload: string): string {
  const id = csms.station.machine.core.evses[0]?.transaction?.id ?? 'none';
  return payload.replaceAll('"TX"', `"${id}"`).replaceAll(':TX', ':42');
}

describe.each(['1.6', '2.0.1', '2.1'] as const)('%s: every action that a CSMS may send', (version) => {
  it('stands in the table of this test', () => {
    const tried = new Set(TABLES[version].map(([action]) => action));
    expect(actionsFrom(version, 'csms').filter((action) => !tried.has(action))).toEqual([]);
  });

  it('is answered in strict validation, in a transaction, one after another', async () => {
    const csms = await charging(version);
    for (const [action, payload, error] of TABLES[version] as readonly CsmsCommand[]) {
      const answer = await csms.call(action, filled(csms, payload));
      expect([action, answer[0] === 4 ? answer[2] : 'CALLRESULT']).toEqual([action, error ?? 'CALLRESULT']);
      await csms.run(3_000);
    }
    await csms.run(60_000);
    expect(csms.happened.filter((one) => one.what === 'defect')).toEqual([]);
    expect(csms.of('BootNotification').length).toBe(2);
  });
});

describe('2.1, judged by typed-ocpp', () => {
  it('finds nothing wrong with any frame of the station', async () => {
    const csms = await charging('2.1');
    const faults: unknown[] = [];
    for (const [action, payload, error] of TABLES['2.1']) {
      const text = filled(csms, payload);
      const answer = await csms.call(action, text);
      await csms.run(3_000);
      if (error !== undefined) continue;
      const call: unknown = [2, answer[1], action, JSON.parse(text)];
      // A clone, because the referee strips members that it does not know.
      const judged = structuredClone(answer);
      if (!OCPP21.validateCall(call)) faults.push([action, 'call', OCPP21.validateCall.errors]);
      else if (!OCPP21.checkCallResult(judged as never, call))
        faults.push([action, answer, OCPP21.checkCallResult.errors]);
      else expect(judged).toEqual(answer);
    }
    for (const { action, payload, id } of csms.seen) {
      const type = action === 'NotifyPeriodicEventStream' ? 6 : 2;
      const judged = structuredClone([type, id, action, payload]);
      if (!OCPP21.validateCall(judged)) faults.push([action, payload, OCPP21.validateCall.errors]);
      else expect(judged).toEqual([type, id, action, payload]);
    }
    expect(faults).toEqual([]);
    expect(new Set(csms.actions()).size).toBeGreaterThanOrEqual(18);
  });
});

import { describe, expect, it } from 'vitest';
import { CompoteError } from '../../core/errors.ts';
import { type Command, runCommand } from './commands.ts';
import { HandCsms } from './testing/hand-csms.ts';

async function booted(
  version: '1.6' | '2.0.1' = '2.0.1',
): Promise<{ csms: HandCsms; run: (command: Command) => void }> {
  const csms = new HandCsms({ version });
  await csms.boot();
  return { csms, run: (command) => runCommand(csms.station, command) };
}

function problem(task: () => void): CompoteError {
  try {
    task();
  } catch (thrown) {
    if (thrown instanceof CompoteError) return thrown;
    throw thrown;
  }
  throw new Error('Nothing was thrown');
}

const reasons = (csms: HandCsms): unknown[] =>
  csms
    .of('TransactionEvent')
    .filter((one) => one['eventType'] === 'Ended')
    .map((one) => (one['transactionInfo'] as { stoppedReason: string }).stoppedReason);

describe('commands', () => {
  it('name the field that is wrong, and what is in the way', async () => {
    const { run } = await booted();
    expect(problem(() => run({ type: 'plug', evseId: 0 })).fields[0]?.pointer).toBe('/evseId');
    expect(problem(() => run({ type: 'nonsense' } as never)).fields[0]?.pointer).toBe('/type');
    expect(problem(() => run({ type: 'plug', evseId: 7 })).code).toBe('NOT_FOUND');
    expect(problem(() => run({ type: 'unplug' })).code).toBe('CONFLICT');
    expect(problem(() => run({ type: 'plug', car: 'no such car' })).fields[0]?.pointer).toBe('/car');
  });

  it('a car that pauses is SuspendedEV and goes on when it resumes', async () => {
    const { csms, run } = await booted();
    run({ type: 'plug' });
    run({ type: 'swipe', token: 'A' });
    await csms.run(10_000);
    run({ type: 'pause-car' });
    await csms.run(1_000);
    run({ type: 'resume-car' });
    await csms.run(1_000);
    const states = csms
      .of('TransactionEvent')
      .map((one) => (one['transactionInfo'] as { chargingState: string }).chargingState);
    expect(states).toEqual(['EVConnected', 'Charging', 'SuspendedEV', 'Charging']);
  });

  it('the stop button, the red button and a crash end with their own reasons', async () => {
    for (const [type, reason] of [
      ['stop-button', 'Local'],
      ['emergency-stop', 'EmergencyStop'],
      ['reboot', 'Reboot'],
    ] as const) {
      const { csms, run } = await booted();
      run({ type: 'plug' });
      run({ type: 'swipe', token: 'A' });
      await csms.run(10_000);
      run({ type });
      await csms.run(30_000);
      expect([type, reasons(csms)]).toEqual([type, [reason]]);
    }
  });

  it('a power loss ends the transaction after the next boot, a network loss does not', async () => {
    const { csms, run } = await booted();
    run({ type: 'plug' });
    run({ type: 'swipe', token: 'A' });
    await csms.run(10_000);
    run({ type: 'network-loss' });
    await csms.run(60_000);
    run({ type: 'network-back' });
    await csms.run(10_000);
    expect([csms.of('BootNotification').length, reasons(csms)]).toEqual([1, []]);
    run({ type: 'power-loss', forS: 30 });
    await csms.run(60_000);
    expect([csms.of('BootNotification').length, reasons(csms)]).toEqual([2, ['PowerLoss']]);
  });

  it('a frozen meter stands still while current flows', async () => {
    const { csms, run } = await booted();
    run({ type: 'plug' });
    run({ type: 'swipe', token: 'A' });
    await csms.run(60_000);
    run({ type: 'freeze-meter', frozen: true });
    const before = csms.station.machine.core.evses[0]?.path.meter.energyWh;
    await csms.run(600_000);
    expect(csms.station.machine.core.evses[0]?.path.meter.energyWh).toBe(before);
    expect(csms.station.machine.core.evses[0]?.transaction?.chargingState).toBe('Charging');
  });

  it('a skewed clock stands in the messages, until the station follows the CSMS again', async () => {
    const { csms, run } = await booted();
    run({ type: 'clock', seconds: 3_600 });
    await csms.result('TriggerMessage', '{"requestedMessage":"StatusNotification","evse":{"id":1,"connectorId":1}}');
    await csms.run(100);
    expect(csms.of('StatusNotification').at(-1)?.['timestamp']).toMatch(/^2026-03-02T09:00/);
  });

  it('an energy manager’s limit is told and obeyed, and so is its end', async () => {
    const { csms, run } = await booted();
    run({ type: 'plug' });
    run({ type: 'swipe', token: 'A' });
    await csms.run(10_000);
    run({ type: 'external-limit', unit: 'A', limit: 8 });
    await csms.run(10_000);
    expect(csms.station.machine.core.evses[0]?.path.offer.currentA).toBe(8);
    run({ type: 'external-limit' });
    await csms.run(10_000);
    expect(csms.station.machine.core.evses[0]?.path.offer.currentA).toBe(32);
    expect([csms.of('NotifyChargingLimit').length, csms.of('ClearedChargingLimit').length]).toEqual([1, 1]);
  });
});

describe('faults on the link', () => {
  it('answers the next command with another status, a CALLERROR, late, or not at all', async () => {
    const { csms, run } = await booted('1.6');
    run({ type: 'answer-with', action: 'ClearCache', status: 'Rejected' });
    expect(await csms.result('GetLocalListVersion', '{}')).toEqual({ listVersion: 0 });
    expect(await csms.result('ClearCache', '{}')).toEqual({ status: 'Rejected' });
    expect(await csms.result('ClearCache', '{}')).toEqual({ status: 'Accepted' });
    run({ type: 'answer-with', error: 'InternalError' });
    expect((await csms.call('ClearCache', '{}')).slice(0, 3)).toEqual([4, expect.any(String), 'InternalError']);
    run({ type: 'answer-with', silence: true });
    await expect(csms.call('ClearCache', '{}')).rejects.toThrow('No answer');
    run({ type: 'answer-with', delayMs: 5_000 });
    await expect(csms.call('ClearCache', '{}')).rejects.toThrow('No answer');
    const before = csms.answers.length;
    await csms.run(5_001);
    expect(csms.answers.length).toBe(before + 1);
    expect(csms.happened.filter((one) => one.what === 'fault-injected').length).toBe(4);
  });

  it('changes, doubles or loses own messages, and sends garbage', async () => {
    const { csms, run } = await booted('1.6');
    csms.take();
    run({ type: 'distort', action: 'StatusNotification', set: { '/status': 'Broken', '/timestamp': null } });
    run({ type: 'plug' });
    await csms.run(100);
    expect(csms.of('StatusNotification')).toEqual([{ connectorId: 1, errorCode: 'NoError', status: 'Broken' }]);
    run({ type: 'distort', action: 'StatusNotification', silence: true });
    run({ type: 'unplug' });
    await csms.run(100);
    expect(csms.of('StatusNotification')).toHaveLength(1);
    run({ type: 'distort', action: 'Heartbeat', silence: true });
    run({ type: 'clear-faults' });
    run({ type: 'send-text', text: '[2,"x","Heartbeat",{}]' });
    await csms.run(100);
    expect(csms.of('Heartbeat')).toEqual([{}]);
  });
});

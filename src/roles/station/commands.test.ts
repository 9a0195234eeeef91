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

  it('spoils the frame itself: another id, another type, an element too few, any text', async () => {
    const { csms, run } = await booted('1.6');
    const frames: string[] = [];
    csms.station.intercept(undefined);
    const { faults } = csms.station;
    csms.station.intercept((passing) => {
      const verdict = faults.judge(passing);
      if (typeof verdict === 'object' && 'replaceWith' in verdict) frames.push(...verdict.replaceWith);
      return verdict === 'pass' ? 'pass' : 'drop';
    });
    run({ type: 'answer-with', frame: { '/1': 'another' } });
    run({ type: 'answer-with', frame: { '/0': 9 } });
    run({ type: 'answer-with', frame: { '/1': null } });
    run({ type: 'answer-with', text: '[3,"{id}",null' });
    for (let turn = 0; turn < 4; turn++) await expect(csms.call('ClearCache', '{}')).rejects.toThrow('No answer');
    const [first = '', second = '', third = '', fourth = ''] = frames;
    expect([first, third]).toEqual(['[3,"another",{"status":"Accepted"}]', '[3,{"status":"Accepted"}]']);
    expect(second).toMatch(/^\[9,"c\d+",\{"status":"Accepted"\}\]$/);
    expect(fourth).toMatch(/^\[3,"c\d+",null$/);
  });

  it('spoils the third of its kind, or some of them by chance that the seed repeats', async () => {
    const { csms, run } = await booted('1.6');
    const answers = async (count: number): Promise<unknown[]> => {
      const all: unknown[] = [];
      for (let turn = 0; turn < count; turn++) all.push((await csms.result('ClearCache', '{}'))['status']);
      return all;
    };
    run({ type: 'answer-with', action: 'ClearCache', status: 'Rejected', after: 2 });
    expect(await answers(4)).toEqual(['Accepted', 'Accepted', 'Rejected', 'Accepted']);
    run({ type: 'answer-with', action: 'ClearCache', status: 'Rejected', chance: 0.5, times: 100 });
    const spoilt = (await answers(40)).filter((one) => one === 'Rejected').length;
    expect(spoilt).toBeGreaterThan(8);
    expect(spoilt).toBeLessThan(32);
  });

  it('pretends: answers and does nothing', async () => {
    const { csms, run } = await booted('1.6');
    run({ type: 'pretend', action: 'ChangeConfiguration' });
    const change = '{"key":"HeartbeatInterval","value":"17"}';
    expect(await csms.result('ChangeConfiguration', change)).toEqual({ status: 'Accepted' });
    const key = async (): Promise<unknown> =>
      (await csms.result('GetConfiguration', '{"key":["HeartbeatInterval"]}'))['configurationKey'];
    expect(await key()).toMatchObject([{ value: '300' }]);
    run({ type: 'pretend', action: 'Reset', status: 'Rejected' });
    expect(await csms.result('Reset', '{"type":"Hard"}')).toEqual({ status: 'Rejected' });
    run({ type: 'pretend', action: 'GetConfiguration', payload: { configurationKey: [] } });
    expect(await csms.result('GetConfiguration', '{}')).toEqual({ configurationKey: [] });
    run({ type: 'pretend', action: 'ClearCache', silence: true });
    await expect(csms.call('ClearCache', '{}')).rejects.toThrow('No answer');
    expect(await csms.result('ChangeConfiguration', change)).toEqual({ status: 'Accepted' });
    expect(await key()).toMatchObject([{ value: '17' }]);
    await csms.run(60_000);
    expect(csms.of('BootNotification')).toHaveLength(1);
  });
});

describe('a station whose firmware has flaws', () => {
  it('skips the boot, boots at every connection, or talks while it is not accepted', async () => {
    const skipping = new HandCsms({ version: '2.0.1' });
    runCommand(skipping.station, { type: 'flaws', skipBoot: true });
    await skipping.boot();
    await skipping.run(1_000);
    expect([skipping.of('BootNotification').length, skipping.statuses().length > 0]).toEqual([0, true]);

    const booting = await booted();
    booting.run({ type: 'flaws', bootOnEveryConnect: true });
    booting.csms.cut();
    await booting.csms.run(60_000);
    expect(booting.csms.of('BootNotification')).toHaveLength(2);
    booting.run({ type: 'clear-faults' });
    booting.csms.cut();
    await booting.csms.run(60_000);
    expect([booting.csms.connections, booting.csms.of('BootNotification').length]).toEqual([3, 2]);

    const pending = new HandCsms({
      version: '1.6',
      replies: { BootNotification: '{"status":"Rejected","currentTime":"2026-03-02T08:00:00Z","interval":600}' },
    });
    runCommand(pending.station, { type: 'flaws', talkUnaccepted: true, ignoreBootInterval: true });
    await pending.boot();
    runCommand(pending.station, { type: 'plug' });
    runCommand(pending.station, { type: 'swipe', token: 'A' });
    await pending.run(5_000);
    expect(pending.of('BootNotification').length).toBeGreaterThan(3);
    expect(pending.actions()).toContain('StatusNotification');
  });

  it('draws more than its profiles allow, until it is mended', async () => {
    const { csms, run } = await booted();
    run({ type: 'plug' });
    run({ type: 'swipe', token: 'A' });
    const profile =
      '{"id":1,"stackLevel":0,"chargingProfilePurpose":"TxDefaultProfile","chargingProfileKind":"Absolute","chargingSchedule":[{"id":1,"startSchedule":"2026-03-02T08:00:00Z","chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":9}]}]}';
    expect(await csms.result('SetChargingProfile', `{"evseId":1,"chargingProfile":${profile}}`)).toEqual({
      status: 'Accepted',
    });
    await csms.run(10_000);
    const offered = (): number | undefined => csms.station.machine.core.evses[0]?.path.offer.currentA;
    expect(offered()).toBe(9);
    run({ type: 'flaws', ignoreLimits: true });
    await csms.run(10_000);
    expect(offered()).toBe(32);
    run({ type: 'flaws', ignoreLimits: false });
    await csms.run(10_000);
    expect(offered()).toBe(9);
  });

  it('forgets what should survive, and its register jumps', async () => {
    const { csms, run } = await booted('1.6');
    await csms.result('SendLocalList', '{"listVersion":3,"updateType":"Full","localAuthorizationList":[]}');
    await csms.result('ChangeAvailability', '{"connectorId":2,"type":"Inoperative"}');
    run({ type: 'plug' });
    run({ type: 'swipe', token: 'A' });
    await csms.run(60_000);
    run({ type: 'network-loss' });
    run({ type: 'set-meter', addWh: 5_000_000 });
    run({ type: 'swipe', token: 'A' });
    run({ type: 'forget', what: ['queue', 'list', 'availability'] });
    run({ type: 'network-back' });
    await csms.run(60_000);
    expect(csms.of('StopTransaction')).toEqual([]);
    expect(await csms.result('GetLocalListVersion', '{}')).toEqual({ listVersion: 0 });
    expect(csms.of('StatusNotification').at(-1)).toMatchObject({ connectorId: 2, status: 'Available' });
    expect(csms.station.machine.core.evses[0]?.path.meter.energyWh).toBeGreaterThan(5_000_000);
    run({ type: 'set-meter', Wh: 0 });
    expect(csms.station.machine.core.evses[0]?.path.meter.energyWh).toBe(0);
  });

  it('loses power without a goodbye: the CSMS still has the old socket when the station is back', async () => {
    const { csms, run } = await booted();
    const old = csms.socket;
    run({ type: 'power-loss', forS: 20, silent: true });
    await csms.run(10_000);
    expect(csms.socket).toBe(old);
    await csms.run(30_000);
    expect([csms.connections, csms.of('BootNotification').length]).toEqual([2, 2]);
  });

  it('on a half-open line notices by its own pings, and connects anew', async () => {
    const { csms, run } = await booted('1.6');
    await csms.result('ChangeConfiguration', '{"key":"WebSocketPingInterval","value":"10"}');
    run({ type: 'half-open' });
    await expect(csms.call('ClearCache', '{}')).rejects.toThrow('No answer');
    await csms.run(60_000);
    expect(csms.connections).toBe(2);
    expect(await csms.result('ClearCache', '{}')).toEqual({ status: 'Accepted' });
  });
});

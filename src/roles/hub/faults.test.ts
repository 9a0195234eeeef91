import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { type FaultRule, Faults } from './faults.ts';

/** Rules that live in memory only. */
function faults(): Faults {
  const rules = new Map<string, FaultRule>();
  return new Faults(
    {
      pinned: () => rules.values(),
      put: (rule: FaultRule) => void rules.set(rule.id, rule),
    } as never,
    new Random('faults'),
  );
}

describe('a hub that bills another energy than it was sent', () => {
  const RECORD = '{"SessionID":"b2688855-7f00-0002-6d8e-48d883f6abb6","ConsumedEnergy":7.412,"MeterValueEnd":107.412}';

  it('adds 0.42 kWh to a charge detail record, as often as it was told', () => {
    const hub = faults();
    hub.save('1', { kind: 'wrong-energy', times: 1 });
    expect(JSON.parse(hub.onTheWay('emp', 'ChargeDetailRecord', RECORD))).toMatchObject({
      ConsumedEnergy: 7.832,
      MeterValueEnd: 107.412,
    });
    expect(hub.onTheWay('emp', 'ChargeDetailRecord', RECORD)).toBe(RECORD);
  });

  it('leaves other messages and other partners alone', () => {
    const hub = faults();
    hub.save('1', { kind: 'wrong-energy', partner: 'emp', kWh: 1 });
    expect(hub.onTheWay('emp', 'ChargingNotifications', RECORD)).toBe(RECORD);
    expect(hub.onTheWay('other', 'ChargeDetailRecord', RECORD)).toBe(RECORD);
    expect(JSON.parse(hub.onTheWay('emp', 'ChargeDetailRecord', RECORD)).ConsumedEnergy).toBe(8.412);
    expect(hub.onTheWay('emp', 'ChargeDetailRecord', '{}')).toBe('{}');
  });
});

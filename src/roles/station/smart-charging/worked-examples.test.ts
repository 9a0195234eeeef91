import { describe, expect, it } from 'vitest';
import { runCommand } from '../commands.ts';
import { HandCsms } from '../testing/hand-csms.ts';

/**
 * Composite schedules by hand. Every station stands at Monday, 2026-03-02 08:00 UTC; EVSE 1 has 32 A, three phases, 230 V.
 * Expected: [start in s, limit, phases] over two hours.
 */
type Expected = readonly (readonly [number, number, number?])[];

interface Example {
  readonly name: string;
  /** Profiles as `evse|purpose|stack|kind|more members|schedule members|periods`, periods as `start:limit[/phases]`. */
  readonly profiles: readonly string[];
  readonly expected: Expected;
  readonly unit?: 'W';
  readonly evse?: number;
  /** A transaction runs since 07:50. */
  readonly transaction?: true;
  readonly before?: (csms: HandCsms, transactionId: string) => Promise<unknown>;
  readonly only?: '1.6' | '2.1';
}

const ALL_DAY = '"startSchedule":"2026-03-01T00:00:00Z"';

const EXAMPLES: readonly Example[] = [
  { name: 'no profile: what the hardware does', profiles: [], expected: [[0, 32]] },
  {
    name: 'a limit of the station that begins later',
    profiles: ['0|Max|0|Absolute||"startSchedule":"2026-03-02T08:30:00Z"|0:20'],
    expected: [
      [0, 32],
      [1800, 20],
    ],
  },
  {
    name: 'the limit of the station caps the default',
    profiles: [`0|Max|0|Absolute||${ALL_DAY}|0:13`, `1|TxDefault|0|Absolute||${ALL_DAY}|0:16`],
    expected: [[0, 13]],
  },
  {
    name: 'stacking: the higher level hides the lower one while it lasts',
    profiles: [
      `1|TxDefault|0|Absolute||${ALL_DAY}|0:16`,
      '1|TxDefault|1|Absolute||"startSchedule":"2026-03-02T08:20:00Z","duration":600|0:8',
    ],
    expected: [
      [0, 16],
      [1200, 8],
      [1800, 16],
    ],
  },
  {
    name: 'stacking: a higher level without an end hides the lower one for ever, also when it allows more',
    profiles: [`1|TxDefault|0|Absolute||${ALL_DAY}|0:8`, `1|TxDefault|3|Absolute||${ALL_DAY}|0:24`],
    expected: [[0, 24]],
  },
  {
    name: 'several periods; the one that began yesterday goes on',
    profiles: ['1|TxDefault|0|Absolute||"startSchedule":"2026-03-01T20:00:00Z"|0:10,43200:12,46800:20'],
    expected: [
      [0, 12],
      [3600, 20],
    ],
  },
  {
    name: 'validity: from inclusive, to exclusive',
    profiles: [
      `1|TxDefault|0|Absolute|"validFrom":"2026-03-02T08:10:00Z","validTo":"2026-03-02T08:40:00Z"|${ALL_DAY}|0:6`,
    ],
    expected: [
      [0, 32],
      [600, 6],
      [2400, 32],
    ],
  },
  {
    name: 'daily: again every day at the same time',
    profiles: [
      '1|TxDefault|0|Recurring|"recurrencyKind":"Daily"|"startSchedule":"2026-02-01T08:15:00Z","duration":1800|0:12',
    ],
    expected: [
      [0, 32],
      [900, 12],
      [2700, 32],
    ],
  },
  {
    name: 'daily: the last period ends with the day, and the first begins anew',
    profiles: ['1|TxDefault|0|Recurring|"recurrencyKind":"Daily"|"startSchedule":"2026-02-01T09:00:00Z"|0:10,3600:25'],
    expected: [
      [0, 25],
      [3600, 10],
    ],
  },
  {
    name: 'weekly: Mondays at nine',
    profiles: [
      '1|TxDefault|0|Recurring|"recurrencyKind":"Weekly"|"startSchedule":"2026-02-23T09:00:00Z","duration":3600|0:10',
    ],
    expected: [
      [0, 32],
      [3600, 10],
    ],
  },
  {
    name: 'weekly: Tuesdays say nothing on a Monday',
    profiles: [
      '1|TxDefault|0|Recurring|"recurrencyKind":"Weekly"|"startSchedule":"2026-02-24T08:00:00Z","duration":3600|0:10',
    ],
    expected: [[0, 32]],
  },
  {
    name: 'relative without a transaction: as if it began now',
    profiles: ['1|TxDefault|0|Relative|||0:24,1200:12'],
    expected: [
      [0, 24],
      [1200, 12],
    ],
  },
  {
    name: 'relative with a transaction: from its start ten minutes ago',
    transaction: true,
    profiles: ['1|TxDefault|0|Relative|||0:24,1200:12'],
    expected: [
      [0, 24],
      [600, 12],
    ],
  },
  {
    name: 'the profile of the transaction replaces the default, and gives way when it runs out',
    transaction: true,
    profiles: [
      `1|TxDefault|0|Absolute||${ALL_DAY}|0:10`,
      '1|Tx|0|Absolute||"startSchedule":"2026-03-02T08:00:00Z","duration":1800|0:20',
    ],
    expected: [
      [0, 20],
      [1800, 10],
    ],
  },
  {
    name: 'watts in amperes: by nominal voltage and phases',
    profiles: [`1|TxDefault|0|Absolute||${ALL_DAY},"chargingRateUnit":"W"|0:6900`],
    expected: [[0, 10]],
  },
  {
    name: 'amperes in watts, on one phase only',
    unit: 'W',
    profiles: [`1|TxDefault|0|Absolute||${ALL_DAY}|0:16/1`],
    expected: [[0, 3680, 1]],
  },
  {
    name: 'the station as a whole',
    evse: 0,
    profiles: ['0|Max|0|Absolute||"startSchedule":"2026-03-02T09:00:00Z"|0:20'],
    expected: [
      [0, 32],
      [3600, 20],
    ],
  },
  {
    name: 'a default of the connector replaces the one for all at its level',
    only: '1.6',
    profiles: [`0|TxDefault|0|Absolute||${ALL_DAY}|0:10`, `1|TxDefault|0|Absolute||${ALL_DAY}|0:16`],
    expected: [[0, 16]],
  },
  {
    name: 'an energy manager’s limit holds beside the others',
    only: '2.1',
    profiles: [`0|Max|0|Absolute||${ALL_DAY}|0:20`],
    before: async (csms) => runCommand(csms.station, { type: 'external-limit', unit: 'A', limit: 11 }),
    expected: [[0, 11]],
  },
  {
    name: 'priority charging replaces default and transaction profiles while it is used',
    only: '2.1',
    transaction: true,
    profiles: [`1|TxDefault|0|Absolute||${ALL_DAY}|0:10`, `1|Priority|0|Absolute||${ALL_DAY}|0:25`],
    before: (csms, transactionId) =>
      csms.result('UsePriorityCharging', JSON.stringify({ transactionId, activate: true })),
    expected: [[0, 25]],
  },
  {
    name: 'local generation adds to what the transaction may draw, below the limit of the station',
    only: '2.1',
    transaction: true,
    profiles: [
      `1|TxDefault|0|Absolute||${ALL_DAY}|0:10`,
      `0|Local|0|Absolute||${ALL_DAY}|0:6,118800:20`,
      `0|Max|0|Absolute||${ALL_DAY}|0:25`,
    ],
    // 118800 s after Sunday midnight is Monday 09:00.
    expected: [
      [0, 16],
      [3600, 25],
    ],
  },
  {
    name: 'a dynamic profile holds what it was told last',
    only: '2.1',
    profiles: ['1|TxDefault|0|Dynamic|||0:10'],
    before: (csms) => csms.result('UpdateDynamicSchedule', '{"chargingProfileId":1,"scheduleUpdate":{"limit":7}}'),
    expected: [[0, 7]],
  },
];

const PURPOSE: Readonly<Record<'1.6' | '2.1', Readonly<Record<string, string>>>> = {
  '1.6': { Max: 'ChargePointMaxProfile', TxDefault: 'TxDefaultProfile', Tx: 'TxProfile' },
  '2.1': {
    Max: 'ChargingStationMaxProfile',
    TxDefault: 'TxDefaultProfile',
    Tx: 'TxProfile',
    Priority: 'PriorityCharging',
    Local: 'LocalGeneration',
  },
};

/** SetChargingProfile as text. */
function profileText(line: string, id: number, version: '1.6' | '2.1', transactionId: string): string {
  const [evse = '', purpose = '', stack = '', kind = '', more = '', schedule = '', periods = ''] = line.split('|');
  const list = periods.split(',').map((one) => {
    const [start = '', rest = ''] = one.split(':');
    const [limit = '', phases] = rest.split('/');
    return `{"startPeriod":${start},"limit":${limit}${phases === undefined ? '' : `,"numberPhases":${phases}`}}`;
  });
  const unit = schedule.includes('chargingRateUnit') ? '' : '"chargingRateUnit":"A",';
  const scheduleText = `{${version === '2.1' ? '"id":1,' : ''}${schedule}${schedule === '' ? '' : ','}${unit}"chargingSchedulePeriod":[${list.join(',')}]}`;
  const transaction =
    purpose === 'Tx' ? `"transactionId":${version === '1.6' ? transactionId : `"${transactionId}"`},` : '';
  const members = `${transaction}"stackLevel":${stack},"chargingProfilePurpose":"${PURPOSE[version][purpose]}","chargingProfileKind":"${kind}",${more}${more === '' ? '' : ','}`;
  return version === '1.6'
    ? `{"connectorId":${evse},"csChargingProfiles":{"chargingProfileId":${id},${members}"chargingSchedule":${scheduleText}}}`
    : `{"evseId":${evse},"chargingProfile":{"id":${id},${members}"chargingSchedule":[${scheduleText}]}}`;
}

const TEN_MINUTES_MS = 600_000;

describe.each(['1.6', '2.1'] as const)('composite schedules of a %s station, worked by hand', (version) => {
  it.each(EXAMPLES.filter(({ only }) => only === undefined || only === version))(
    '$name',
    async ({ profiles, expected, unit, evse = 1, transaction, before }) => {
      const csms = new HandCsms({ version });
      await csms.boot();
      let transactionId = '';
      // The examples are written for 08:00: a transaction begins ten minutes earlier on the clock of the station.
      if (transaction === true) {
        runCommand(csms.station, { type: 'clock', seconds: -TEN_MINUTES_MS / 1000 });
        runCommand(csms.station, { type: 'plug', car: { reactionMs: 0 } });
        runCommand(csms.station, { type: 'swipe', token: 'A' });
        await csms.clock.settle();
        await csms.run(TEN_MINUTES_MS);
        const running = csms.station.machine.core.evses[0]?.transaction;
        transactionId = version === '1.6' ? String(running?.number) : String(running?.id);
      }
      for (const [index, line] of profiles.entries()) {
        const text = profileText(line, index + 1, version, transactionId);
        expect([text, (await csms.result('SetChargingProfile', text))['status']]).toEqual([text, 'Accepted']);
      }
      await before?.(csms, transactionId);
      await csms.clock.settle();
      const where = version === '1.6' ? `"connectorId":${evse}` : `"evseId":${evse}`;
      const answer = await csms.result(
        'GetCompositeSchedule',
        `{${where},"duration":7200,"chargingRateUnit":"${unit ?? 'A'}"}`,
      );
      const schedule = (answer['chargingSchedule'] ?? answer['schedule']) as { chargingSchedulePeriod: unknown };
      expect(schedule.chargingSchedulePeriod).toEqual(
        expected.map(([startPeriod, limit, numberPhases = 3]) => ({ startPeriod, limit, numberPhases })),
      );
      csms.station.stop();
    },
  );
});

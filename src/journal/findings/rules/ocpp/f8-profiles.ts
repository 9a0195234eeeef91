import { parseTime } from '../../../../core/time.ts';
import { isObject, listAt, type Members, numberAt, textAt, valueAt } from '../../payload-reader.ts';
import { ALL, family, type Rule, type RuleContext, V2X, WARNING_16 } from '../../rule.ts';

const SETS = [
  'SetChargingProfile.request',
  'RemoteStartTransaction.request',
  'RequestStartTransaction.request',
] as const;
const MAX_PURPOSE = /^(ChargePointMaxProfile|ChargingStationMaxProfile)$/;

/** Charging profiles as the CSMS sends them (1.6 §3.13, §7.8; 2.x K01). */
export const f8Profiles: readonly Rule[] = family({ versions: ALL, axis: 'conformance' }, [
  {
    id: 'OCPP-SC-001',
    severity: 'error',
    fault: 'csms',
    title: 'A profile for the whole station is set on 0',
    clause: '1.6 §3.13.1, K04.FR.03',
    causes: ['The profile was meant for one connector'],
    next: ['Use TxDefaultProfile for one connector'],
    peer: 'rejects',
    on: ['SetChargingProfile.request'],
    check(c) {
      const purpose = textAt(profileOf(c), 'chargingProfilePurpose') ?? '';
      const place = placeOf(c);
      if (!MAX_PURPOSE.test(purpose) || place === undefined || place === 0) return;
      c.report({ text: `${purpose} is set on ${place}, not on 0`, expected: 0, actual: place });
    },
  },
  {
    id: 'OCPP-SC-002',
    severity: 'error',
    fault: 'csms',
    title: 'A TxProfile is set on a connector; in 2.x it names its transaction',
    clause: '1.6 §3.13.1, K01.FR.03, K01.FR.16',
    causes: ['The profile was meant for all connectors'],
    next: ['Use TxDefaultProfile for what has no transaction'],
    peer: 'rejects',
    on: ['SetChargingProfile.request'],
    check(c) {
      if (textAt(profileOf(c), 'chargingProfilePurpose') !== 'TxProfile') return;
      if (placeOf(c) === 0) return c.report({ text: 'A TxProfile is set on 0', object: 'place' });
      if (c.link.version === '1.6' || valueAt(profileOf(c), 'transactionId') !== undefined) return;
      c.report({
        text: 'A TxProfile names no transaction',
        object: 'transaction',
        pointer: '/chargingProfile/transactionId',
      });
    },
  },
  {
    id: 'OCPP-SC-004',
    severity: 'error',
    fault: 'csms',
    title: 'The periods of a schedule begin at 0 and ascend',
    clause: '1.6 errata 3.45, K01.FR.31, K01.FR.35',
    causes: ['Periods are not sorted', 'Times instead of seconds'],
    next: ['Look at startPeriod of each period'],
    peer: 'rejects',
    on: SETS,
    check(c) {
      for (const schedule of schedulesOf(c)) {
        const starts = listAt(schedule, 'chargingSchedulePeriod').map((period) => numberAt(period, 'startPeriod') ?? 0);
        const [first] = starts;
        const sorted = starts.every((start, index) => index === 0 || start > (starts[index - 1] ?? 0));
        if (first === undefined || (first === 0 && sorted)) continue;
        return c.report({ text: `The periods of the schedule begin at ${starts.join(', ')} s`, actual: starts });
      }
    },
  },
  {
    id: 'OCPP-SC-006',
    severity: 'error',
    fault: 'csms',
    title: 'recurrencyKind belongs to Recurring',
    clause: '1.6 errata 3.56, 2.x K01',
    causes: ['The kind is left from another profile'],
    next: ['Look at chargingProfileKind'],
    peer: 'rejects',
    on: SETS,
    check(c) {
      const kind = textAt(profileOf(c), 'chargingProfileKind');
      const recurrency = textAt(profileOf(c), 'recurrencyKind');
      if (kind === undefined || (kind === 'Recurring') === (recurrency !== undefined)) return;
      const text =
        recurrency === undefined
          ? 'A Recurring profile has no recurrencyKind'
          : `A profile of kind ${kind} has recurrencyKind ${recurrency}`;
      c.report({ text });
    },
  },
  {
    id: 'OCPP-SC-007',
    severity: WARNING_16,
    fault: 'csms',
    title: 'A schedule has a start, unless it is relative',
    clause: 'K01.FR.38, K01.FR.40, K01.FR.41',
    causes: ['startSchedule is left out'],
    next: ['Look at chargingProfileKind and startSchedule'],
    peer: 'unknown',
    on: SETS,
    check(c) {
      const kind = textAt(profileOf(c), 'chargingProfileKind') ?? '';
      const purpose = textAt(profileOf(c), 'chargingProfilePurpose') ?? '';
      if (kind === 'Relative' && MAX_PURPOSE.test(purpose) && c.link.version !== '1.6')
        return c.report({ text: `A ${purpose} is Relative`, object: 'kind', severity: 'error' });
      for (const schedule of schedulesOf(c)) {
        const start = textAt(schedule, 'startSchedule');
        if (kind === 'Relative' && start !== undefined)
          return c.report({ text: `A Relative schedule has the startSchedule ${start}`, object: 'start' });
        if (/^(Absolute|Recurring)$/.test(kind) && start === undefined)
          return c.report({ text: `An ${kind} schedule has no startSchedule`.replace('An R', 'A R'), object: 'start' });
      }
    },
  },
  {
    id: 'OCPP-SC-008',
    severity: 'warning',
    fault: 'csms',
    title: 'A profile is valid for some time to come',
    clause: 'ours',
    causes: ['A mistake with the time zone'],
    next: ['Look at validFrom and validTo'],
    peer: 'rejects',
    on: SETS,
    check(c) {
      const from = parseTime(textAt(profileOf(c), 'validFrom') ?? '');
      const until = textAt(profileOf(c), 'validTo');
      const to = parseTime(until ?? '');
      if (to === undefined || (to > c.o.time && (from === undefined || to > from))) return;
      c.report({
        text: from !== undefined && to <= from ? 'validTo is not after validFrom' : `validTo ${until} is past`,
      });
    },
  },
  {
    id: 'OCPP-SC-010',
    versions: V2X,
    severity: 'error',
    fault: 'csms',
    title: 'External constraints are not set or cleared by the CSMS',
    clause: 'K01.FR.22, K10.FR.06',
    causes: ['All purposes are offered to the user'],
    next: ['Use another purpose'],
    peer: 'rejects',
    on: ['SetChargingProfile.request', 'ClearChargingProfile.request'],
    check(c) {
      const purpose =
        textAt(profileOf(c), 'chargingProfilePurpose') ??
        textAt(c.o.payload, 'chargingProfileCriteria', 'chargingProfilePurpose');
      if (purpose !== 'ChargingStationExternalConstraints') return;
      c.report({ text: `${c.o.action} is about ChargingStationExternalConstraints`, object: c.o.action });
    },
  },
  {
    id: 'OCPP-SC-011',
    versions: V2X,
    severity: 'error',
    fault: 'csms',
    title: 'A phase is named only where one phase is used',
    clause: 'K01.FR.19',
    causes: ['phaseToUse is filled with a default'],
    next: ['Look at numberPhases'],
    peer: 'rejects',
    on: ['SetChargingProfile.request', 'RequestStartTransaction.request'],
    check(c) {
      for (const schedule of schedulesOf(c)) {
        const wrong = listAt(schedule, 'chargingSchedulePeriod').find(
          (period) => numberAt(period, 'phaseToUse') !== undefined && numberAt(period, 'numberPhases') !== 1,
        );
        if (wrong === undefined) continue;
        const phases = numberAt(wrong, 'numberPhases') ?? 3;
        return c.report({
          text: `phaseToUse is ${numberAt(wrong, 'phaseToUse')} with ${phases} phases`,
          expected: 1,
          actual: phases,
        });
      }
    },
  },
  {
    id: 'OCPP-SC-017',
    versions: V2X,
    severity: 'error',
    fault: 'csms',
    title: 'Profiles to clear are named',
    clause: 'K10.FR.02',
    causes: ['An empty request stands for all, as in 1.6'],
    next: ['Give an id or a criterion'],
    peer: 'tolerates',
    on: ['ClearChargingProfile.request'],
    check(c) {
      const { payload } = c.o;
      if (
        valueAt(payload, 'chargingProfileId') !== undefined ||
        valueAt(payload, 'chargingProfileCriteria') !== undefined
      )
        return;
      c.report({ text: 'ClearChargingProfile has neither an id nor a criterion' });
    },
  },
  {
    id: 'OCPP-SC-023',
    versions: V2X,
    severity: 'error',
    fault: 'station',
    title: 'A limit of the CSMS is not reported as an external one',
    clause: 'K11.FR.05, K12.FR.04',
    causes: ['Every limit is reported'],
    next: ['Look at where the limit came from'],
    peer: 'tolerates',
    on: ['NotifyChargingLimit.request', 'ClearedChargingLimit.request'],
    check(c) {
      const source =
        textAt(c.o.payload, 'chargingLimitSource') ?? textAt(c.o.payload, 'chargingLimit', 'chargingLimitSource');
      if (source !== 'CSO') return;
      c.report({ text: `${c.o.action} names CSO as the source of the limit`, object: c.o.action });
    },
  },
]);

function profileOf(c: RuleContext): Members | undefined {
  const profile = valueAt(c.o.payload, 'csChargingProfiles') ?? valueAt(c.o.payload, 'chargingProfile');
  return isObject(profile) ? profile : undefined;
}

function placeOf(c: RuleContext): number | undefined {
  return numberAt(c.o.payload, 'connectorId') ?? numberAt(c.o.payload, 'evseId');
}

/** One schedule in 1.6, a list of them in 2.x. */
function schedulesOf(c: RuleContext): readonly unknown[] {
  const schedule = valueAt(profileOf(c), 'chargingSchedule');
  return Array.isArray(schedule) ? schedule : schedule === undefined ? [] : [schedule];
}

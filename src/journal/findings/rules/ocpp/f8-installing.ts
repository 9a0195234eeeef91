import { MINUTE_MS, parseTime } from '../../../../core/time.ts';
import { schedulesOf } from '../../model/charging-profile.ts';
import { profileIn } from '../../model/charging-profiles.ts';
import { listAt, numberAt, textAt } from '../../payload-reader.ts';
import { ALL, family, type Report, type Rule, type RuleContext, V2X, V16 } from '../../rule.ts';

/** EVs may tell their needs before the transaction is announced. */
const NEEDS_BEFORE_MS = 5 * MINUTE_MS;

/** Charging profiles against what the station can do, what runs on it and what is installed (1.6 §3.13, 2.x K01). */
export const f8Installing: readonly Rule[] = family({ versions: ALL, axis: 'consistency' }, [
  {
    id: 'OCPP-SC-003',
    severity: 'error',
    fault: 'station',
    title: 'A TxProfile is accepted only for a running transaction',
    clause: '1.6 §3.13.1, K01.FR.09, K01.FR.33',
    causes: ['The station does not look at its transactions'],
    next: ['Compare the transaction of the profile with those that run there'],
    peer: 'tolerates',
    needsHistory: true,
    on: ['SetChargingProfile.response'],
    check(c) {
      const profile = profileIn(c.o.request?.payload);
      if (textAt(c.o.payload, 'status') !== 'Accepted' || textAt(profile, 'chargingProfilePurpose') !== 'TxProfile')
        return;
      const place = placeOf(c.o.request?.payload) ?? 0;
      if (c.link.version === '1.6') {
        if (place === 0 || c.station.transactions16.on(place) !== undefined) return;
        return c.report({
          text: `A TxProfile for connector ${place} was accepted, and no transaction runs there`,
          object: place,
        });
      }
      const id = textAt(profile, 'transactionId');
      if (id === undefined || c.station.transactions2x.open.has(id)) return;
      const ended = c.station.transactions2x.ended.has(id);
      const text = `A TxProfile for transaction ${id} was accepted, which ${ended ? 'has ended' : 'is not known'}`;
      c.report({ text, object: id, actual: id });
    },
  },
  {
    id: 'OCPP-SC-005',
    severity: 'warning',
    fault: 'csms',
    title: 'A profile stays within what the station declared',
    clause: '1.6 §9.4, K01.FR.26',
    causes: ['The CSMS does not read the limits of the station'],
    next: ['Read the stack level, periods and units of the station'],
    peer: 'rejects',
    on: ['SetChargingProfile.request', 'SetChargingProfile.response'],
    check(c) {
      const report = beyondDeclared(c);
      if (report === 'not evaluable') c.notEvaluable();
      else if (report !== undefined) c.report(report);
    },
  },
  {
    id: 'OCPP-SC-009',
    versions: V2X,
    severity: 'error',
    fault: 'csms',
    title: 'Two profiles of one purpose, level and EVSE do not overlap in time',
    clause: 'K01.FR.06, K01.FR.39',
    causes: ['A profile is sent anew under another id', 'As in 1.6 it should replace the old one'],
    next: ['Use the id of the profile that is to be replaced, or clear it first'],
    peer: 'rejects',
    on: ['SetChargingProfile.request'],
    check(c) {
      const installed = c.station.profilesIfAny?.all ?? [];
      const profile = profileIn(c.o.payload);
      const transaction = textAt(profile, 'transactionId');
      const from = timeOr(textAt(profile, 'validFrom'), Number.NEGATIVE_INFINITY);
      const to = timeOr(textAt(profile, 'validTo'), Number.POSITIVE_INFINITY);
      const other = installed.find(
        (each) =>
          each.id !== numberAt(profile, 'id') &&
          each.stackLevel === numberAt(profile, 'stackLevel') &&
          each.purpose === textAt(profile, 'chargingProfilePurpose') &&
          each.place === placeOf(c.o.payload) &&
          (each.purpose !== 'TxProfile' || each.transactionId === transaction) &&
          (each.validFrom ?? Number.NEGATIVE_INFINITY) < to &&
          from < (each.validTo ?? Number.POSITIVE_INFINITY),
      );
      if (other === undefined) return;
      c.report({
        text: `Profile ${numberAt(profile, 'id')} has the purpose ${other.purpose}, the level ${other.stackLevel} and the EVSE ${other.place} of profile ${other.id}, at the same time`,
        object: `${other.id}`,
        evidence: [{ seq: other.seq, label: `profile ${other.id}` }],
      });
    },
  },
  {
    id: 'OCPP-SC-019',
    versions: ['2.0.1'],
    severity: 'error',
    fault: 'csms',
    title: 'Several schedules answer the needs of an EV',
    clause: 'K01.FR.34',
    causes: ['All tariffs are sent to every station'],
    next: ['Send one schedule where no EV has told its needs'],
    peer: 'rejects',
    needsHistory: true,
    on: ['SetChargingProfile.request'],
    check(c) {
      const schedules = schedulesOf(profileIn(c.o.payload)).length;
      if (schedules <= 1) return;
      const evse = placeOf(c.o.payload) ?? 0;
      const since = (c.station.transactions2x.on(evse)?.firstAt ?? 0) - NEEDS_BEFORE_MS;
      const needsAt = c.station.profilesIfAny?.needsAt.get(evse);
      if (needsAt !== undefined && needsAt >= since) return;
      c.report({
        text: `The profile has ${schedules} schedules, and no EV on EVSE ${evse} has told its needs`,
        object: evse,
        pointer: '/chargingProfile/chargingSchedule',
        expected: 1,
        actual: schedules,
      });
    },
  },
  {
    id: 'OCPP-SC-022',
    versions: ['1.6', '2.0.1'],
    severity: 'error',
    fault: 'csms',
    axis: 'conformance',
    title: 'Limits have one decimal at most',
    clause: '1.6 §7.14, 2.0.1 §2.12',
    causes: ['The noise of binary fractions', 'Kilowatts turned into watts'],
    next: ['Round the limit before it is sent'],
    peer: 'rejects',
    on: ['SetChargingProfile.request', 'RemoteStartTransaction.request', 'RequestStartTransaction.request'],
    check(c) {
      for (const schedule of schedulesOf(profileIn(c.o.payload))) {
        const limits = listAt(schedule, 'chargingSchedulePeriod').map((period) => numberAt(period, 'limit'));
        const wrong = [numberAt(schedule, 'minChargingRate'), ...limits].find(
          (each) => each !== undefined && !hasOneDecimal(each),
        );
        if (wrong === undefined) continue;
        return c.report({ text: `A limit of the profile is ${wrong}`, object: c.o.action, actual: wrong });
      }
    },
  },
  {
    id: 'OCPP-SC-024',
    versions: V16,
    severity: 'error',
    fault: 'station',
    axis: 'conformance',
    title: 'A profile for a connector that does not exist gets a CALLERROR',
    clause: '1.6 errata 3.39',
    causes: ['The station answers with a status'],
    next: ['Compare connectorId with NumberOfConnectors'],
    peer: 'tolerates',
    on: ['SetChargingProfile.response'],
    check(c) {
      const connector = placeOf(c.o.request?.payload) ?? 0;
      const count = c.station.configuration.number('NumberOfConnectors');
      if (count === undefined) return connector > 1 ? c.notEvaluable() : undefined;
      if (connector <= count) return;
      const status = textAt(c.o.payload, 'status');
      c.report({
        text: `The station has ${count} connector${count === 1 ? '' : 's'}, and answers ${status} to a profile for connector ${connector}`,
        object: connector,
        severity: status === 'Rejected' ? 'info' : 'error',
        expected: 'PropertyConstraintViolation',
        actual: status,
      });
    },
  },
]);

/** A stack level, a number of periods, a unit that the station does not have; the unit is the station's fault if it accepts. */
function beyondDeclared(c: RuleContext): Report | 'not evaluable' | undefined {
  const isAnswer = c.o.kind === 'response';
  const v16 = c.link.version === '1.6';
  const request = isAnswer ? c.o.request?.payload : c.o.payload;
  const profile = profileIn(request);
  const { configuration } = c.station;
  const [schedule] = schedulesOf(profile);
  const unit = textAt(schedule, 'chargingRateUnit') ?? '';
  const units = configuration.list(v16 ? 'ChargingScheduleAllowedChargingRateUnit' : 'SmartChargingCtrlr.RateUnit');
  // 1.6 says Current and Power; some stations say A and W there too.
  const names = unit === 'A' ? ['a', 'current'] : ['w', 'power'];
  const unitFits = units === undefined || units.some((each) => names.includes(each.toLowerCase()));
  if (isAnswer) {
    if (v16 || unitFits || textAt(c.o.payload, 'status') !== 'Accepted') return undefined;
    return {
      text: `The station accepted a profile in ${unit}, and declares ${units?.join(', ')}`,
      object: 'accepted',
      severity: 'error',
      fault: 'station',
      expected: units,
      actual: unit,
    };
  }
  const levels = configuration.number(v16 ? 'ChargeProfileMaxStackLevel' : 'SmartChargingCtrlr.ProfileStackLevel');
  const periods = configuration.number(v16 ? 'ChargingScheduleMaxPeriods' : 'SmartChargingCtrlr.PeriodsPerSchedule');
  const level = numberAt(profile, 'stackLevel') ?? 0;
  const count = listAt(schedule, 'chargingSchedulePeriod').length;
  if (levels !== undefined && level > levels)
    return {
      text: `The profile has the stack level ${level}, and the station declares ${levels}`,
      object: 'level',
      expected: levels,
      actual: level,
    };
  if (periods !== undefined && count > periods)
    return {
      text: `The schedule has ${count} periods, and the station declares ${periods}`,
      object: 'periods',
      expected: periods,
      actual: count,
    };
  if (!unitFits)
    return {
      text: `The profile is in ${unit}, and the station declares ${units?.join(', ')}`,
      object: 'unit',
      expected: units,
      actual: unit,
    };
  return levels === undefined || periods === undefined || units === undefined ? 'not evaluable' : undefined;
}

function placeOf(request: unknown): number | undefined {
  return numberAt(request, 'connectorId') ?? numberAt(request, 'evseId');
}

function hasOneDecimal(value: number): boolean {
  return Math.abs(value * 10 - Math.round(value * 10)) < 1e-6;
}

function timeOr(text: string | undefined, otherwise: number): number {
  return (text === undefined ? undefined : parseTime(text)) ?? otherwise;
}

import { SECOND_MS } from '../../../../core/time.ts';
import { type ChargingProfile, isValidAt, schedulesOf } from '../../model/charging-profile.ts';
import { profileIn } from '../../model/charging-profiles.ts';
import { runningOn } from '../../model/running-transaction.ts';
import type { StationModel } from '../../model/station-model.ts';
import type { Observation } from '../../observation.ts';
import { booleanAt, listAt, numberAt, textAt, valueAt } from '../../payload-reader.ts';
import { family, type Rule, V21 } from '../../rule.ts';

const NOTIFY_MS = 30 * SECOND_MS;

/** What a profile may use, by the variable of SmartChargingCtrlr that allows it (K01.FR.120 to K01.FR.126). */
const FEATURES: readonly (readonly [variable: string, uses: (profile: unknown) => boolean])[] = [
  ['SupportsDynamicProfiles', (profile) => textAt(profile, 'chargingProfileKind') === 'Dynamic'],
  ['SupportsUseLocalTime', (profile) => schedulesOf(profile).some((each) => booleanAt(each, 'useLocalTime') === true)],
  [
    'SupportsRandomizedDelay',
    (profile) => schedulesOf(profile).some((each) => (numberAt(each, 'randomizedDelay') ?? 0) > 0),
  ],
  ['SupportsLimitAtSoC', (profile) => schedulesOf(profile).some((each) => valueAt(each, 'limitAtSoC') !== undefined)],
  ['SupportsEvseSleep', (profile) => periodsOf(profile).some((each) => booleanAt(each, 'evseSleep') === true)],
  ['SupportsMaxOfflineDuration', (profile) => numberAt(profile, 'maxOfflineDuration') !== undefined],
];
const SETTING = ['SetChargingProfile', 'RequestStartTransaction'] as const;

/** Charging profiles of 2.1: Dynamic ones, priority charging, optional features (K01, K21, K28). */
export const f12Profiles: readonly Rule[] = family({ versions: V21, axis: 'conformance' }, [
  {
    id: 'OCPP21-SC-001',
    severity: 'error',
    fault: 'csms',
    title: 'A Dynamic profile has one schedule of one period from 0 on',
    clause: 'K28.FR.01, K28.FR.02, K28.FR.03',
    causes: ['An ordinary schedule was only renamed Dynamic'],
    next: ['Send the limit of now, and new ones with UpdateDynamicSchedule'],
    peer: 'rejects',
    on: SETTING.flatMap((action) => [`${action}.request`, `${action}.response`] as const),
    check(c) {
      const profile = profileOf(c.o);
      if (textAt(profile, 'chargingProfileKind') !== 'Dynamic') return;
      const schedules = schedulesOf(profile).length;
      const periods = periodsOf(profile);
      const start = numberAt(periods[0], 'startPeriod');
      if (schedules === 1 && periods.length === 1 && start === 0) return;
      const id = numberAt(profile, 'id') ?? -1;
      const what = `Dynamic profile ${id} with ${schedules} schedules of ${periods.length} periods, the first from ${start} s on`;
      const pointer = '/chargingProfile/chargingSchedule';
      if (c.o.kind === 'request') c.report({ text: `The CSMS sent a ${what}`, object: id, pointer });
      else if (isAccepted(c.o))
        c.report({ text: `The station accepted a ${what}`, object: `accepted ${id}`, fault: 'station' });
    },
  },
  {
    id: 'OCPP21-SC-002',
    severity: 'error',
    fault: 'csms',
    title: 'Only Dynamic profiles are updated',
    clause: 'K01.FR.122',
    causes: ['The members of a form are sent for every kind'],
    next: ['Leave out dynUpdateInterval and dynUpdateTime, or make the profile Dynamic'],
    peer: 'rejects',
    on: ['SetChargingProfile.request', 'RequestStartTransaction.request'],
    check(c) {
      const profile = profileOf(c.o);
      const kind = textAt(profile, 'chargingProfileKind');
      if (profile === undefined || kind === 'Dynamic') return;
      const member = ['dynUpdateInterval', 'dynUpdateTime'].find((name) => valueAt(profile, name) !== undefined);
      if (member === undefined) return;
      c.report({
        text: `Profile ${numberAt(profile, 'id')} is ${kind} and has ${member}`,
        object: numberAt(profile, 'id') ?? -1,
        pointer: `/chargingProfile/${member}`,
      });
    },
  },
  {
    id: 'OCPP21-SC-003',
    severity: 'error',
    fault: 'station',
    axis: 'consistency',
    title: 'An update is accepted for Dynamic profiles only',
    clause: 'K28.FR.11',
    causes: ['The kind of the profile is not looked at'],
    next: ['Read the profile with GetChargingProfiles'],
    peer: 'tolerates',
    on: ['UpdateDynamicSchedule.response'],
    check(c) {
      if (!isAccepted(c.o)) return;
      const id = numberAt(c.o.request?.payload, 'chargingProfileId') ?? -1;
      const { profiles } = c.station;
      const profile = profiles.byId(id);
      if (profile === undefined && !profiles.complete) return c.notEvaluable();
      if (profile?.kind === 'Dynamic') return;
      c.report({
        text: `An update of profile ${id} was accepted, which ${profile === undefined ? 'is not there' : `is ${profile.kind}`}`,
        object: id,
        ...(profile === undefined ? {} : { evidence: [{ seq: profile.seq, label: `profile ${id}` }] }),
        expected: 'Rejected',
        actual: 'Accepted',
      });
    },
  },
  {
    id: 'OCPP21-SC-004',
    severity: 'error',
    fault: 'station',
    axis: 'timing',
    title: 'The limits of a Dynamic profile are asked for in its interval',
    clause: 'K28.FR.10',
    causes: ['dynUpdateInterval is not followed', 'The timer ends with the first answer'],
    next: ['Look for PullDynamicScheduleUpdate of this profile'],
    peer: 'tolerates',
    on: ['SetChargingProfile.response', 'RequestStartTransaction.response', 'PullDynamicScheduleUpdate.response'],
    check(c) {
      const { o, link, station, toleranceMs } = c;
      const pulled = numberAt(o.request?.payload, 'chargingProfileId');
      const id = pulled ?? numberAt(profileOf(o), 'id');
      const intervalS =
        pulled === undefined
          ? numberAt(profileOf(o), 'dynUpdateInterval')
          : station.profiles.byId(pulled)?.dynUpdateIntervalS;
      if (id === undefined || (pulled === undefined && !isAccepted(o)) || (intervalS ?? 0) <= 0) return;
      if (!c.clocksAgree) return c.notEvaluable();
      const from = o.time;
      c.expect({
        withinMs: 2 * (intervalS ?? 0) * SECOND_MS,
        object: id,
        otherwise(now) {
          const profile = station.profiles.byId(id);
          const seconds = profile?.dynUpdateIntervalS ?? 0;
          if (profile?.kind !== 'Dynamic' || seconds <= 0) return undefined;
          const limitMs = 2 * seconds * SECOND_MS + toleranceMs;
          // Whether a profile that does not count now is asked for, is left to the station.
          if (!isInForce(profile, station, now)) return limitMs;
          const since = Math.max(
            from,
            station.profiles.pulledAt.get(id) ?? 0,
            inForceSince(profile, station),
            link.openedAt,
          );
          if (now - since < limitMs) return limitMs - (now - since);
          return {
            text: `Profile ${id} is to be asked for every ${seconds} s, and was not for ${Math.round((now - since) / SECOND_MS)} s`,
            object: id,
            evidence: [{ seq: profile.seq, label: `profile ${id}` }],
          };
        },
      });
    },
  },
  {
    id: 'OCPP21-SC-005',
    severity: 'error',
    fault: 'station',
    axis: 'timing',
    title: 'Priority charging that was accepted is told',
    clause: 'K21.FR.05, K21.FR.08',
    causes: ['NotifyPriorityCharging is sent for the local button only'],
    next: ['Look for NotifyPriorityCharging of this transaction'],
    peer: 'tolerates',
    on: ['UsePriorityCharging.response'],
    check(c) {
      const { station, o } = c;
      const id = textAt(o.request?.payload, 'transactionId');
      const activate = booleanAt(o.request?.payload, 'activate');
      if (!isAccepted(o) || id === undefined || activate === undefined) return;
      // Nothing changes: nothing need be told.
      if (station.transactions21.hasPriority(id) === activate) return;
      c.expect({
        withinMs: NOTIFY_MS,
        object: id,
        by: (next) => next.action === 'NotifyPriorityCharging' && textAt(next.payload, 'transactionId') === id,
        unless: (next) => endsTransaction(next, id),
        otherwise: () => ({
          text: `Priority charging of transaction ${id} was ${activate ? 'accepted' : 'taken back'}, and NotifyPriorityCharging did not come within 30 s`,
          object: id,
        }),
      });
    },
  },
  {
    id: 'OCPP21-SC-006',
    severity: 'error',
    fault: 'station',
    axis: 'consistency',
    title: 'A profile is accepted only with features that the station supports',
    clause: 'K01.FR.120 to K01.FR.126',
    causes: ['Members that the station does not know are ignored'],
    next: ['Read the Supports… variables of SmartChargingCtrlr'],
    peer: 'tolerates',
    on: ['SetChargingProfile.response', 'RequestStartTransaction.response'],
    check(c) {
      const profile = profileOf(c.o);
      if (profile === undefined || !isAccepted(c.o)) return;
      const { configuration } = c.station;
      for (const [variable, uses] of FEATURES) {
        if (!uses(profile)) continue;
        const key = `SmartChargingCtrlr.${variable}`;
        const supported = configuration.boolean(key) ?? (configuration.absent(key) ? false : undefined);
        if (supported === undefined) c.notEvaluable();
        else if (!supported)
          c.report({
            text: `Profile ${numberAt(profile, 'id')} was accepted, and ${key} is ${configuration.absent(key) ? 'not there' : 'false'}`,
            object: variable,
            expected: 'Rejected',
            actual: 'Accepted',
          });
      }
    },
  },
]);

/** The profile of a request that sets one, or of the request that this answers. */
function profileOf(o: Observation): unknown {
  return profileIn(o.kind === 'request' ? o.payload : o.request?.payload);
}

function periodsOf(profile: unknown): readonly unknown[] {
  return schedulesOf(profile).flatMap((schedule) => listAt(schedule, 'chargingSchedulePeriod'));
}

function isAccepted(o: Observation): boolean {
  return o.kind === 'response' && textAt(o.payload, 'status') === 'Accepted';
}

function endsTransaction(o: Observation, id: string): boolean {
  return (
    o.kind === 'request' &&
    o.action === 'TransactionEvent' &&
    textAt(o.payload, 'eventType') === 'Ended' &&
    textAt(o.payload, 'transactionInfo', 'transactionId') === id
  );
}

/** Profiles of transactions count while one runs where they are; the others always. */
function isInForce(profile: ChargingProfile, station: StationModel, now: number): boolean {
  return isValidAt(profile, now) && (!isOfTransactions(profile) || runningFor(profile, station) !== undefined);
}

function inForceSince(profile: ChargingProfile, station: StationModel): number {
  return Math.max(profile.validFrom ?? 0, isOfTransactions(profile) ? (runningFor(profile, station) ?? 0) : 0);
}

function isOfTransactions({ purpose }: ChargingProfile): boolean {
  return purpose.startsWith('Tx') || purpose === 'PriorityCharging';
}

/** When the transaction began that the profile is for. */
function runningFor({ place }: ChargingProfile, station: StationModel): number | undefined {
  if (place !== undefined && place !== 0) return runningOn(station, '2.1', place)?.startedAt;
  const [first] = station.transactions2x.open.values();
  return first?.firstAt;
}

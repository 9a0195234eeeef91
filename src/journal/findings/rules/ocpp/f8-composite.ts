import { parseTime, SECOND_MS } from '../../../../core/time.ts';
import { schedulesOf } from '../../model/charging-profile.ts';
import { type BoundQuery, boundEdges, profileBound } from '../../model/profile-bound.ts';
import { runningOn } from '../../model/running-transaction.ts';
import { listAt, numberAt, textAt, valueAt } from '../../payload-reader.ts';
import { ALL, family, type Report, type Rule, type RuleContext, V16 } from '../../rule.ts';

/** A period that is this much too high is a mistake, not a rounding. */
const SLACK = 1.01;
const ROUNDING = 0.05;
/** Edges of both schedules this close together are the same edge. */
const NEAR_MS = 3 * SECOND_MS;

/** Composite schedules against themselves and against the installed profiles (1.6 §3.13.3, §5.7; 2.x K08). */
export const f8Composite: readonly Rule[] = family({ versions: ALL, axis: 'conformance' }, [
  {
    id: 'OCPP-SC-012',
    severity: 'warning',
    fault: 'station',
    axis: 'consistency',
    title: 'A composite schedule allows no more than the profiles',
    clause: '1.6 §3.13.3, K08.FR.04',
    causes: [
      'Stack levels are read the wrong way round',
      'Amperes are taken for watts',
      'A profile was installed before the log began',
    ],
    next: ['Look at the profiles that are installed for this connector and their stack levels'],
    peer: 'tolerates',
    needsHistory: true,
    on: ['GetCompositeSchedule.response'],
    check(c) {
      const composite = compositeOf(c);
      if (composite === undefined || composite.startsAt === undefined) return;
      const { place, unit, startsAt, durationS, periods } = composite;
      const profiles = c.station.profilesIfAny?.all ?? [];
      if (profiles.length === 0 || !c.clocksAgree || (unit !== 'A' && unit !== 'W')) return c.notEvaluable();
      const query: BoundQuery = { profiles, place, unit, transaction: runningOn(c.station, c.link.version, place) };
      const until = startsAt + durationS * SECOND_MS;
      const ownEdges = boundEdges(query, startsAt, until);
      const edges = [...periods.map(({ startS }) => startsAt + startS * SECOND_MS), ...ownEdges].sort((a, b) => a - b);
      let bounded = false;
      for (let i = 0; i < edges.length; i++) {
        const at = (edges[i] ?? 0) + NEAR_MS;
        // Where the next edge is near, or the end, it is not clear which side is meant.
        if ((edges[i + 1] ?? until) < at + NEAR_MS) continue;
        const bound = profileBound(query, at);
        const limit = periods.findLast(({ startS }) => startsAt + startS * SECOND_MS <= at)?.limit;
        if (bound === undefined || limit === undefined) continue;
        bounded = true;
        if (limit <= bound * SLACK + ROUNDING) continue;
        const afterS = Math.round((at - NEAR_MS - startsAt) / SECOND_MS);
        return c.report({
          text: `The composite schedule of ${place} allows ${limit} ${unit} after ${afterS} s, and the profiles ${bound} ${unit}`,
          object: place,
          expected: bound,
          actual: limit,
          evidence: profiles.slice(-5).map((each) => ({ seq: each.seq, label: `profile ${each.id}` })),
        });
      }
      if (!bounded) c.notEvaluable();
    },
  },
  {
    id: 'OCPP-SC-013',
    severity: 'error',
    fault: 'station',
    title: 'An accepted composite schedule begins at 0 and stays within what was asked',
    clause: '1.6 §5.7',
    causes: ['Nothing is installed, and the answer is Accepted without a schedule', 'Times instead of seconds'],
    next: ['Compare the periods with the requested duration'],
    peer: 'rejects',
    on: ['GetCompositeSchedule.response'],
    check(c) {
      if (textAt(c.o.payload, 'status') !== 'Accepted') return;
      const report = brokenComposite(c);
      if (report !== undefined) c.report({ ...report, object: placeOf(c) });
    },
  },
  {
    id: 'OCPP-SC-014',
    versions: V16,
    severity: 'info',
    fault: 'station',
    axis: 'compatibility',
    title: 'A composite schedule says when it begins in scheduleStart alone',
    clause: '1.6 errata 3.57',
    causes: ['startSchedule is filled in both places'],
    next: ['Leave chargingSchedule.startSchedule out'],
    peer: 'tolerates',
    on: ['GetCompositeSchedule.response'],
    check(c) {
      const start = textAt(c.o.payload, 'chargingSchedule', 'startSchedule');
      if (start === undefined) return;
      c.report({
        text: `The composite schedule has the startSchedule ${start}`,
        pointer: '/chargingSchedule/startSchedule',
      });
    },
  },
]);

interface Composite {
  readonly place: number;
  readonly unit: string;
  readonly startsAt: number | undefined;
  readonly durationS: number;
  readonly periods: readonly { readonly startS: number; readonly limit: number }[];
}

/** The accepted schedule of the answer, of any version. */
function compositeOf(c: RuleContext): Composite | undefined {
  const { payload } = c.o;
  const v16 = c.link.version === '1.6';
  const schedule = valueAt(payload, v16 ? 'chargingSchedule' : 'schedule');
  if (textAt(payload, 'status') !== 'Accepted' || schedule === undefined) return undefined;
  const start = textAt(v16 ? payload : schedule, 'scheduleStart') ?? textAt(schedule, 'startSchedule');
  return {
    place: placeOf(c),
    unit: textAt(schedule, 'chargingRateUnit') ?? '',
    startsAt: start === undefined ? undefined : parseTime(start),
    durationS: numberAt(schedule, 'duration') ?? numberAt(c.o.request?.payload, 'duration') ?? 0,
    periods: listAt(schedule, 'chargingSchedulePeriod').flatMap((each) => {
      const limit = numberAt(each, 'limit');
      return limit === undefined ? [] : [{ startS: numberAt(each, 'startPeriod') ?? 0, limit }];
    }),
  };
}

function brokenComposite(c: RuleContext): Report | undefined {
  const { payload, request } = c.o;
  const [schedule] =
    c.link.version === '1.6'
      ? schedulesOf(payload)
      : [valueAt(payload, 'schedule')].filter((each) => each !== undefined);
  if (schedule === undefined) return { text: 'The composite schedule is accepted, and the answer has none' };
  const asked = numberAt(request?.payload, 'duration');
  const duration = numberAt(schedule, 'duration');
  const starts = listAt(schedule, 'chargingSchedulePeriod').map((each) => numberAt(each, 'startPeriod') ?? 0);
  const [first] = starts;
  if (first === undefined) return { text: 'The composite schedule has no period' };
  if (first !== 0) return { text: `The composite schedule begins with ${first} s`, expected: 0, actual: first };
  if (duration !== undefined && asked !== undefined && duration > asked)
    return {
      text: `The composite schedule lasts ${duration} s, and ${asked} s were asked for`,
      expected: asked,
      actual: duration,
    };
  const within = duration ?? asked;
  const late = within === undefined ? undefined : starts.find((each) => each >= within && each > 0);
  if (late === undefined) return undefined;
  return { text: `A period of the composite schedule begins after ${late} s, and it lasts ${within} s`, actual: late };
}

function placeOf(c: RuleContext): number {
  const request = c.o.request?.payload;
  return numberAt(request, 'connectorId') ?? numberAt(request, 'evseId') ?? 0;
}

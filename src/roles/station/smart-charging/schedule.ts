import { DAY_MS } from '../../../core/time.ts';
import type { Profile, Segment } from './profile.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** Length of a recurrence in ms (1.6 §3.13.3). */
export function recurrenceMs(profile: Profile): number {
  return profile.recurrency === 'Weekly' ? 7 * DAY_MS : DAY_MS;
}

/** When the schedule that is in force at `atMs` began; undefined when none has begun yet. */
function startBefore(profile: Profile, atMs: number, relativeStartMs: number): number | undefined {
  const { startMs } = profile.schedule;
  switch (profile.kind) {
    case 'Relative':
      return relativeStartMs;
    case 'Recurring': {
      if (startMs === undefined || atMs < startMs) return undefined;
      const length = recurrenceMs(profile);
      return startMs + Math.floor((atMs - startMs) / length) * length;
    }
    default:
      return startMs ?? relativeStartMs;
  }
}

/**
 * What `profile` says at `atMs`.
 *
 * @param relativeStartMs where a Relative schedule begins: the start of the transaction, or `atMs` of the question
 */
export function segmentAt(profile: Profile, atMs: number, relativeStartMs: number): Segment {
  const { validFromMs, validToMs, schedule } = profile;
  if (validToMs !== undefined && atMs >= validToMs) return silent(NEVER);
  if (validFromMs !== undefined && atMs < validFromMs) return silent(validFromMs);
  const lapse = validToMs ?? NEVER;
  const start = startBefore(profile, atMs, relativeStartMs);
  if (start === undefined) return silent(Math.min(lapse, schedule.startMs ?? NEVER));
  if (atMs < start) return silent(Math.min(lapse, start));
  const again = profile.kind === 'Recurring' ? start + recurrenceMs(profile) : NEVER;
  const end = Math.min(again, schedule.durationS === undefined ? NEVER : start + schedule.durationS * 1000);
  if (atMs >= end) return silent(Math.min(lapse, again));
  let until = Math.min(lapse, end);
  let current: Profile['schedule']['periods'][number] | undefined;
  for (const period of schedule.periods) {
    const from = start + period.startS * 1000;
    if (from > atMs) {
      until = Math.min(until, from);
      break;
    }
    current = period;
  }
  if (current === undefined) return silent(until);
  return { limit: current.limit, phases: current.phases, covers: true, untilMs: until };
}

function silent(untilMs: number): Segment {
  return { limit: undefined, phases: undefined, covers: false, untilMs };
}

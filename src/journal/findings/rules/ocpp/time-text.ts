import { isPlainTime } from '../../../../core/time.ts';
import type { Observation } from '../../observation.ts';
import { isObject, listAt, textAt } from '../../payload-reader.ts';

/** Members that hold a time, where rules look at them: action and kind -> paths. Lists are walked. */
const TIMES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'BootNotification.response': [['currentTime']],
  'Heartbeat.response': [['currentTime']],
  'StatusNotification.request': [['timestamp']],
  'StartTransaction.request': [['timestamp']],
  'StopTransaction.request': [['timestamp'], ['transactionData', 'timestamp']],
  'MeterValues.request': [['meterValue', 'timestamp']],
  'TransactionEvent.request': [['timestamp'], ['meterValue', 'timestamp']],
  'SecurityEventNotification.request': [['timestamp']],
  'NotifyReport.request': [['generatedAt']],
  'NotifyEvent.request': [['generatedAt'], ['eventData', 'timestamp']],
  'ReserveNow.request': [['expiryDate'], ['expiryDateTime']],
  'Authorize.response': [
    ['idTagInfo', 'expiryDate'],
    ['idTokenInfo', 'cacheExpiryDateTime'],
  ],
  'UpdateFirmware.request': [['retrieveDate'], ['firmware', 'retrieveDateTime']],
  'SetChargingProfile.request': [
    ['csChargingProfiles', 'validFrom'],
    ['csChargingProfiles', 'validTo'],
    ['csChargingProfiles', 'chargingSchedule', 'startSchedule'],
    ['chargingProfile', 'validFrom'],
    ['chargingProfile', 'validTo'],
    ['chargingProfile', 'chargingSchedule', 'startSchedule'],
  ],
};

export const TIME_TRIGGERS = Object.keys(TIMES) as `${string}.request`[];

export interface TimeText {
  readonly text: string;
  readonly pointer: string;
}

const REQUEST_PATHS = pathsOf('.request');
const RESPONSE_PATHS = pathsOf('.response');

/** The first time of a message that is written wrongly. */
export function firstTimeFault(
  { action, kind, payload }: Pick<Observation, 'action' | 'kind' | 'payload'>,
  maxFractionDigits: number,
): (TimeText & { readonly fault: string }) | undefined {
  const paths = (kind === 'response' ? RESPONSE_PATHS : REQUEST_PATHS).get(action);
  if (paths === undefined) return undefined;
  for (const path of paths) {
    const found = faultAlong(payload, path, 0, maxFractionDigits);
    if (found !== undefined) return found;
  }
  return undefined;
}

function pathsOf(ending: string): ReadonlyMap<string, readonly (readonly string[])[]> {
  return new Map(
    Object.entries(TIMES).flatMap(([trigger, paths]) =>
      trigger.endsWith(ending) ? [[trigger.slice(0, -ending.length), paths] as const] : [],
    ),
  );
}

/** The pointer is put together on the way back: nearly all times are written well. */
function faultAlong(
  value: unknown,
  path: readonly string[],
  depth: number,
  digits: number,
): (TimeText & { readonly fault: string }) | undefined {
  const name = path[depth];
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const found = faultAlong(value[i], path, depth, digits);
      if (found !== undefined) return { ...found, pointer: `/${i}${found.pointer}` };
    }
    return undefined;
  }
  if (name === undefined) {
    const fault = typeof value === 'string' ? timeFault(value, digits) : undefined;
    return fault === undefined ? undefined : { text: String(value), pointer: '', fault };
  }
  const found = isObject(value) ? faultAlong(value[name], path, depth + 1, digits) : undefined;
  return found === undefined ? undefined : { ...found, pointer: `/${name}${found.pointer}` };
}

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;

/** What is wrong with the writing of a time, in words; undefined when nothing is. At least three digits are allowed. */
function timeFault(text: string, maxFractionDigits: number): string | undefined {
  if (isPlainTime(text)) return undefined;
  const fits = RFC3339.exec(text);
  if (fits === null)
    return /\d\d:\d\d(:\d\d)?(\.\d+)?$/.test(text) && !/[+-]\d\d:\d\d$/.test(text)
      ? 'has no time zone'
      : 'is not an RFC 3339 time';
  const digits = (fits[1]?.length ?? 1) - 1;
  return digits > maxFractionDigits
    ? `has ${digits} fraction digits, at most ${maxFractionDigits} are allowed`
    : undefined;
}

/** The first time stamp of a message that says when it happened. */
export function eventTimeText(payload: unknown): TimeText | undefined {
  const own = textAt(payload, 'timestamp');
  if (own !== undefined) return { text: own, pointer: '/timestamp' };
  const [first] = listAt(payload, 'meterValue');
  const metered = textAt(first, 'timestamp');
  return metered === undefined ? undefined : { text: metered, pointer: '/meterValue/0/timestamp' };
}

export function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}

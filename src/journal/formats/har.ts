import { parseTime } from '../../core/time.ts';
import { isObject, numberIn, objectIn, objectsIn, textIn } from '../sessions/members.ts';
import type { LogMessage } from './log-message.ts';

/** OICP operations by the last words of their paths (OICP 2.3 CPO and EMP APIs). */
const PATHS: readonly (readonly [RegExp, string])[] = [
  [/\/authorize\/start\/?$/i, 'AuthorizeStart'],
  [/\/authorize\/stop\/?$/i, 'AuthorizeStop'],
  [/\/authorize-remote\/start\/?$/i, 'AuthorizeRemoteStart'],
  [/\/authorize-remote\/stop\/?$/i, 'AuthorizeRemoteStop'],
  [/\/authorize-remote-reservation\/start\/?$/i, 'AuthorizeRemoteReservationStart'],
  [/\/authorize-remote-reservation\/stop\/?$/i, 'AuthorizeRemoteReservationStop'],
  [/\/charge-detail-record\/?$/i, 'ChargeDetailRecord'],
  [/\/notifications\//i, 'ChargingNotifications'],
];

/** True for the text of an HTTP archive. */
export function looksLikeHar(beginning: string): boolean {
  return /^\s*\{\s*"log"\s*:/.test(beginning);
}

/** Reads an HTTP archive (HAR 1.2): every entry is a request and its answer. */
export function readHar(text: string): LogMessage[] {
  const value: unknown = JSON.parse(text);
  const log = isObject(value) ? objectIn(value, 'log') : {};
  return objectsIn(log, 'entries').flatMap((entry, index): LogMessage[] => {
    const request = objectIn(entry, 'request');
    const response = objectIn(entry, 'response');
    const url = textIn(request, 'url') ?? '';
    const path = url.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/\?.*$/, '');
    const action = PATHS.find(([form]) => form.test(path))?.[1] ?? path;
    const isOicp = /\/api\/oicp\//i.test(path);
    const began = parseTime(textIn(entry, 'startedDateTime') ?? '') ?? 0;
    // A CPO writes its operator into the path; remote commands go the other way.
    const toCpo = action.startsWith('AuthorizeRemote');
    const hub = { id: 'hub', role: 'hub' } as const;
    const cpo = { id: 'csms', role: 'csms' } as const;
    const [from, to] = toCpo ? [hub, cpo] : [cpo, hub];
    const status = numberIn(response, 'status') ?? 0;
    const common = { type: 'whole', protocol: isOicp ? 'oicp' : 'api', action, exchange: String(index) } as const;
    const asked: LogMessage[] = [
      { ...common, kind: 'request', from, to, time: began, raw: textIn(objectIn(request, 'postData'), 'text') ?? '' },
    ];
    // Archives hold 0 where no answer came.
    if (status === 0) return asked;
    return [
      ...asked,
      {
        ...common,
        kind: status >= 400 ? 'error' : 'response',
        from: to,
        to: from,
        time: began + (numberIn(entry, 'time') ?? 0),
        raw: textIn(objectIn(response, 'content'), 'text') ?? '',
        status,
      },
    ];
  });
}

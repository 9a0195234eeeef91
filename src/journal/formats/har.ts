import { CompoteError, messageOf } from '../../core/errors.ts';
import { parseTime } from '../../core/time.ts';
import { legOf, matchRoute, OICP_PREFIX, type OperationName } from '../../protocols/oicp/index.ts';
import type { Party } from '../entry.ts';
import { isObject, type Members, numberIn, objectIn, objectsIn, textIn } from '../sessions/members.ts';
import type { LogMessage } from './log-message.ts';

/** True for the text of an HTTP archive. */
export function looksLikeHar(beginning: string): boolean {
  return /^\s*\{\s*"log"\s*:/.test(beginning);
}

/** Reads an HTTP archive (HAR 1.2): every entry is a request and its answer. @param name of the archive, among several */
export function readHar(text: string, name = ''): LogMessage[] {
  const value = archiveOf(text, name);
  const log = isObject(value) ? objectIn(value, 'log') : {};
  return objectsIn(log, 'entries').flatMap((entry, index) => exchangeOf(entry, `${name} ${index}`));
}

/** @throws FILE_UNREADABLE: it begins like an archive, and is none or only a part of one */
function archiveOf(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CompoteError('FILE_UNREADABLE', {
      detail: `${name === '' ? 'The HTTP archive' : name} begins like an HTTP archive (HAR) and is no JSON: ${messageOf(cause)}`,
      hint: 'It may be cut off: save the archive once more.',
    });
  }
}

function exchangeOf(entry: Members, exchange: string): LogMessage[] {
  const request = objectIn(entry, 'request');
  const response = objectIn(entry, 'response');
  const method = textIn(request, 'method') ?? 'POST';
  const target = (textIn(request, 'url') ?? '').replace(/^[a-z]+:\/\/[^/]*/i, '');
  const path = target.replace(/\?.*$/, '');
  const oicp = path.indexOf(OICP_PREFIX);
  const match = oicp < 0 ? undefined : matchRoute(method, target.slice(oicp));
  const operation = match?.found === true ? match.operation : undefined;
  const [from, to] = partiesIn(entry) ?? partiesOf(operation);
  const began = parseTime(textIn(entry, 'startedDateTime') ?? '') ?? 0;
  const status = numberIn(response, 'status') ?? 0;
  const common = {
    type: 'whole',
    protocol: oicp < 0 ? 'api' : 'oicp',
    action: operation ?? path,
    exchange,
    ...(oicp < 0 ? {} : { version: '2.3' }),
  } as const;
  const asked: LogMessage = {
    ...common,
    kind: 'request',
    from,
    to,
    time: began,
    raw: textIn(objectIn(request, 'postData'), 'text') ?? '',
    detail: JSON.stringify({ method, path: target, headers: headersOf(request) }),
  };
  // Archives hold 0 where no answer came.
  if (status === 0) return [asked];
  const answered: LogMessage = {
    ...common,
    kind: status >= 400 ? 'error' : 'response',
    from: to,
    to: from,
    time: began + (numberIn(entry, 'time') ?? 0),
    raw: textIn(objectIn(response, 'content'), 'text') ?? '',
    status,
    detail: JSON.stringify({ status, headers: headersOf(response) }),
  };
  return [asked, answered];
}

/** An archive of ours says who asked whom. */
function partiesIn(entry: Members): [Party, Party] | undefined {
  const [from, to] = [objectIn(entry, '_from'), objectIn(entry, '_to')].map((party) => {
    const [id, role] = [textIn(party, 'id'), textIn(party, 'role')];
    return id === undefined || role === undefined ? undefined : ({ id, role } as Party);
  });
  return from === undefined || to === undefined ? undefined : [from, to];
}

/** An archive does not say who its hosts are: an operation that only one side sends says it, else the partner asks the hub. */
function partiesOf(operation: OperationName | undefined): [Party, Party] {
  const hub = { id: 'hub', role: 'hub' } as const;
  const cpo = { id: 'csms', role: 'csms' } as const;
  const emp = { id: 'emp', role: 'emp' } as const;
  if (operation === undefined) return [cpo, hub];
  // Remote commands end at the CPO: an archive of them is taken there, for EMPs have consoles of their own.
  if (legOf(operation, 'HUB', 'CPO') !== undefined) return [hub, cpo];
  return [legOf(operation, 'CPO', 'HUB') === undefined ? emp : cpo, hub];
}

function headersOf(half: Members): Record<string, string> {
  return Object.fromEntries(
    objectsIn(half, 'headers').map((header) => [
      (textIn(header, 'name') ?? '').toLowerCase(),
      textIn(header, 'value') ?? '',
    ]),
  );
}

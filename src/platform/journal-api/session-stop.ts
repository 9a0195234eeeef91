import Type from 'typebox';
import { CompoteError } from '../../core/errors.ts';
import type { JournalQuery, Session } from '../../journal/index.ts';
import { type Route, route } from '../http/route.ts';
import { oneOf } from '../schema/words.ts';
import { sessionNamed } from './session-named.ts';

/** Who can stop a session: the CSMS tells the station, the EMP asks the hub. */
export const STOP_WAYS = ['csms', 'emp'] as const;
export type StopWay = (typeof STOP_WAYS)[number];

export interface StopAnswer {
  /** The other side has agreed. */
  readonly done: boolean;
  /** What it said, in its own words. */
  readonly status: string;
  readonly reason?: string;
}

/** How a service stops a session, for each way that it has. */
export type SessionStoppers = Readonly<
  Partial<Record<StopWay, (session: Session, token: string | undefined) => Promise<StopAnswer>>>
>;

/** Ends a running session through the party that can. @param stoppers what the service can do about it */
export function sessionStopRoute(query: JournalQuery, stoppers: SessionStoppers): Route {
  const here = STOP_WAYS.filter((way) => stoppers[way] !== undefined);
  return route({
    method: 'POST',
    path: '/sessions/{id}/stop',
    summary: 'Stop a charging session through the party that can',
    description:
      '`csms` tells the station (RemoteStopTransaction, RequestStopTransaction); `emp` asks the hub (AuthorizeRemoteStop). Without `via` the EMP ends what it has started, else the CSMS does. 200 also when the other side refuses: `done` tells.',
    tags: ['sessions'],
    params: Type.Object({ id: Type.String({ maxLength: 500, description: 'As of GET /sessions/{id}.' }) }),
    body: Type.Object(
      { via: Type.Optional(oneOf(STOP_WAYS, { description: 'Who is to stop it.' })) },
      { additionalProperties: false },
    ),
    bodyOptional: true,
    response: Type.Object({
      session: Type.String(),
      via: oneOf(STOP_WAYS),
      done: Type.Boolean({ description: 'The other side has agreed; the end itself is told by the station.' }),
      status: Type.String({ description: 'Its answer: Accepted, Rejected, or the status code of OICP.' }),
      reason: Type.Optional(Type.String()),
    }),
    problems: ['NOT_FOUND', 'CONFLICT', 'STATION_NOT_CONNECTED', 'STATION_TIMEOUT', 'NOT_AVAILABLE'],
    async handler({ params, body, token }) {
      const session = await sessionNamed(query, params.id);
      if (session.end !== undefined || session.state === 'ended' || session.state === 'settled') {
        throw new CompoteError('CONFLICT', {
          detail: `${session.id} is over${session.end === undefined ? '' : ` since ${session.end}`}`,
          hint: 'There is nothing to stop.',
        });
      }
      const asked = body?.via;
      if (asked !== undefined) {
        mustHave(session, asked, here);
        return told(session, asked, await stoppers[asked]?.(session, token));
      }
      const ways = waysOf(session).filter((way) => here.includes(way));
      const [first, second] = ways;
      if (first === undefined) throw nobody(session, here);
      try {
        return told(session, first, await stoppers[first]?.(session, token));
      } catch (thrown) {
        if (!isElsewhere(thrown)) throw thrown;
        // An EMP that does not run, or does not know it, leaves it to the CSMS.
        if (second !== undefined) return told(session, second, await stoppers[second]?.(session, token));
        if (thrown.code !== 'UNKNOWN_STATION') throw thrown;
        throw new CompoteError('CONFLICT', {
          detail: `nobody here can stop ${session.id}: ${session.station} is a station of another operator`,
          hint: 'Ask that operator, or the provider whose contract it is.',
        });
      }
    },
  });
}

function told(session: Session, via: StopWay, answer: StopAnswer | undefined): unknown {
  return { session: session.id, via, ...answer };
}

/** Who could stop it, as far as its messages tell; who began it first. */
function waysOf({ station, kind, ids }: Session): StopWay[] {
  const ways: StopWay[] = [];
  if (ids.oicp !== undefined) ways.push('emp');
  if (station !== '' && ids.ocppTx !== undefined) ways.push('csms');
  return kind === 'remote' ? ways : ways.reverse();
}

function mustHave(session: Session, way: StopWay, here: readonly StopWay[]): void {
  if (!here.includes(way)) {
    throw new CompoteError('NOT_AVAILABLE', {
      detail: `this service cannot stop it via ${way}`,
      hint: `It can via ${here.join(', ')}; the workbench has both.`,
    });
  }
  if (!waysOf(session).includes(way)) throw nobody(session, [way]);
}

function nobody(session: Session, here: readonly StopWay[]): CompoteError {
  const why = here.map((way) =>
    way === 'csms'
      ? 'no transaction of a station is known for it, so the CSMS has nothing to name to a station'
      : 'it has no OICP SessionID, so no EMP can ask the hub',
  );
  return new CompoteError('CONFLICT', {
    detail: `nobody here can stop ${session.id}: ${why.join('; ')}`,
    hint: 'Ask the party that charges; a session that has not begun ends by itself.',
  });
}

function isElsewhere(thrown: unknown): thrown is CompoteError {
  return (
    thrown instanceof CompoteError &&
    (thrown.code === 'NOT_AVAILABLE' || thrown.code === 'NOT_FOUND' || thrown.code === 'UNKNOWN_STATION')
  );
}

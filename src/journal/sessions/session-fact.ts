import type { Members } from './members.ts';
import type { SessionKey } from './session-keys.ts';
import type { SessionMessage } from './session-message.ts';
import type { Item, SessionRecord, StepId, Voice } from './session-record.ts';

/** Which open sessions a token may join, where no strong key says it. */
export type TokenScope =
  | 'at-station' // a running or waiting session of this station
  | 'to-start' // one that waits to be started here
  | 'to-ask' // one whose swipe waits for the hub's answer
  | 'remote'; // a remote start that is passed on

/** What one message says about a session. */
export interface SessionFact {
  /** They join; the first that is known wins, further ones merge what they name. */
  readonly keys: readonly SessionKey[];
  /** A key that belongs to this session from now on, whoever had it before: transaction ids are used again. */
  readonly claims?: SessionKey | undefined;
  readonly station?: string | undefined;
  readonly token?: string | undefined;
  readonly scope?: TokenScope | undefined;
  /** Makes a session when none is found. */
  readonly begins: boolean;
  readonly update: (record: SessionRecord) => void;
}

export const NOTHING = (): void => {};

export function tell(
  record: SessionRecord,
  voice: Voice,
  message: Pick<SessionMessage, 'seq'>,
  payload: Members,
  items: Readonly<Partial<Record<Item, string>>>,
): void {
  for (const [item, path] of Object.entries(items) as [Item, string][]) {
    const value = valueAt(payload, path);
    if (value === undefined || (item === 'token' && record.secretToken === true)) continue;
    const voices = record.told.get(item) ?? {};
    record.told.set(item, { ...voices, [voice]: { value, seq: message.seq, pointer: `/${path}` } });
  }
}

function valueAt(payload: Members, path: string): string | undefined {
  let value: unknown = payload;
  for (const part of path.split('/')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Members)[part];
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** The first time counts; a failed step may be done later, a done one does not fail any more. */
export function step(record: SessionRecord, id: StepId, done: boolean, message: SessionMessage): void {
  const known = record.steps.get(id);
  if (known !== undefined && (known.state === 'done' || !done)) return;
  record.steps.set(id, {
    state: done ? 'done' : 'failed',
    seq: message.seq,
    t: message.time,
    ...(message.latencyMs === undefined ? {} : { ms: message.latencyMs }),
  });
}

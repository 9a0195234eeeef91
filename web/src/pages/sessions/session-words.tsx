import { part } from '../../api/client.ts';
import type { Session } from '../../api/shapes.ts';
import { duration } from '../../parts/format.ts';

const STATES: Readonly<Record<Session['state'], { readonly mark: string; readonly tone: string }>> = {
  authorising: { mark: '⋯', tone: 'muted' },
  preparing: { mark: '◔', tone: 'muted' },
  charging: { mark: '●', tone: 'ok' },
  suspended: { mark: '◑', tone: 'warn' },
  ended: { mark: '○', tone: '' },
  settled: { mark: '✓', tone: 'ok' },
  problem: { mark: '✗', tone: 'bad' },
};

export function SessionState({ session }: { readonly session: Session }) {
  const { mark, tone } = STATES[session.state];
  return (
    <span className={`${tone} nowrap`} title={session.problem} data-testid="session-state" data-state={session.state}>
      {mark} {session.state}
    </span>
  );
}

export const KINDS: Readonly<Record<Session['kind'], string>> = {
  local: 'local',
  'roaming-rfid': 'roaming card',
  remote: 'remote start',
  pnc: 'Plug & Charge',
};

export const STEP_WORDS: Readonly<Record<Session['steps'][number]['id'], string>> = {
  authorised: 'Authorised',
  plugged: 'Started',
  charging: 'Charging',
  stopped: 'Stopped',
  notified: 'EMP notified',
  cdr: 'CDR',
};

export function sessionPath({ id }: Pick<Session, 'id'>): string {
  return `/sessions/${part(id)}`;
}

/** The session of an OCPP transaction (`station/transaction`), whatever its own id is. */
export function transactionPath(key: string): string {
  // No OCPP version allows a slash in a transaction id; an identity may have one.
  const cut = key.lastIndexOf('/');
  return `/sessions/by/ocpp/${part(key.slice(0, cut))}/${part(key.slice(cut + 1))}`;
}

export function lasted({ start, end }: Session): string {
  return duration((end === undefined ? Date.now() : new Date(end).getTime()) - new Date(start).getTime());
}

/** Six dots: what has happened of what a session is made of. */
export function StepDots({ steps }: { readonly steps: Session['steps'] }) {
  const words = steps.map(({ id, state }) => `${STEP_WORDS[id]} ${state}`).join(', ');
  const marks = { done: '●', active: '◐', failed: '✗', pending: '○', skipped: '·' } as const;
  return (
    <span className="step-dots" role="img" aria-label={words} title={words}>
      {steps.map(({ id, state }) => (
        <i key={id} data-state={state}>
          {marks[state]}
        </i>
      ))}
    </span>
  );
}

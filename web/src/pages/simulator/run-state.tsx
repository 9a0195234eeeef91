import type { Run, RunStep } from './run-shapes.ts';

const MARKS = { active: '◐', done: '✓', failed: '✗', pending: '○' } as const;
const RUN_MARKS = { running: '◐', passed: '✓', failed: '✗', stopped: '■' } as const;

export function RunState({ state }: { readonly state: Run['state'] }) {
  return (
    <span className={`${TONES[state]} nowrap`} data-testid="run-state" data-state={state}>
      {RUN_MARKS[state]} {state}
    </span>
  );
}

const TONES = { running: '', passed: 'ok', failed: 'bad', stopped: 'muted' } as const;

export function StepMark({ state }: { readonly state: RunStep['state'] | 'pending' }) {
  return (
    <span className={state === 'failed' ? 'bad' : state === 'done' ? 'ok' : 'muted'}>
      <span aria-hidden="true">{MARKS[state]}</span>
      <span className="visually-hidden">{state}</span>
    </span>
  );
}

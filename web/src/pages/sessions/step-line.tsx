import type { Session } from '../../api/shapes.ts';
import { AppLink } from '../../app/router.tsx';
import { clockTime, milliseconds } from '../../parts/format.ts';
import { STEP_WORDS } from './session-words.tsx';

/** What a session went through, each step with the message that made it. */
export function StepLine({ steps, energy }: { readonly steps: Session['steps']; readonly energy?: string }) {
  return (
    <ol className="steps" aria-label="Steps of the session">
      {steps.map((step) => (
        <li key={step.id} data-state={step.state} data-testid="session-step" data-step={step.id}>
          <span className="dot" aria-hidden="true" />
          <b>
            {STEP_WORDS[step.id]}
            <span className="visually-hidden">, {step.state}</span>
          </b>
          <span className="muted">
            {step.at === undefined ? (step.state === 'skipped' ? 'not part of it' : '') : clockTime(step.at, 0)}
            {step.ms !== undefined && `, ${milliseconds(step.ms)} ms`}
          </span>
          {step.id === 'charging' && energy !== undefined && <span className="muted">{energy}</span>}
          {step.seq !== undefined && <AppLink to={`/m/${step.seq}`}>#{step.seq}</AppLink>}
        </li>
      ))}
    </ol>
  );
}

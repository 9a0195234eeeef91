import { apiPath } from '../../api/client.ts';
import { useGet } from '../../api/queries.ts';
import type { Page } from '../../api/shapes.ts';
import { AppLink } from '../../app/router.tsx';
import { Tag } from '../../parts/atoms.tsx';
import { CheckList, type CheckStep } from '../../parts/check-list.tsx';
import { milliseconds } from '../../parts/format.ts';
import type { ActionAnswer, EmpSession } from './emp-shapes.ts';
import { stepSentence } from './tell-answer.ts';

const STATES: Readonly<Record<EmpSession['state'], string>> = {
  authorised: 'authorised',
  accepted: 'accepted, waits for the station',
  charging: 'charging',
  stopping: 'stopping',
  ended: 'ended, waits for its CDR',
  settled: 'settled',
};

export function SessionStateTag({ session }: { readonly session: EmpSession }) {
  const tone = session.state === 'charging' ? 'ok' : session.state === 'ended' ? 'warn' : undefined;
  return (
    <Tag tone={tone}>
      {session.kind === 'reservation' && session.state === 'accepted' ? 'reserved' : STATES[session.state]}
    </Tag>
  );
}

/** Each call that an action made, with its answer and the way to all hops of it. */
export function ActionSteps({ answer }: { readonly answer: ActionAnswer }) {
  return (
    <ol className="stack small" style={{ gap: 4 }} aria-label="What was answered" aria-live="polite">
      {answer.steps.map((step) => (
        <li key={step.trace} className="row wrap" data-testid="action-step" data-ok={step.outcome === 'ok'}>
          <span className={step.outcome === 'ok' ? 'ok' : 'bad'}>{step.outcome === 'ok' ? '✓' : '✗'}</span>
          <span>{stepSentence(step)}</span>
          <span className="muted">{milliseconds(step.ms)} ms</span>
          <AppLink to={`/traces/${step.trace}`}>All hops</AppLink>
          {step.outcome !== 'ok' && <WhyRefused trace={step.trace} />}
        </li>
      ))}
      {answer.summary !== undefined && <li className="muted">{answer.summary}</li>}
    </ol>
  );
}

/** The checks of the hub, where it was the hub that said no and it is one of ours. */
function WhyRefused({ trace }: { readonly trace: string }) {
  const { data } = useGet<Page<{ readonly steps: readonly CheckStep[] }>>(apiPath('/hub/refusals', { trace }));
  const steps = data?.items[0]?.steps;
  return steps === undefined ? null : <CheckList steps={steps} />;
}

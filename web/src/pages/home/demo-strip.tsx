import { Button } from '@mantine/core';
import { IconPlayerStop, IconX } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { part } from '../../api/client.ts';
import { AppLink } from '../../app/router.tsx';
import { duration } from '../../parts/format.ts';
import { Hint } from '../../parts/hint.tsx';
import { ProblemCard } from '../../parts/states.tsx';
import './demo.css';
import { DemoResult } from './demo-result.tsx';
import type { DemoRun, DemoStep } from './demo-shapes.ts';
import type { DemoControl } from './use-demo.ts';

const MARKS = { pending: '○', active: '◐', done: '✓', failed: '✗' } as const;

/** How far the demo is; when it has ended, what it was and where to go from there. */
export function DemoStrip({ control, onConnect }: { readonly control: DemoControl; readonly onConnect: () => void }) {
  const { run, problem } = control;
  if (problem !== undefined) {
    return (
      <div className="demo-strip">
        <ProblemCard problem={problem} />
      </div>
    );
  }
  if (run === undefined) return null;
  return <Run key={run.id} run={run} control={control} onConnect={onConnect} />;
}

function Run({
  run,
  control,
  onConnect,
}: {
  readonly run: DemoRun;
  readonly control: DemoControl;
  readonly onConnect: () => void;
}) {
  const { close } = control;
  const title = useRef<HTMLHeadingElement>(null);
  // What was pressed may be gone with the run before: the focus must not be lost with it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each state shows other buttons
  useEffect(() => {
    if (document.activeElement === document.body) title.current?.focus({ preventScroll: true });
  }, [run.state]);
  const active = run.steps.find(({ state }) => state === 'active');
  return (
    <section
      className="demo-strip"
      aria-label="Demo"
      data-testid="demo-strip"
      data-demo={run.demo}
      data-state={run.state}
    >
      <div className="row wrap">
        <h2 className="demo-title" ref={title} tabIndex={-1}>
          {run.title}
        </h2>
        <ol className="demo-steps">
          {run.steps.map((step) => (
            <Step key={step.id} step={step} />
          ))}
        </ol>
        <span className="push" />
        {/* One button, so that it keeps the focus when the run ends. */}
        <Button
          className="demo-close"
          variant="default"
          leftSection={run.state === 'running' ? <IconPlayerStop size={14} /> : <IconX size={14} />}
          onClick={close}
        >
          {run.state === 'running' ? 'Stop' : 'Close'}
        </Button>
      </div>
      {run.state === 'running' ? (
        <p className="muted" role="status">
          {active === undefined ? 'The journal is asked what it has seen.' : active.says}
        </p>
      ) : (
        <DemoResult run={run} control={control} onConnect={onConnect} />
      )}
      {hasBegun(run) && (
        <Hint id="demo-session">
          A session has begun. <AppLink to={`/sessions/${part(run.sessions[0] ?? '')}`}>See the session</AppLink>, or
          keep watching: links light up as messages pass.
        </Hint>
      )}
    </section>
  );
}

function hasBegun(run: DemoRun): boolean {
  return run.state === 'running' && run.sessions.length > 0;
}

function Step({ step }: { readonly step: DemoStep }) {
  return (
    <li data-testid="demo-step" data-step={step.id} data-state={step.state} title={step.reason ?? step.says}>
      <span aria-hidden="true">{MARKS[step.state]}</span> {step.title}
      <span className="visually-hidden"> {step.state}</span>
      {step.state === 'done' && step.ms !== undefined && <span className="muted"> {duration(step.ms)}</span>}
    </li>
  );
}

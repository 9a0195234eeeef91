import { Button } from '@mantine/core';
import { Component, type ReactNode, useEffect, useState } from 'react';
import type { ProblemDocument } from '../api/client.ts';
import { problemOf } from '../api/problem-of.ts';
import { copyText } from './clipboard.ts';

/** Nothing to show, not there yet, went wrong: each says why and what to do next. */

export function EmptyState({
  title,
  children,
  actions,
}: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <div className="state" data-testid="empty">
      <h2>{title}</h2>
      {children !== undefined && <p>{children}</p>}
      {actions !== undefined && <div className="row wrap">{actions}</div>}
    </div>
  );
}

export function ProblemCard({
  problem,
  onRetry,
}: {
  readonly problem: ProblemDocument;
  readonly onRetry?: () => void;
}) {
  return (
    <section className="problem" data-testid="problem" data-code={problem.code} role="alert">
      <h2>{problem.title}</h2>
      {problem.detail !== undefined && <p>{problem.detail}</p>}
      {problem.fields?.map((field) => (
        <p key={field.pointer + field.msg} className="small">
          <code>{field.pointer || '(body)'}</code> {field.msg}
        </p>
      ))}
      {problem.hint !== undefined && <p className="muted">{problem.hint}</p>}
      <div className="row">
        {onRetry !== undefined && <Button onClick={onRetry}>Try again</Button>}
        <Button variant="default" onClick={() => void copyText(JSON.stringify(problem, null, 2), 'Details copied')}>
          Copy details
        </Button>
        <code className="muted">{problem.code}</code>
      </div>
    </section>
  );
}

/** Grey lines in the shape of the content; after a second a sentence says what is awaited. */
export function Loading({ what, lines = 6 }: { readonly what: string; readonly lines?: number }) {
  const [stage, setStage] = useState(0);
  useEffect(() => {
    const timers = [setTimeout(() => setStage(1), 150), setTimeout(() => setStage(2), 1_000)];
    return () => {
      for (const timer of timers) clearTimeout(timer);
    };
  }, []);
  if (stage === 0) return null;
  return (
    <div className="stack" aria-busy="true" style={{ padding: 'var(--pad)' }}>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: grey lines have no identity
        <div key={line} className="skeleton" style={{ width: `${90 - ((line * 37) % 45)}%` }} />
      ))}
      {stage === 2 && (
        <p className="muted small" role="status">
          Waiting for {what} …
        </p>
      )}
    </div>
  );
}

interface BoundaryProps {
  readonly children: ReactNode;
  /** A change of it (the address) gives the part another try. */
  readonly resetKey?: string;
}

/** One failed panel does not take the page with it. */
export class Boundary extends Component<BoundaryProps, { readonly problem: ProblemDocument | undefined }> {
  override state: { readonly problem: ProblemDocument | undefined } = { problem: undefined };

  static getDerivedStateFromError(thrown: unknown): { problem: ProblemDocument } {
    return { problem: problemOf(thrown) };
  }

  override componentDidUpdate(previous: BoundaryProps): void {
    if (previous.resetKey !== this.props.resetKey && this.state.problem !== undefined)
      this.setState({ problem: undefined });
  }

  override render(): ReactNode {
    if (this.state.problem === undefined) return this.props.children;
    return <ProblemCard problem={this.state.problem} onRetry={() => this.setState({ problem: undefined })} />;
  }
}

/** A query's three states; `children` gets the data. */
export function Loaded<T>({
  query,
  what,
  lines,
  children,
}: {
  readonly query: { readonly data: T | undefined; readonly error: unknown; refetch(): unknown };
  readonly what: string;
  readonly lines?: number;
  children(data: T): ReactNode;
}) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error !== null && query.error !== undefined)
    return <ProblemCard problem={problemOf(query.error)} onRetry={() => void query.refetch()} />;
  return <Loading what={what} lines={lines ?? 6} />;
}

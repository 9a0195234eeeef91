import { Button } from '@mantine/core';
import { type ProblemDocument, part } from '../../api/client.ts';
import { AppLink } from '../../app/router.tsx';
import { duration } from '../../parts/format.ts';
import { ProblemCard } from '../../parts/states.tsx';
import type { Mutator } from './mutators.ts';

export interface SendResult {
  readonly seq?: number;
  /** OCPP: `answered`, `error`, `timeout`, `sent`. OICP: `ok`, `refused`, `busy`, `invalid`, `timeout`, `unreachable`, `broken`, `answered`. */
  readonly outcome: string;
  /** OICP: status code, why, HTTP status, and the body where it is no JSON. */
  readonly code?: string;
  readonly reason?: string;
  readonly status?: number;
  readonly text?: string;
  readonly trace?: string;
  readonly answerSeq?: number;
  readonly answer?: unknown;
  readonly ms?: number;
  readonly violations?: readonly { readonly pointer: string; readonly text: string }[];
  /** Where nobody could wait for the answer: the id to find it by. */
  readonly messageId?: string;
}

/** What became of the message: the answer in the peer's own words, and whether it is the one to expect. */
export function AnswerPanel({
  answer,
  problem,
  applied,
  ver,
  onAgain,
}: {
  readonly answer?: SendResult;
  readonly problem?: ProblemDocument;
  readonly applied: readonly Mutator[];
  readonly ver: string;
  onAgain(): void;
}) {
  if (problem !== undefined) {
    return (
      <section className="compose-answer" data-testid="composer-answer" data-outcome="refused">
        <ProblemCard problem={problem} onRetry={onAgain} />
      </section>
    );
  }
  if (answer === undefined) return null;
  const { outcome, seq, answerSeq, ms } = answer;
  return (
    <section className="compose-answer" data-testid="composer-answer" data-outcome={outcome} aria-live="polite">
      <div className="row wrap">
        <b>Answer</b> <Outcome answer={answer} />
        {ms !== undefined && <span className="muted">after {duration(ms)}</span>}
        {seq !== undefined && seq > 0 && <AppLink to={`/m/${seq}`}>sent #{seq}</AppLink>}
        {answerSeq !== undefined && answerSeq > 0 && <AppLink to={`/m/${answerSeq}`}>answer #{answerSeq}</AppLink>}
        {answer.messageId !== undefined && (
          <AppLink to={`/traffic?q=${part(`id:"${answer.messageId}"`)}`}>See it and its answer in the traffic</AppLink>
        )}
        {answer.trace !== undefined && seq === undefined && (
          <AppLink to={`/traffic?q=${part(`trace:${answer.trace}`)}`}>See it in the traffic</AppLink>
        )}
        <span className="push" />
        <Button variant="default" onClick={onAgain}>
          Again
        </Button>
      </div>
      <ExpectedVerdict answer={answer} applied={applied} ver={ver} />
      {answer.violations?.map((violation) => (
        <p key={violation.pointer} className="bad">
          The answer breaks its schema: <code>{violation.pointer}</code> {violation.text}
        </p>
      ))}
      {answer.text !== undefined && <pre>{answer.text}</pre>}
      {answer.answer !== undefined && <pre>{JSON.stringify(answer.answer, null, 2)}</pre>}
    </section>
  );
}

const WORDS: Readonly<Record<string, { readonly good: boolean; readonly text: string }>> = {
  answered: { good: true, text: '✓ answered' },
  ok: { good: true, text: '✓ accepted' },
  error: { good: false, text: '✗ CALLERROR' },
  timeout: { good: false, text: '✗ no answer' },
  refused: { good: false, text: '✗ refused' },
  unreachable: { good: false, text: '✗ not reached' },
  broken: { good: false, text: '✗ an answer that cannot be read' },
  sent: { good: true, text: '→ sent' },
};

function Outcome({ answer: { outcome, code, reason, status } }: { readonly answer: SendResult }) {
  const { good, text } = WORDS[outcome] ?? { good: false, text: `✗ ${outcome}` };
  return (
    <>
      <span className={good ? 'ok' : 'bad'}>{text}</span>
      {(code !== undefined || status !== undefined) && (
        <span>
          {code} {reason} {status !== undefined && <span className="muted">HTTP {status}</span>}
        </span>
      )}
    </>
  );
}

function ExpectedVerdict({
  answer,
  applied,
  ver,
}: {
  readonly answer: SendResult;
  readonly applied: readonly Mutator[];
  readonly ver: string;
}) {
  const codes = applied.at(-1)?.expected(ver) ?? [];
  if (codes.length === 0) return null;
  const code = answer.outcome === 'error' ? String((answer.answer as { code?: unknown } | undefined)?.code) : undefined;
  const met = code !== undefined && codes.includes(code);
  return (
    <p className={met ? 'ok' : 'bad'} data-testid="expected-verdict" data-met={met}>
      {met ? `✓ As expected: ${code}` : `✗ Expected CALLERROR ${codes.join(' or ')}, not ${code ?? answer.outcome}`}
    </p>
  );
}

import type { FindingAxis } from '../../journal/entry.ts';
import type { OicpOutcome } from '../../link/oicp-client.ts';
import { forwardOutcome } from './partner-calls.ts';
import type { Forward } from './state/hub-call.ts';

export interface ForwardFinding {
  readonly rule: string;
  readonly severity: 'error';
  readonly axis: FindingAxis;
  readonly text: string;
}

/** What the caller's request deserves when a partner did not answer it; what is wrong in an answer, the rules say of it. */
export function forwardFinding({ partner, operation }: Forward, outcome: OicpOutcome): ForwardFinding | undefined {
  const forwarded = forwardOutcome(outcome);
  if (forwarded.kind === 'answered') return undefined;
  const axis = forwarded.kind === 'invalid' ? 'conformance' : 'timing';
  const text = `${operation} to ${partner}: ${forwarded.text}`;
  return { rule: `oicp.forward.${forwarded.kind}`, severity: 'error', axis, text };
}

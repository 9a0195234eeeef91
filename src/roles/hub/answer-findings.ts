import type { FindingAxis } from '../../journal/entry.ts';
import type { OicpOutcome } from '../../link/oicp-client.ts';
import { operationRow, STATUS_CODES, sameSessionId } from '../../protocols/oicp/index.ts';
import { forwardOutcome } from './partner-calls.ts';
import type { Forward } from './state/hub-call.ts';

export interface AnswerFinding {
  readonly rule: string;
  readonly severity: 'warning' | 'error';
  readonly axis: FindingAxis;
  readonly text: string;
}

/** What is worth a finding in a partner's answer to a forwarded call, or in its silence. */
export function answerFindings(
  { partner, operation }: Forward,
  outcome: OicpOutcome,
  sessionId: string,
): AnswerFinding[] {
  const forwarded = forwardOutcome(outcome);
  if (forwarded.kind !== 'answered') {
    const axis = forwarded.kind === 'invalid' ? 'conformance' : 'timing';
    const text = `${operation} to ${partner}: ${forwarded.text}`;
    return [{ rule: `oicp.forward.${forwarded.kind}`, severity: 'error', axis, text }];
  }
  const findings: AnswerFinding[] = [];
  const warn = (rule: string, text: string): void => {
    findings.push({ rule, severity: 'warning', axis: 'conformance', text });
  };
  const { SessionID } = forwarded.message;
  if (typeof SessionID === 'string' && !sameSessionId(SessionID, sessionId)) {
    warn('oicp.answer.session-echo', `${partner} answered with session ${SessionID}, it was asked about ${sessionId}`);
  }
  if (outcome.kind !== 'refused') return findings;
  const author = operationRow(operation).legs[0].from === 'CPO' ? 'emp' : 'cpo';
  const authors: readonly string[] = STATUS_CODES[outcome.code].authors;
  if (!authors.includes(author)) {
    warn('oicp.answer.code-author', `${outcome.code} is not a code of ${author === 'emp' ? 'an EMP' : 'a CPO'}`);
  }
  return findings;
}

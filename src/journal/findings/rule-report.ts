import type { NewFinding, Severity } from '../entry.ts';
import type { RuleDeclaration } from './rule.ts';

/** A finding as a rule states it; the engine adds rule, clause, party, place and time. */
export interface RuleReport {
  /** A sentence for a person, with the values in it. */
  readonly text: string;
  readonly pointer?: string;
  readonly severity?: Severity;
  readonly fault?: RuleDeclaration['fault'];
  /** Stands on another message than the one at hand. */
  readonly seq?: number;
  readonly evidence?: readonly { readonly seq: number; readonly pointer?: string; readonly label: string }[];
  readonly expected?: unknown;
  readonly actual?: unknown;
}

/** @param place.seq 0 when it stands on no message */
export function findingOf(
  rule: Pick<RuleDeclaration, 'id' | 'axis' | 'clause' | 'peer'>,
  { text, pointer, evidence, expected, actual }: Omit<RuleReport, 'severity' | 'fault' | 'seq'>,
  place: Pick<NewFinding, 'severity' | 'party' | 'time'> & { readonly seq: number },
): NewFinding {
  const { severity, party, time, seq } = place;
  return {
    rule: rule.id,
    severity,
    axis: rule.axis,
    party,
    ...(seq === 0 ? {} : { seq }),
    ...(pointer === undefined ? {} : { pointer }),
    text,
    clause: rule.clause,
    peer: rule.peer,
    time,
    ...(evidence === undefined ? {} : { evidence }),
    ...(expected === undefined ? {} : { expected }),
    ...(actual === undefined ? {} : { actual }),
  };
}

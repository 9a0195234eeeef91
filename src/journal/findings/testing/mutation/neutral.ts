import type { Mutation, TraceMessage } from './mutation.ts';

export function neutralReason(_mutation: Mutation, _trace: readonly TraceMessage[]): string | undefined {
  return undefined;
}

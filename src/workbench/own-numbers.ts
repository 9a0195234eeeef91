/** Members by which the services' answers name messages of their own journals; only at the top: a payload has its own. */
const NAMES = ['seq', 'answerSeq'] as const;
const MENTIONED = /"(seq|answerSeq)":\d/;

/** Whether a JSON text names messages at all; most do not, and need not be read. */
export function namesMessages(json: string): boolean {
  return MENTIONED.test(json);
}

/**
 * An answer of a service with the numbers that its messages have in the merged journal. A message that the merged journal
 * does not have loses its number: a link to another message would be worse than none.
 * @param local the number there, by the service's own
 */
export async function withMergedNumbers(
  answer: unknown,
  local: (seq: number) => Promise<number | undefined>,
): Promise<unknown> {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return answer;
  const members: Record<string, unknown> = { ...answer };
  for (const name of NAMES) {
    const own = members[name];
    if (typeof own !== 'number') continue;
    const merged = await local(own);
    if (merged === undefined) delete members[name];
    else members[name] = merged;
  }
  return members;
}

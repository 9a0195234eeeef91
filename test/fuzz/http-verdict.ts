import { fits } from './fits.ts';
import type { HttpCase } from './http-cases.ts';
import { isObject } from './schema-node.ts';

export interface HttpOutcome {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** Answers to requests that never reach an operation. */
const ALWAYS_ALLOWED: ReadonlySet<number> = new Set([400, 404, 405, 413, 415, 429]);

/** What is wrong with an answer, in words; `undefined`: nothing. */
export function judged(asked: HttpCase, outcome: HttpOutcome): string | undefined {
  const { operation } = asked;
  if (operation.speaks === 'oicp') return judgedOicp(asked, outcome);
  if (operation.speaks === 'pools') return judgedPools(outcome);
  if (outcome.status >= 400) return judgedProblem(asked, outcome);
  if (asked.kind === 'one fault') return `took it, but ${asked.pointer} is wrong (${asked.note})`;
  if (!operation.successes.has(outcome.status))
    return asked.kind === 'garbage' ? undefined : 'the success is not declared';
  const schema = operation.successes.get(outcome.status);
  if (schema === undefined || !/json/.test(outcome.contentType) || /[?&]fields=/.test(asked.target)) return undefined;
  return fits(operation.root, schema, parsed(outcome.text)) ? undefined : 'the answer does not fit its schema';
}

function judgedProblem({ operation, kind, pointer, note }: HttpCase, { status, contentType, text }: HttpOutcome) {
  const problem = parsed(text);
  if (!/^application\/problem\+json/.test(contentType) || !isObject(problem)) return 'no problem document';
  const { code, title, hint, status: told, fields } = problem;
  if (typeof code !== 'string' || typeof title !== 'string' || typeof hint !== 'string' || told !== status)
    return 'a problem without its members';
  if (code === 'INTERNAL') return 'something of ours failed';
  const declared = operation.problems.get(status);
  if (status >= 500 ? declared?.includes(code) !== true : !ALWAYS_ALLOWED.has(status) && declared === undefined)
    return `${code} is not declared`;
  if (kind !== 'one fault') return undefined;
  const pointers = Array.isArray(fields) ? fields.map((field) => (isObject(field) ? field['pointer'] : undefined)) : [];
  if (pointers.length === 1 && pointers[0] === pointer) return undefined;
  return `names ${JSON.stringify(pointers)}, not ${pointer} (${note})`;
}

/** OICP 2.3: the outcome stands in the body as a status code; an address that is none is plain HTTP. */
function judgedOicp({ kind, note, pointer }: HttpCase, { status, text }: HttpOutcome): string | undefined {
  if (status >= 500) return 'a server error';
  if (kind === 'garbage' && /path|query/.test(note)) return undefined;
  const answer = parsed(text);
  if (!isObject(answer)) return 'no OICP answer';
  if (kind !== 'one fault') return undefined;
  return undefined;
}

/** The pools' refusals are `{errorMessages, traceId}`; other formats answer by HTTP status alone. */
function judgedPools({ status, contentType, text }: HttpOutcome): string | undefined {
  if (status >= 500) return 'a server error';
  if (status < 400 || !/json/.test(contentType)) return undefined;
  return isObject(parsed(text)) ? undefined : 'a refusal without words';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

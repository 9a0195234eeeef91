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
  if (operation.speaks === 'pools') return judgedPools(asked, outcome);
  if (outcome.status >= 400) return judgedProblem(asked, outcome);
  if (asked.kind === 'one fault') return `took it, but ${asked.pointer} is wrong (${asked.note})`;
  if (!operation.successes.has(outcome.status))
    return asked.kind === 'garbage' ? undefined : 'the success is not declared';
  const schema = operation.successes.get(outcome.status);
  if (schema === undefined || !/json/.test(outcome.contentType) || /[?&]fields=/.test(asked.target)) return undefined;
  return fits(operation.root, schema, parsed(outcome.text)) ? undefined : 'the answer does not fit its schema';
}

/**
 * Whether the answer names the wrong member: ours by pointer and no other, OICP in `AdditionalInfo` or `validationErrors`, the
 * pools in their messages.
 */
export function namesIt({ operation, pointer = '' }: HttpCase, { text }: HttpOutcome): boolean {
  const answer = parsed(text);
  if (operation.speaks === 'oicp') return isObject(answer) && namesInOicp(answer, pointer);
  if (operation.speaks === 'pools') return namesInPools(text, pointer);
  const pointers = pointersOf(answer);
  return pointers.length > 0 && pointers.every((each) => each === pointer);
}

function namesInOicp({ StatusCode, validationErrors }: Record<string, unknown>, pointer: string): boolean {
  if (!Array.isArray(validationErrors))
    return isObject(StatusCode) && String(StatusCode['AdditionalInfo']).includes(pointer);
  const place = pointer
    .slice(1)
    .replaceAll('/', '.')
    .replace(/\.(\d+)/g, '[$1]')
    .toLowerCase();
  // Of a union the member that holds it may be told; made-up messages may break rules beyond the schema, too.
  return validationErrors
    .map((error) => String((error as { fieldReference?: unknown }).fieldReference).toLowerCase())
    .some((each) => place === each || (each !== '' && place.startsWith(`${each}.`)));
}

function namesInPools(text: string, pointer: string): boolean {
  const name = pointer.split('/').findLast((part) => !/^\d*$/.test(part)) ?? '';
  return text.toLowerCase().includes(name.toLowerCase());
}

/** The code of a problem, or of an OICP answer; empty for others. */
export function codeOf({ text }: HttpOutcome): string {
  const answer = parsed(text);
  if (!isObject(answer)) return '';
  const { code, StatusCode } = answer;
  return String(code ?? (isObject(StatusCode) ? StatusCode['Code'] : ''));
}

function pointersOf(problem: unknown): unknown[] {
  const fields = isObject(problem) ? problem['fields'] : undefined;
  return Array.isArray(fields) ? fields.map((field) => (isObject(field) ? field['pointer'] : undefined)) : [];
}

function judgedProblem({ operation, kind, pointer, note }: HttpCase, { status, contentType, text }: HttpOutcome) {
  const problem = parsed(text);
  if (!/^application\/problem\+json/.test(contentType) || !isObject(problem)) return 'no problem document';
  const { code, title, hint, status: told } = problem;
  if (typeof code !== 'string' || typeof title !== 'string' || typeof hint !== 'string' || told !== status)
    return 'a problem without its members';
  if (code === 'INTERNAL') return 'something of ours failed';
  const declared = operation.problems.get(status);
  if (status >= 500 ? declared?.includes(code) !== true : !ALWAYS_ALLOWED.has(status) && declared === undefined)
    return `${code} is not declared`;
  if (kind !== 'one fault') return undefined;
  // A station that is away is told before its message is looked at.
  if (code === 'STATION_NOT_CONNECTED' || code === 'UNKNOWN_STATION') return undefined;
  const pointers = pointersOf(problem);
  // Beyond its schema a protocol may miss more: what one leg demands, for example.
  const others = pointers.filter((each) => each !== pointer);
  if (pointers.includes(pointer) && (others.length === 0 || code === 'SCHEMA_VIOLATION')) return undefined;
  return `names ${JSON.stringify(pointers)}, not ${pointer} (${note})`;
}

/**
 * OICP 2.3: the outcome stands in the body as a status code, and what is wrong in `AdditionalInfo` or, at a hub that answers
 * 400, in `validationErrors`. Who calls is asked first. An address that is none is plain HTTP.
 */
function judgedOicp(
  { kind, note, exemplary, pointer = '' }: HttpCase,
  { status, text }: HttpOutcome,
): string | undefined {
  if (status >= 500) return 'a server error';
  if (kind === 'garbage' && /path|query/.test(note)) return undefined;
  const answer = parsed(text);
  if (!isObject(answer)) return 'no OICP answer';
  const { StatusCode, validationErrors } = answer;
  const code = isObject(StatusCode) ? StatusCode['Code'] : undefined;
  if (Array.isArray(validationErrors))
    return kind !== 'one fault' || namesInOicp(answer, pointer)
      ? undefined
      : `names ${JSON.stringify(validationErrors).slice(0, 300)}, not ${pointer}`;
  if (typeof code !== 'string' && status !== 200) return 'no status code';
  // Made-up messages may break rules beyond the schema, which is told first.
  if (kind !== 'one fault' || code !== '022' || !exemplary) return undefined;
  return namesInOicp(answer, pointer) ? undefined : `does not name ${pointer}`;
}

/** The pools' refusals are `{errorMessages, traceId}`; other formats answer by HTTP status alone. */
function judgedPools({ kind, pointer = '' }: HttpCase, { status, contentType, text }: HttpOutcome): string | undefined {
  if (status >= 500) return 'a server error';
  const inBody = !/^\/(path|query)\//.test(pointer);
  if (status < 400) return kind === 'one fault' && inBody ? `took it, but ${pointer} is wrong` : undefined;
  const answer = parsed(text);
  if (!/json/.test(contentType) || !isObject(answer)) return 'a refusal without words';
  if (kind !== 'one fault' || status !== 400 || !inBody) return undefined;
  return namesInPools(text, pointer) ? undefined : `does not name ${pointer}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

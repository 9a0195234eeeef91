import { parseJson } from '../core/json.ts';
import {
  type Finding,
  isStatusCode,
  type LegEnds,
  type OperationBodies,
  type OperationName,
  type ResponseOf,
  type StatusCodeValue,
} from '../protocols/oicp/index.ts';
import { type HttpResponse, textOf } from './http-port.ts';

/** What an answer says, as far as it is one. */
export type ReadAnswer<Name extends OperationName> = {
  readonly text: string | undefined;
  readonly findings: readonly Finding[];
} & (
  | { readonly kind: 'ok'; readonly message: ResponseOf<Name> }
  | {
      readonly kind: 'refused';
      readonly code: StatusCodeValue;
      readonly reason: string;
      readonly message?: ResponseOf<Name>;
    }
  | { readonly kind: 'busy'; readonly reason: string; readonly retryAfterMs?: number }
  | { readonly kind: 'invalid'; readonly reason: string }
);

/** Reads an answer. The outcome is taken from the body: the HTTP status decides only where the body does not tell. */
export function readAnswer<Name extends OperationName>(
  name: Name,
  response: HttpResponse,
  ends: LegEnds,
  bodies: OperationBodies,
): ReadAnswer<Name> {
  const text = textOf(response.body);
  const reason = (what: string): string => `HTTP ${response.status}: ${what}`;
  if (response.status === 429 || response.status === 408) {
    const seconds = Number(response.headers['retry-after']);
    return {
      kind: 'busy',
      reason: reason(response.status === 429 ? 'too many requests' : 'the server gave up waiting'),
      findings: [],
      text,
      ...(Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: seconds * 1_000 } : {}),
    };
  }
  const json = jsonOf(text);
  if (response.status < 300) {
    const reading = bodies.answer(name, json, 'lenient', ends);
    if (reading.ok) {
      const { code, reason: said } = statusOf(reading.value);
      if (isGranted(reading.value, code)) {
        return { kind: 'ok', message: reading.value, findings: reading.findings, text };
      }
      return {
        kind: 'refused',
        code: code ?? '021',
        reason: said,
        message: reading.value,
        findings: reading.findings,
        text,
      };
    }
    const { code, reason: said } = statusOf(json);
    // A hub may refuse with another message than the operation's own: the code tells the outcome.
    if (code !== undefined && code !== '000') {
      return { kind: 'refused', code, reason: said, findings: reading.findings, text };
    }
    const first = reading.findings.find(({ severity }) => severity === 'error');
    return {
      kind: 'invalid',
      reason: reason(first === undefined ? 'not an answer of this operation' : `${first.pointer} ${first.text}`.trim()),
      findings: reading.findings,
      text,
    };
  }
  const { code, reason: said } = statusOf(json);
  if (code !== undefined && code !== '000') return { kind: 'refused', code, reason: said, findings: [], text };
  const fault = response.status === 400 ? faultText(json) : undefined;
  if (fault !== undefined) return { kind: 'refused', code: '022', reason: fault, findings: [], text };
  if (response.status >= 500) return { kind: 'busy', reason: reason('the server failed'), findings: [], text };
  return { kind: 'invalid', reason: reason('not an answer of OICP'), findings: [], text };
}

function jsonOf(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** The status code that a body carries, and what it says about it. */
function statusOf(body: unknown): { code: StatusCodeValue | undefined; reason: string } {
  if (typeof body !== 'object' || body === null || !('StatusCode' in body)) return { code: undefined, reason: '' };
  const status = body.StatusCode;
  if (typeof status !== 'object' || status === null) return { code: undefined, reason: '' };
  const { Code, Description, AdditionalInfo } = status as Readonly<Record<string, unknown>>;
  const text = [Description, AdditionalInfo].filter((part) => typeof part === 'string' && part !== '').join(' – ');
  return { code: typeof Code === 'string' && isStatusCode(Code) ? Code : undefined, reason: text };
}

/** Acknowledgements and authorizations say it themselves; data is there, whatever is said about it. */
function isGranted(body: unknown, code: StatusCodeValue | undefined): boolean {
  const { Result, AuthorizationStatus } = body as Readonly<Record<string, unknown>>;
  if (Result !== undefined) return Result === true;
  if (AuthorizationStatus !== undefined) return AuthorizationStatus === 'Authorized';
  return code === undefined || code === '000';
}

function faultText(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('message' in body)) return undefined;
  const { message, validationErrors } = body as { message?: unknown; validationErrors?: unknown };
  const errors = Array.isArray(validationErrors) ? validationErrors : [];
  const fields = errors.map((each: { fieldReference?: unknown; errorMessage?: unknown } | null) =>
    `${String(each?.fieldReference ?? '')} ${String(each?.errorMessage ?? '')}`.trim(),
  );
  return [String(message), ...fields].join('; ');
}

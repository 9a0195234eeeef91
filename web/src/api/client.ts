/** The one way to the API: same origin, JSON, problem documents as errors. */

/** RFC 9457 problem document, as every service answers it. */
export interface ProblemDocument {
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly code: string;
  readonly hint?: string;
  readonly fields?: readonly { readonly pointer: string; readonly msg: string }[];
  readonly [extra: string]: unknown;
}

export class Problem extends Error {
  readonly document: ProblemDocument;

  constructor(document: ProblemDocument) {
    super(document.detail ?? document.title);
    this.name = 'Problem';
    this.document = document;
  }

  get code(): string {
    return this.document.code;
  }

  get status(): number {
    return this.document.status;
  }
}

type QueryValue = string | number | boolean | undefined | null;

/** An address below `/api/v1` with its query; parts are percent-encoded by the caller through {@link part}. */
export function apiPath(path: string, query?: Readonly<Record<string, QueryValue>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {}))
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  const text = search.toString();
  // The API stands at the root of the origin, also where the app stands under /ui/.
  return `/api/v1${path}${text === '' ? '' : `?${text}`}`;
}

export const part = encodeURIComponent;

async function call<T>(method: string, path: string, body: unknown, signal: AbortSignal | undefined): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: body === undefined ? { accept: 'application/json' } : JSON_HEADERS,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new Problem({
      title: 'The server cannot be reached',
      detail: 'The workbench did not answer. It may have been stopped.',
      status: 0,
      code: 'UNREACHABLE',
      hint: 'Start it again with `compote up`; this page goes on by itself.',
    });
  }
  const text = await response.text();
  const json = text === '' ? undefined : readJson(text);
  if (response.ok) return json as T;
  throw new Problem(
    isProblem(json)
      ? json
      : {
          title: response.statusText || 'The request failed',
          status: response.status,
          code: `HTTP_${response.status}`,
          detail: `${method} ${path}`,
        },
  );
}

const JSON_HEADERS = { accept: 'application/json', 'content-type': 'application/json' };

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isProblem(value: unknown): value is ProblemDocument {
  return typeof value === 'object' && value !== null && 'code' in value && 'title' in value;
}

export const api = {
  get: <T>(path: string, signal?: AbortSignal): Promise<T> => call<T>('GET', path, undefined, signal),
  post: <T>(path: string, body?: unknown): Promise<T> => call<T>('POST', path, body ?? {}, undefined),
  put: <T>(path: string, body: unknown): Promise<T> => call<T>('PUT', path, body, undefined),
  patch: <T>(path: string, body: unknown): Promise<T> => call<T>('PATCH', path, body, undefined),
  delete: <T>(path: string): Promise<T> => call<T>('DELETE', path, undefined, undefined),
};

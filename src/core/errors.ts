/**
 * The one error catalogue. A code is stable and documented; `status` is what REST answers; `title` says what happened and
 * `hint` what to do. A peer's protocol violation is never one of these: it is a finding and a protocol answer.
 */
export interface ErrorEntry {
  readonly status: number;
  readonly title: string;
  readonly hint: string;
}

export const ERRORS = {
  INVALID_REQUEST: {
    status: 400,
    title: 'The request does not fit',
    hint: 'Correct the fields listed in `fields`; the docs page of this service shows the shape.',
  },
  BODY_NOT_JSON: {
    status: 415,
    title: 'The body is not JSON',
    hint: 'Send `content-type: application/json` and a JSON body.',
  },
  UNAUTHORIZED: {
    status: 401,
    title: 'This address asks for an access token',
    hint: 'Send `authorization: Bearer <token>`; the token is in the configuration of the service.',
  },
  FORBIDDEN: {
    status: 403,
    title: 'This is not allowed',
    hint: 'Use a token whose role may do this.',
  },
  OUT_OF_SCOPE: {
    status: 403,
    title: 'This belongs to the other half of the world',
    hint: 'Ask the service that owns it, with a token whose scope holds it.',
  },
  FOREIGN_ORIGIN: {
    status: 403,
    title: 'The request comes from a page or a host name that is not ours',
    hint: 'Open the workbench itself, or add the host name to `http.hosts` in the configuration.',
  },
  NOT_FOUND: { status: 404, title: 'There is no such thing', hint: 'List what exists first.' },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: 'This address does not take that method',
    hint: 'The `allow` header of the answer lists the methods that it takes.',
  },
  UNKNOWN_STATION: {
    status: 404,
    title: 'No station of that identity is known',
    hint: 'List the stations with GET /api/v1/stations.',
  },
  UNKNOWN_ACTION: {
    status: 404,
    title: 'That OCPP version has no such action for this direction',
    hint: 'Action names are case-sensitive; GET /api/v1/actions lists them.',
  },
  CONFLICT: { status: 409, title: 'That does not fit the present state', hint: 'Read the present state first.' },
  STATION_NOT_CONNECTED: {
    status: 409,
    title: 'The station is not connected',
    hint: 'Wait until it connects, or look at its last messages in the journal.',
  },
  SCHEMA_VIOLATION: {
    status: 422,
    title: 'The message does not fit its schema',
    hint: 'Correct the fields listed in `fields`, or send `allowInvalid: true` to send it as it is.',
  },
  CAR_LIST_INVALID: {
    status: 422,
    title: 'This EVerest would not understand the car commands',
    hint: 'Correct the places listed in `fields`, or choose `release` or `carGrammar` of the station; `unsafe=true` sends it as it is.',
  },
  NOT_SUPPORTED: {
    status: 501,
    title: 'The other party has no way to do this',
    hint: 'GET …/capabilities says what it can do, and by which dialect.',
  },
  STATION_CALLERROR: {
    status: 502,
    title: 'The station answered with a CALLERROR',
    hint: 'The error code and description in `answer` are the station’s own words.',
  },
  STATION_ANSWER_INVALID: {
    status: 502,
    title: 'The answer of the station does not fit its schema',
    hint: 'The answer stands in `answer`, what is wrong with it in `fields`; `validation: lenient` takes such answers.',
  },
  STATION_TIMEOUT: {
    status: 504,
    title: 'The station did not answer in time',
    hint: 'The station may be busy or half-open; its link shows when it was last heard.',
  },
  LINK_CLOSED: {
    status: 502,
    title: 'The link closed before the answer came',
    hint: 'Wait for the station to reconnect and send again.',
  },
  QUEUE_FULL: {
    status: 503,
    title: 'Too many messages wait for this peer',
    hint: 'Wait for answers before sending more; the limit is `ocpp.maxQueuedCalls`.',
  },
  PEER_UNREACHABLE: {
    status: 502,
    title: 'The other party cannot be reached',
    hint: 'Check its address in the configuration and whether it runs.',
  },
  PEER_TIMEOUT: { status: 504, title: 'The other party did not answer in time', hint: 'Check whether it runs.' },
  PAYLOAD_TOO_LARGE: { status: 413, title: 'The content is too large', hint: 'Send less at once.' },
  TOO_MANY_REQUESTS: { status: 429, title: 'Too many requests', hint: 'Send them more slowly.' },
  GONE: { status: 410, title: 'That is no longer here', hint: 'Create it again.' },
  NOT_AVAILABLE: { status: 503, title: 'This part does not run here', hint: 'Start the service that has it.' },
  INTERNAL: {
    status: 500,
    title: 'Something of ours failed',
    hint: 'This is a defect of OCPP Compote: please report it with the log lines around it.',
  },
  CONFIG_INVALID: {
    status: 500,
    title: 'The configuration does not fit',
    hint: 'Correct the named key; docs/reference/config.md lists all keys.',
  },
  PORT_IN_USE: {
    status: 500,
    title: 'A port is already in use',
    hint: 'Stop the other program, or choose another port with `--port` or in the configuration.',
  },
  FILE_UNREADABLE: {
    status: 400,
    title: 'A file cannot be used',
    hint: 'Give the path of a file that can be read and holds what it should.',
  },
  ARGUMENT_INVALID: {
    status: 400,
    title: 'What was typed does not fit',
    hint: 'Try it with `--help`.',
  },
  CERTIFICATE_UNREADABLE: {
    status: 500,
    title: 'A certificate or key cannot be used',
    hint: 'Give PEM files whose key belongs to the certificate.',
  },
  STORAGE_UNUSABLE: {
    status: 500,
    title: 'A file of the data folder cannot be used',
    hint: 'Check free space and permissions, or give another folder with `--data`.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

/** One field that is wrong: JSON pointer into the request body (or `/query/x`, `/path/x`), and a sentence. */
export interface FieldError {
  readonly pointer: string;
  readonly msg: string;
}

export interface ErrorDetails {
  /** What exactly happened, with the values in it. */
  readonly detail?: string;
  /** Overrides the catalogue's hint where a more exact one is known. */
  readonly hint?: string;
  readonly fields?: readonly FieldError[];
  /** Further members of the problem document, for example the station's own answer. */
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** An error of ours: a catalogue code with what exactly happened. */
export class CompoteError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly title: string;
  readonly detail: string | undefined;
  readonly hint: string;
  readonly fields: readonly FieldError[];
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, details: ErrorDetails = {}) {
    const entry = ERRORS[code];
    super(details.detail === undefined ? entry.title : `${entry.title}: ${details.detail}`, { cause: details.cause });
    this.name = 'CompoteError';
    this.code = code;
    this.status = entry.status;
    this.title = entry.title;
    this.detail = details.detail;
    this.hint = details.hint ?? entry.hint;
    this.fields = details.fields ?? [];
    this.extra = details.extra ?? {};
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The machine's error code (`ENOENT`, `EADDRINUSE` …) of anything that was thrown. */
export function systemCodeOf(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}

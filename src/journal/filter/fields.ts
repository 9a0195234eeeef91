/**
 * What a filter can ask for, as data: one field set per entity. Browser-safe, like everything in this folder: server,
 * command line and web UI share one grammar and one parser.
 */

export type FieldType = 'word' | 'number' | 'duration' | 'bytes' | 'time' | 'severity' | 'level' | 'text';

export interface Field {
  readonly name: string;
  readonly type: FieldType;
  /** One line for completion. */
  readonly help: string;
  /** All possible values, where there are only these. */
  readonly values?: readonly string[];
}

export interface FieldSet {
  readonly entity: Entity;
  readonly fields: readonly Field[];
  /** Flags behind `is:`. */
  readonly is: readonly string[];
  /** Flags behind `has:`. */
  readonly has: readonly string[];
  /** Whether `$`, `req.` and `res.` paths make sense. */
  readonly paths: boolean;
}

export type Entity = 'messages' | 'exchanges' | 'sessions' | 'stations' | 'findings' | 'logs' | 'evses';

/** Severities in rising order; a filter may write `warn` for `warning`. */
export const SEVERITIES = ['info', 'warning', 'error'] as const;
export const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

const PROTOCOLS = ['ocpp', 'oicp', 'pnc', 'mqtt', 'api'];
const AXES = ['conformance', 'compatibility', 'consistency', 'timing', 'security'];
const ROLES = ['ev', 'cs', 'csms', 'hub', 'emp', 'pnc', 'everest', 'ext', 'ui'];

function field(name: string, type: FieldType, help: string, values?: readonly string[]): Field {
  return values === undefined ? { name, type, help } : { name, type, help, values };
}

const MESSAGE_FIELDS: readonly Field[] = [
  field('proto', 'word', 'protocol family', PROTOCOLS),
  field('ver', 'word', 'protocol version: 1.6, 2.0.1, 2.1, 2.3'),
  field('action', 'word', 'OCPP action, OICP operation, MQTT topic'),
  field('kind', 'word', 'kind of message', ['request', 'response', 'error', 'send', 'event', 'mark']),
  field('text', 'text', 'text anywhere in the raw message'),
  field('topic', 'word', 'MQTT topic'),
  field('size', 'bytes', 'size of the raw message: 4kB'),
  field('code', 'word', 'CALLERROR code or OICP status code'),
  field('http', 'number', 'HTTP status'),
  field('status', 'word', 'status in the answer: Accepted, Rejected'),
  field('from', 'word', 'sender'),
  field('to', 'word', 'receiver'),
  field('party', 'word', 'either end'),
  field('role', 'word', 'role of either end', ROLES),
  field('station', 'word', 'identity of the station'),
  field('operator', 'word', 'operator id (CPO)'),
  field('provider', 'word', 'provider id (EMP)'),
  field('source', 'word', 'where it came from', [
    'live',
    'import',
    'replay',
    'proxy',
    'user',
    'rule',
    'sim',
    'system',
    'peer',
  ]),
  field('evse', 'number', 'EVSE number'),
  field('connector', 'number', 'connector number'),
  field('evseid', 'word', 'EVSE id: DE*ABC*E0001*1'),
  field('session', 'word', 'charging session'),
  field('trace', 'word', 'trace id'),
  field('tx', 'word', 'OCPP transaction id'),
  field('id', 'word', 'message id on the wire'),
  field('seq', 'number', 'number in the journal'),
  field('token', 'word', 'idTag, idToken or RFID UID'),
  field('emaid', 'word', 'contract id (EMAID, EVCO ID)'),
  field('cert', 'word', 'text of a certificate or its serial number'),
  field('time', 'time', 'when: -5m..now, 10:14..10:40, 2026-01-31T12:00Z'),
  field('latency', 'duration', 'time from request to answer: 2s'),
  field('rule', 'word', 'rule of a finding on it'),
  field('severity', 'severity', 'worst finding on it', SEVERITIES),
  field('axis', 'word', 'axis of a finding on it', AXES),
  field('note', 'text', 'text of a person’s note'),
];

const MESSAGE_IS = [
  'request',
  'response',
  'error',
  'send',
  'event',
  'mark',
  'unanswered',
  'slow',
  'retry',
  'duplicate',
  'late',
  'unexpected',
  'synthetic',
  'invalid',
  'modified',
  'intercepted',
  'replayed',
  'marked',
  'malformed',
  'cut',
  'live',
  'imported',
];
const MESSAGE_HAS = ['finding', 'session', 'trace', 'note', 'response', 'customData', 'signature', 'certificate'];

export const FIELD_SETS: Readonly<Record<Entity, FieldSet>> = {
  messages: { entity: 'messages', fields: MESSAGE_FIELDS, is: MESSAGE_IS, has: MESSAGE_HAS, paths: true },
  exchanges: { entity: 'exchanges', fields: MESSAGE_FIELDS, is: MESSAGE_IS, has: MESSAGE_HAS, paths: true },
  sessions: {
    entity: 'sessions',
    fields: [
      field('state', 'word', 'state of the session'),
      field('kind', 'word', 'how it was authorised', ['local', 'roaming-rfid', 'remote', 'pnc']),
      field('station', 'word', 'identity of the station'),
      field('emp', 'word', 'provider'),
      field('kwh', 'number', 'energy in kWh'),
      field('duration', 'duration', 'how long'),
      field('cdr', 'word', 'state of its CDR'),
      field('finding', 'word', 'rule of a finding on it'),
    ],
    is: ['active', 'ended', 'simulated', 'imported'],
    has: ['finding', 'cdr', 'trace'],
    paths: false,
  },
  stations: {
    entity: 'stations',
    fields: [
      field('state', 'word', 'link state', ['connected', 'silent', 'stale', 'disconnected']),
      field('version', 'word', 'OCPP version', ['1.6', '2.0.1', '2.1']),
      field('model', 'word', 'vendor and model'),
      field('fw', 'word', 'firmware version'),
      field('security', 'number', 'security profile'),
      field('mode', 'word', 'simulated or real', ['simulated', 'real', 'off']),
    ],
    is: ['connected', 'charging', 'simulated', 'real'],
    has: ['finding', 'transaction', 'reservation'],
    paths: false,
  },
  findings: {
    entity: 'findings',
    fields: [
      field('status', 'word', 'state of the finding', ['open', 'muted', 'fixed']),
      field('rule', 'word', 'rule id'),
      field('severity', 'severity', 'severity', SEVERITIES),
      field('axis', 'word', 'axis', AXES),
      field('party', 'word', 'party at fault'),
      field('protocol', 'word', 'protocol family', PROTOCOLS),
      field('fault', 'word', 'role of the party at fault', ROLES),
      field('peer', 'word', 'what a tolerant peer does', ['rejects', 'tolerates', 'ignores', 'unknown']),
      field('station', 'word', 'station at an end of its message'),
      field('session', 'word', 'charging session of its message'),
      field('action', 'word', 'action of its message'),
      field('seq', 'number', 'number of its message'),
      field('time', 'time', 'when it was found'),
      field('text', 'text', 'text of its sentence'),
    ],
    is: ['open', 'muted', 'fixed'],
    has: ['session', 'clause', 'message'],
    paths: false,
  },
  logs: {
    entity: 'logs',
    fields: [
      field('level', 'level', 'level', LEVELS),
      field('service', 'word', 'service'),
      field('component', 'word', 'part of the service'),
      field('id', 'word', 'message id on the wire'),
      field('time', 'time', 'when'),
    ],
    is: [],
    has: [],
    paths: false,
  },
  evses: {
    entity: 'evses',
    fields: [
      field('status', 'word', 'status'),
      field('operator', 'word', 'operator id'),
      field('city', 'word', 'city'),
      field('power', 'number', 'power in kW'),
      field('plug', 'word', 'plug type'),
    ],
    is: [],
    has: [],
    paths: false,
  },
};

export function findField(set: FieldSet, name: string): Field | undefined {
  const lower = name.toLowerCase();
  return set.fields.find((candidate) => candidate.name === lower);
}

/** The known name that the user most likely meant: at most two letters away, or beginning the same way. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = 3;
  for (const name of names) {
    const distance = editDistance(lower, name.toLowerCase());
    if (distance < bestDistance && distance < Math.max(2, name.length)) {
      best = name;
      bestDistance = distance;
    }
  }
  return best ?? (lower.length >= 2 ? names.find((name) => name.toLowerCase().startsWith(lower)) : undefined);
}

function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 3) return 4;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 4;
}

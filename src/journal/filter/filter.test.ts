import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localTimeOfDay, parseTime } from '../../core/time.ts';
import { boundOf } from './bound.ts';
import { compileFilter, completionAt, FIELD_SETS, type FilterRow, parseFilter, valuesAt } from './index.ts';
import { pathOf } from './parse.ts';
import { DOCUMENTED_FILTERS, EXCLUDING_FILTERS, FINDING_FILTERS } from './testing/queries.ts';

const NOW = parseTime('2026-11-22T12:00:00Z') ?? 0;

interface Message {
  readonly fields: Readonly<Record<string, readonly (string | number)[]>>;
  readonly is: readonly string[];
  readonly has: readonly string[];
  readonly payload: unknown;
  readonly answer: unknown;
}

const EVENT: Message = {
  fields: {
    proto: ['ocpp'],
    ver: ['2.0.1'],
    action: ['TransactionEvent'],
    kind: ['request'],
    from: ['CS-DEMO-1'],
    to: ['csms'],
    party: ['CS-DEMO-1', 'csms'],
    station: ['CS-DEMO-1'],
    evse: [1],
    seq: [18342],
    session: ['S-20261122-0007'],
    time: [NOW - 60_000],
    latency: [42],
    size: [713],
    status: ['Accepted'],
    id: ['19223201'],
    http: [200],
    code: ['022'],
    rule: ['oicp.cdr.sum', 'ocpp.seq'],
    severity: ['warning'],
    tx: ['9f2c-1'],
  },
  is: ['request', 'live'],
  has: ['session', 'response'],
  payload: {
    eventType: 'Updated',
    seqNo: 4,
    timestamp: '2026-11-22T11:59:00Z',
    idToken: { idToken: 'DEADBEEF', type: 'ISO14443' },
    meterValue: [
      {
        sampledValue: [
          { value: 11020, measurand: 'Power.Active.Import' },
          { value: '3.2', measurand: 'Voltage' },
        ],
      },
    ],
  },
  answer: { status: 'Rejected', idTokenInfo: { status: 'Blocked' } },
};

function row(message: Message): FilterRow {
  return {
    values: (field) => (field === 'text' ? [JSON.stringify(message.payload)] : (message.fields[field] ?? [])),
    flag: (set, flag) => (set === 'is' ? message.is : message.has).includes(flag),
    payloads: (side) => (side === 'response' ? [message.answer] : [message.payload]),
    texts: () => ['TransactionEvent', 'CS-DEMO-1', 'csms', JSON.stringify(message.payload)],
  };
}

function matches(text: string, changes: Partial<Message> = {}): boolean {
  const parsed = parseFilter(text);
  expect(parsed.errors, text).toEqual([]);
  const message = { ...EVENT, ...changes, fields: { ...EVENT.fields, ...changes.fields } };
  return compileFilter(parsed.expression, NOW)(row(message));
}

describe('the examples of the documentation parse without an error', () => {
  it.each(DOCUMENTED_FILTERS)('%s', (text) => {
    expect(parseFilter(text).errors).toEqual([]);
  });
});

describe('a filter finds', () => {
  it.each(FINDING_FILTERS)('%s', (text) => {
    expect(matches(text)).toBe(true);
  });
});

describe('a filter leaves out', () => {
  it.each(EXCLUDING_FILTERS)('%s', (text) => {
    expect(matches(text)).toBe(false);
  });
});

describe('a negation takes back the whole term, not one element', () => {
  it('of an array', () => {
    expect(matches('$..measurand:Voltage')).toBe(true);
    expect(matches('-$..measurand:Voltage')).toBe(false);
    expect(matches('$..measurand!=Voltage')).toBe(false);
  });
});

describe('what is wrong is told with its position', () => {
  it.each([
    ['staton:CS-1', 0, 6, /no field staton; did you mean station/],
    ['proto:ocpp foo:1', 11, 14, /no field foo/],
    ['latency>abc', 8, 11, /“abc” is no duration/],
    ['severity>=loud', 10, 14, /“loud” is no severity/],
    ['time:25:00..26:00', 5, 17, /no time/],
    ['(proto:ocpp', 0, 1, /missing \)/],
    ['proto:', 6, 6, /proto needs a value/],
    ['is:nonsense', 3, 11, /no is:nonsense/],
    ['is:requst', 3, 9, /did you mean is:request/],
    ['is>request', 3, 10, /is takes flags/],
    ['action~[', 7, 8, /regular expression/i],
    ['action>B', 7, 8, /is a text/],
    ['latency>1s,2s', 8, 13, /compares with one value/],
    ['$.a>x', 4, 5, /number or a time/],
    ['a or', 4, 4, /missing here/],
    ['or a', 0, 2, /missing here/],
    ['a and or b', 6, 8, /missing here/],
    ['not', 3, 3, /missing here/],
    ['"open', 0, 5, /unclosed quote/],
    ['/open', 0, 5, /unclosed \//],
    [')', 0, 1, /missing here/],
    ['a )', 2, 3, /unexpected \)/],
    ['action:(a, b', 7, 12, /missing \)/],
  ] as const)('%s', (text, from, to, msg) => {
    const parsed = parseFilter(text);
    expect(parsed.errors[0]).toMatchObject({ from, to, msg: expect.stringMatching(msg) });
    compileFilter(parsed.expression, NOW)(row(EVENT));
  });

  it('paths belong to messages only', () => {
    expect(parseFilter('$.a:1', FIELD_SETS.sessions).errors[0]?.msg).toMatch(/sessions have no payload/);
    expect(parseFilter('kwh>5 state:Charging', FIELD_SETS.sessions).errors).toEqual([]);
    expect(parseFilter('level>=warn', FIELD_SETS.logs).errors).toEqual([]);
  });
});

describe('nothing that anybody types makes it throw', () => {
  const pieces = fc.constantFrom(
    ...[
      'a',
      ':',
      '=',
      '~',
      '!',
      '-',
      '<',
      '>',
      '(',
      ')',
      '[',
      ']',
      '"',
      "'",
      '/',
      '\\',
      '$',
      '.',
      '..',
      '*',
      ' ',
      '0',
      ',',
    ],
    ...[
      'or',
      'and',
      'not',
      'is:',
      'has:',
      'error',
      'action',
      'latency',
      'time',
      'req.',
      '$..x',
      '&&',
      '||',
      's',
      '\0',
      'ä',
    ],
  );
  it('parsing, compiling, testing and completing', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces, { maxLength: 14 }).map((parts) => parts.join('')),
        ),
        fc.constantFrom(...Object.values(FIELD_SETS)),
        (text, fields) => {
          const parsed = parseFilter(text, fields);
          compileFilter(parsed.expression, NOW)(row(EVENT));
          for (const error of parsed.errors) {
            expect(error.from).toBeGreaterThanOrEqual(0);
            expect(error.to).toBeLessThanOrEqual(text.length);
            expect(error.from).toBeLessThanOrEqual(error.to);
          }
          for (let at = 0; at <= text.length; at++) completionAt(text, at, fields);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('ten thousand parentheses are an error, not a stack overflow', () => {
    expect(parseFilter('('.repeat(10_000)).errors.some((error) => /nest/.test(error.msg))).toBe(true);
    expect(parseFilter('not '.repeat(10_000)).errors.length).toBe(1);
  });
});

describe('paths', () => {
  it('ignore what objects inherit, and survive payloads that are no objects', () => {
    const at = (path: string, root: unknown): readonly unknown[] => valuesAt(root, pathOf(path)?.steps ?? []);
    expect(at('$.toString', {})).toEqual([]);
    expect(at('$.a.b', { a: [{ b: 1 }, { b: 2 }, 3, null] })).toEqual([1, 2]);
    expect(at('$.a[1]', { a: [1, 2] })).toEqual([2]);
    expect(at('$.length', [1, 2])).toEqual([2]);
    for (const root of [null, undefined, 1, 'text', true]) expect(at('$.a', root)).toEqual([]);
    expect(at('$', 5)).toEqual([5]);
    expect(pathOf('response')).toBeUndefined();
  });
});

describe('times and units', () => {
  it.each([
    ['2s', 'duration', 2_000],
    ['40', 'duration', 40],
    ['1.5h', 'duration', 5_400_000],
    ['4kB', 'bytes', 4_000],
    ['-5m', 'time', NOW - 300_000],
    ['now', 'time', NOW],
    ['10:15', 'time', localTimeOfDay(NOW, 10, 15, 0)],
    ['10:15:30.5', 'time', localTimeOfDay(NOW, 10, 15, 30) + 500],
    ['2026-01-31T12:00:00Z', 'time', parseTime('2026-01-31T12:00:00Z')],
    ['yesterday', 'time', undefined],
    ['', 'number', undefined],
    ['0x10', 'number', undefined],
    ['warn', 'level', 3],
  ] as const)('%s as %s', (word, type, expected) => {
    expect(boundOf(word, type, NOW)).toBe(expected);
  });
});

describe('completion', () => {
  it('offers fields, then operators, then values, and knows what it would replace', () => {
    const field = completionAt('proto:ocpp st', 13);
    expect([field.expects, field.from, field.options.map((option) => option.insert)]).toEqual([
      'field',
      11,
      ['status:', 'station:'],
    ]);
    expect(completionAt('station', 7).expects).toBe('operator');
    expect(completionAt('proto:o', 7)).toMatchObject({
      expects: 'value',
      field: 'proto',
      from: 6,
      prefix: 'o',
      options: [{ insert: 'ocpp' }, { insert: 'oicp' }],
    });
    expect(completionAt('action:A,Boot', 13)).toMatchObject({
      expects: 'value',
      field: 'action',
      from: 9,
      prefix: 'Boot',
    });
    expect(completionAt('-is:uns', 6)).toMatchObject({ expects: 'flag', field: 'is', from: 4, prefix: 'un' });
    expect(completionAt('$.idToken.ty', 12)).toMatchObject({
      expects: 'key',
      field: '$.idToken',
      prefix: 'ty',
      from: 10,
    });
  });
});

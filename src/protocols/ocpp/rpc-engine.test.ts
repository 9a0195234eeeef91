import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RpcEngine, type RpcOptions } from './rpc-engine.ts';
import type { RpcEffect } from './rpc-message.ts';
import { OcppSchemaSet } from './schemas.ts';
import type { OcppVersion } from './versions.ts';

const schemas = new OcppSchemaSet();
const NOW = 1_700_000_000_000;

/** An engine with numbered message ids, driven as a script: each call returns the effects as short texts. */
function engine(version: OcppVersion, options: Partial<RpcOptions> = {}) {
  let ids = 0;
  const rpc = new RpcEngine({
    schemas: schemas.of(version),
    side: 'csms',
    validation: 'strict',
    timeoutMs: 30_000,
    maxQueuedCalls: 2,
    newId: () => `id-${++ids}`,
    ...options,
  });
  const run = (step: (out: RpcEffect[]) => void): string[] => {
    const out: RpcEffect[] = [];
    step(out);
    last = out;
    return out.map(brief);
  };
  let last: RpcEffect[] = [];
  return {
    rpc,
    effects: () => last,
    receive: (text: string) => run((out) => rpc.receive(text, NOW, out)),
    call: (action: string, payload: unknown, ref: unknown, callOptions = {}) =>
      run((out) => rpc.call(action, payload, ref, NOW, out, callOptions)),
    expired: () => run((out) => rpc.expired(NOW + 30_000, out)),
    close: () => run((out) => rpc.close(out)),
    answer: (payload: unknown) => {
      const request = last.find((effect) => effect.do === 'request');
      if (request?.do !== 'request') throw new Error('no request to answer');
      return run((out) => rpc.answer(request.call, payload, NOW, out));
    },
  };
}

function brief(effect: RpcEffect): string {
  switch (effect.do) {
    case 'received':
      return `received ${effect.message.flags.join(',')}`.trim();
    case 'send':
      return `send ${effect.message.raw}`;
    case 'request':
      return `request ${effect.call.action}`;
    case 'notification':
      return `notification ${effect.message.action}`;
    case 'answer-rejected':
      return `answer-rejected ${effect.message.code}`;
    case 'settled':
      return `settled ${String(effect.ref)} ${effect.outcome.kind}`;
    case 'start-timer':
      return `start-timer ${effect.ms}`;
    case 'stop-timer':
      return 'stop-timer';
    case 'finding':
      return `finding ${effect.finding.rule} ${effect.finding.by}${effect.finding.pointer === undefined ? '' : ` ${effect.finding.pointer}`}`;
  }
}

const HEARTBEAT = '[2,"h1","Heartbeat",{}]';
const BOOT_16 = '[2,"b1","BootNotification",{"chargePointVendor":"V","chargePointModel":"M"}]';

describe('calls from the peer', () => {
  it('a valid CALL is handled and answered with its own id', () => {
    const csms = engine('1.6');
    expect(csms.receive(HEARTBEAT)).toEqual(['received', 'request Heartbeat']);
    expect(csms.answer({ currentTime: '2026-01-01T00:00:00Z' })).toEqual([
      'send [3,"h1",{"currentTime":"2026-01-01T00:00:00Z"}]',
    ]);
  });

  it('an unknown action is answered NotImplemented', () => {
    expect(engine('1.6').receive('[2,"x","Fly",{}]')).toEqual([
      'received',
      'finding OCPPJ-RPC-018 peer',
      'send [4,"x","NotImplemented","Fly is not an action of OCPP 1.6",{}]',
    ]);
  });

  it('an action of the wrong direction is answered NotImplemented', () => {
    expect(engine('1.6').receive('[2,"x","Reset",{"type":"Soft"}]')[1]).toBe('finding OCPPJ-RPC-019 peer');
  });

  it.each([
    ['1.6', '[2,"a","StartTransaction",{"connectorId":1,"idTag":"A","meterStart":0}]', '/timestamp', 'ProtocolError'],
    ['1.6', '[2,"a","Authorize",{"idTag":7}]', '/idTag', 'TypeConstraintViolation'],
    ['1.6', '[2,"a","Authorize",{"idTag":"123456789012345678901"}]', '/idTag', 'PropertyConstraintViolation'],
    ['1.6', '[2,"a","Authorize",{"idTag":"A","x":1}]', '/x', 'FormationViolation'],
    ['2.0.1', '[2,"a","Heartbeat",{"x":1}]', '/x', 'FormatViolation'],
    ['2.0.1', '[2,"a","Authorize",{}]', '/idToken', 'OccurrenceConstraintViolation'],
    ['2.1', '[2,"a","MeterValues",{"evseId":1,"meterValue":[]}]', '/meterValue', 'OccurrenceConstraintViolation'],
  ] as const)('%s strict: %s is refused at %s as %s', (version, text, pointer, code) => {
    const effects = engine(version).receive(text);
    expect(effects).toContain(`finding OCPPJ-RPC-021 peer ${pointer}`);
    expect(effects.at(-1)).toContain(`send [4,"a","${code}","${pointer}: `);
    // The details say it for programs.
    expect(effects.at(-1)).toMatch(/,\{"fields":\[\{"pointer":"[^"]+","msg":"[^"]+"\}\]\}\]$/);
    expect(effects.at(-1)).toContain(`{"pointer":"${pointer}",`);
  });

  it('lenient reports the violation and goes on', () => {
    expect(engine('1.6', { validation: 'lenient' }).receive('[2,"a","Authorize",{"idTag":"A","x":1}]')).toEqual([
      'received invalid',
      'finding OCPPJ-RPC-021 peer /x',
      'request Authorize',
    ]);
  });

  it('off looks at nothing', () => {
    expect(engine('1.6', { validation: 'off' }).receive('[2,"a","Authorize",{"idTag":7}]')).toEqual([
      'received',
      'request Authorize',
    ]);
  });

  it('a second CALL while the first is open is a finding but is handled; the same id again is refused', () => {
    const csms = engine('2.0.1');
    csms.receive(HEARTBEAT);
    expect(csms.receive('[2,"h2","Heartbeat",{}]')).toEqual([
      'received',
      'finding OCPPJ-RPC-010 peer',
      'request Heartbeat',
    ]);
    expect(csms.receive('[2,"h2","Heartbeat",{}]')).toEqual([
      'received duplicate',
      'finding OCPPJ-RPC-010 peer',
      'send [4,"h2","RpcFrameworkError","This message id is being handled already",{}]',
    ]);
  });

  it('an answer of ours that breaks its schema becomes InternalError and a finding against us', () => {
    const csms = engine('1.6');
    csms.receive(HEARTBEAT);
    expect(csms.answer({})).toEqual([
      'finding OCPPJ-RPC-021 us /currentTime',
      'send [4,"h1","InternalError","The answer would not fit its schema",{}]',
    ]);
  });
});

describe('calls of ours', () => {
  it('one CALL is outstanding, the next waits, and the queue is bounded', () => {
    const csms = engine('1.6');
    expect(csms.call('ClearCache', {}, 'a')).toEqual(['send [2,"id-1","ClearCache",{}]', 'start-timer 30000']);
    expect(csms.call('ClearCache', {}, 'b')).toEqual([]);
    expect(csms.call('ClearCache', {}, 'c')).toEqual([]);
    expect(csms.call('ClearCache', {}, 'd')).toEqual(['settled d queue-full']);
    expect(csms.receive('[3,"id-1",{"status":"Accepted"}]')).toEqual([
      'stop-timer',
      'received',
      'settled a result',
      'send [2,"id-2","ClearCache",{}]',
      'start-timer 30000',
    ]);
  });

  it('a payload that breaks its schema is refused before anything is sent, unless the user wants it so', () => {
    const csms = engine('1.6');
    expect(csms.call('Reset', { type: 'Gentle' }, 'a')).toEqual(['settled a refused']);
    expect(csms.call('Reset', { type: 'Gentle' }, 'b', { allowInvalid: true })[0]).toBe(
      'send [2,"id-1","Reset",{"type":"Gentle"}]',
    );
  });

  it('a text of the user goes out as it is, and its answer is matched by its own id', () => {
    const csms = engine('1.6');
    expect(csms.call('', {}, 'a', { text: '[2, "mine", "Reset", {"type":"Soft"}]' })[0]).toBe(
      'send [2, "mine", "Reset", {"type":"Soft"}]',
    );
    expect(csms.receive('[3,"mine",{"status":"Accepted"}]')).toContain('settled a result');
  });

  it('a time-out settles the call and sends the next; the late answer is dropped with a finding', () => {
    const csms = engine('1.6');
    csms.call('ClearCache', {}, 'a');
    csms.call('ClearCache', {}, 'b');
    expect(csms.expired()).toEqual([
      'finding OCPPJ-RPC-011 peer',
      'settled a timeout',
      'send [2,"id-2","ClearCache",{}]',
      'start-timer 30000',
    ]);
    expect(csms.receive('[3,"id-1",{"status":"Accepted"}]')).toEqual(['received late', 'finding OCPPJ-RPC-008 peer']);
  });

  it('an unknown id and a second answer are told apart', () => {
    const csms = engine('1.6');
    csms.call('ClearCache', {}, 'a');
    csms.receive('[3,"id-1",{"status":"Accepted"}]');
    expect(csms.receive('[3,"id-1",{"status":"Accepted"}]')).toEqual([
      'received duplicate',
      'finding OCPPJ-RPC-009 peer',
    ]);
    expect(csms.receive('[3,"other",{}]')).toEqual(['received unexpected', 'finding OCPPJ-RPC-007 peer']);
  });

  it('a CALLERROR settles with the peer’s own words; a foreign spelling is only a note', () => {
    const csms = engine('1.6');
    csms.call('ClearCache', {}, 'a');
    expect(csms.receive('[4,"id-1","FormatViolation","no",{}]')).toEqual([
      'stop-timer',
      'received',
      'finding OCPPJ-RPC-014 peer',
      'settled a error',
    ]);
  });

  it('2.1 strict: an unusable answer is told with CALLRESULTERROR; 2.0.1 has no such message', () => {
    for (const [version, tells] of [
      ['2.1', true],
      ['2.0.1', false],
    ] as const) {
      const csms = engine(version);
      csms.call('ClearCache', {}, 'a');
      const effects = csms.receive('[3,"id-1",{"status":"Perhaps"}]');
      expect(effects).toContain('settled a unusable');
      expect(effects.some((effect) => effect.startsWith('send [5,"id-1","PropertyConstraintViolation"'))).toBe(tells);
    }
  });

  it('closing ends everything that waits and sends nothing any more', () => {
    const csms = engine('1.6');
    csms.receive(HEARTBEAT);
    const request = csms.effects().find((effect) => effect.do === 'request');
    csms.call('ClearCache', {}, 'a');
    csms.call('ClearCache', {}, 'b');
    expect(csms.close()).toEqual(['stop-timer', 'settled a closed', 'settled b closed']);
    expect(csms.call('ClearCache', {}, 'c')).toEqual(['settled c closed']);
    const out: RpcEffect[] = [];
    if (request?.do === 'request') csms.rpc.answer(request.call, { currentTime: '2026-01-01T00:00:00Z' }, NOW, out);
    expect(out).toEqual([]);
  });
});

describe('OCPP 2.1 message types 5 and 6', () => {
  const SEND_TEXT =
    '[6,"s1","NotifyPeriodicEventStream",{"id":1,"pending":0,"basetime":"2026-01-01T00:00:00Z","data":[{"t":0,"v":"1"}]}]';

  it('a SEND is delivered and never answered, not even when it is wrong', () => {
    const csms = engine('2.1');
    expect(csms.receive(SEND_TEXT)).toEqual(['received', 'notification NotifyPeriodicEventStream']);
    for (const wrong of [
      '[6,"s2","Heartbeat",{}]',
      '[6,"s3","NotifyPeriodicEventStream",{}]',
      '[6,"s4"]',
      '[6,7,"X",{}]',
    ]) {
      expect(csms.receive(wrong).some((effect) => effect.startsWith('send'))).toBe(false);
    }
  });

  it('a CALLRESULTERROR reaches the one whose answer it was', () => {
    const csms = engine('2.1');
    csms.receive(HEARTBEAT);
    csms.answer({ currentTime: '2026-01-01T00:00:00Z' });
    expect(csms.receive('[5,"h1","FormatViolation","bad time",{}]')).toEqual([
      'received',
      'answer-rejected FormatViolation',
    ]);
    expect(csms.receive('[5,"h9","FormatViolation","",{}]')).toEqual([
      'received unexpected',
      'finding OCPP21-CRE-001 peer',
    ]);
  });

  it('1.6 ignores them, 2.0.1 answers MessageTypeNotSupported', () => {
    expect(engine('1.6').receive(SEND_TEXT)).toEqual(['received', 'finding OCPPJ-RPC-023 peer']);
    expect(engine('2.0.1').receive(SEND_TEXT).at(-1)).toBe(
      'send [4,"s1","MessageTypeNotSupported","Message type 6 is not supported",{}]',
    );
  });
});

describe('what is not a frame', () => {
  it.each([
    ['1.6', '{"a":1}', 'OCPPJ-RPC-002', undefined],
    ['2.0.1', 'not json', 'OCPPJ-RPC-001', '[4,"-1","RpcFrameworkError"'],
    ['1.6', '[2,"a","Heartbeat"]', 'OCPPJ-RPC-003', '[4,"a","FormationViolation"'],
    ['2.0.1', '[2,"a","Heartbeat"]', 'OCPPJ-RPC-003', '[4,"a","RpcFrameworkError"'],
    ['2.0.1', '[2,17,"Heartbeat",{}]', 'OCPPJ-RPC-004', '[4,"-1","RpcFrameworkError"'],
    ['1.6', '[2,17,"Heartbeat",{}]', 'OCPPJ-RPC-004', undefined],
    ['2.0.1', '[9,"a"]', 'OCPPJ-RPC-002', '[4,"a","MessageTypeNotSupported"'],
    ['2.1', '[9,"a"]', 'OCPPJ-RPC-002', undefined],
    ['2.0.1', '[3,"a"]', 'OCPPJ-RPC-003', undefined],
  ] as const)('%s: %s is %s and is answered %s', (version, text, rule, answer) => {
    const effects = engine(version).receive(text);
    expect(effects.slice(0, 2)).toEqual(['received malformed', `finding ${rule} peer`]);
    if (answer === undefined) expect(effects).toHaveLength(2);
    else expect(effects.at(-1)).toContain(`send ${answer}`);
  });

  it('no text whatever makes it throw, and it never answers an answer', () => {
    const anyFrame = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .tuple(
          fc.oneof(fc.integer({ min: 0, max: 9 }), fc.string()),
          fc.oneof(fc.string(), fc.integer(), fc.constant('id-1')),
          fc.jsonValue(),
          fc.jsonValue(),
        )
        .map((parts) => JSON.stringify(parts)),
    );
    fc.assert(
      fc.property(fc.constantFrom('1.6', '2.0.1', '2.1'), fc.array(anyFrame, { maxLength: 8 }), (version, texts) => {
        const csms = engine(version);
        csms.call('ClearCache', {}, 'a');
        for (const text of texts) {
          const effects = csms.receive(text);
          expect(effects.filter((effect) => effect.startsWith('received'))).toHaveLength(1);
          if (/^\s*\[\s*[34]\s*,/.test(text))
            expect(effects.some((effect) => effect.startsWith('send [4'))).toBe(false);
        }
      }),
      { numRuns: 500 },
    );
  });
});

it('Boot of 1.6 passes as the specification shows it', () => {
  expect(engine('1.6').receive(BOOT_16)).toEqual(['received', 'request BootNotification']);
});

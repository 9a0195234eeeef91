import { describe, expect, it } from 'vitest';
import { SeededIds } from '../core/ids.ts';
import { Random } from '../core/random.ts';
import { VirtualClock } from '../core/virtual-clock.ts';
import { OperationBodies, type OperationName } from '../protocols/oicp/index.ts';
import type { HttpInterceptor } from './http-interception.ts';
import { bytesOf, type HttpOutcome, type HttpRequest } from './http-port.ts';
import { OicpClient } from './oicp-client.ts';

const bodies = new OperationBodies();
const SESSION = '3b129fb6-c4af-476e-8bec-6e307c8e5d25';

function clientOf(answer: HttpOutcome, interceptor?: HttpInterceptor) {
  const clock = VirtualClock.install(0);
  const sent: HttpRequest[] = [];
  const client = new OicpClient({
    port: {
      transport: 'http',
      exchange: (request) => {
        sent.push(request);
        return Promise.resolve(answer);
      },
      close: () => Promise.resolve(),
    },
    clock,
    ids: new SeededIds(new Random('client')),
    bodies,
    ends: { from: 'CPO', to: 'HUB' },
    us: { id: 'csms', role: 'csms' },
    peer: { id: 'hub', role: 'hub' },
    baseUrl: 'http://hub/',
    recorder: null,
    tap: 'csms',
    timeoutMs: 12_000,
    headers: { 'x-api-key': 'key' },
    interceptor,
  });
  return { client, sent, clock };
}

const said = (status: number, text: string, headers: Record<string, string> = {}): HttpOutcome => ({
  kind: 'answered',
  response: { status, headers, body: bytesOf(text) },
});
const call = (name: OperationName, answer: HttpOutcome) =>
  clientOf(answer).client.callText(name, { operatorID: 'DE*ABC', providerID: 'DE-DCB' }, '{}');

describe('the outcome of a call', () => {
  it.each([
    [
      'Authorized',
      'AuthorizeStart',
      said(
        200,
        `{"SessionID":"${SESSION}","ProviderID":"DE-DCB","AuthorizationStatus":"Authorized","StatusCode":{"Code":"000"}}`,
      ),
      { kind: 'ok' },
    ],
    [
      'NotAuthorized',
      'AuthorizeStart',
      said(
        200,
        '{"AuthorizationStatus":"NotAuthorized","StatusCode":{"Code":"102","Description":"no","AdditionalInfo":"card"}}',
      ),
      { kind: 'refused', code: '102', reason: 'no – card' },
    ],
    [
      'CPO-AS-04: an acknowledgement where an authorization belongs',
      'AuthorizeStart',
      said(200, '{"Result":false,"StatusCode":{"Code":"017"}}'),
      { kind: 'refused', code: '017' },
    ],
    ['Result true', 'ChargeDetailRecord', said(200, '{"Result":true,"StatusCode":{"Code":"000"}}'), { kind: 'ok' }],
    [
      'GEN-04: Result false under HTTP 200',
      'ChargeDetailRecord',
      said(200, '{"Result":false,"StatusCode":{"Code":"022"}}'),
      { kind: 'refused', code: '022' },
    ],
    [
      'CPO-CD-07: a fault under HTTP 404',
      'ChargeDetailRecord',
      said(404, '{"StatusCode":{"Code":"400"},"message":"Session found but status is not valid CLOSED!"}'),
      { kind: 'refused', code: '400' },
    ],
    [
      'a fault body under HTTP 400',
      'PushEvseData',
      said(
        400,
        '{"message":"Error parsing/validating JSON.","validationErrors":[{"fieldReference":"a.b[0].c","errorMessage":"may not be null"}]}',
      ),
      { kind: 'refused', code: '022', reason: 'Error parsing/validating JSON.; a.b[0].c may not be null' },
    ],
    [
      'GEN-07: 429 with Retry-After',
      'PushEvseData',
      said(429, '', { 'retry-after': '7' }),
      { kind: 'busy', retryAfterMs: 7_000 },
    ],
    ['503 without a body', 'PushEvseData', said(503, ''), { kind: 'busy' }],
    ['a web page under 403', 'PushEvseData', said(403, '<html></html>'), { kind: 'invalid' }],
    ['a web page under 200', 'PushEvseData', said(200, '<html></html>'), { kind: 'invalid' }],
    ['JSON that ends in the middle', 'PushEvseData', said(200, '{"Result":tr'), { kind: 'invalid' }],
    [
      'bytes that are no text',
      'PushEvseData',
      { kind: 'answered', response: { status: 200, headers: {}, body: Uint8Array.of(0xff) } },
      { kind: 'invalid' },
    ],
    ['a time-out', 'PushEvseData', { kind: 'timeout', text: 'late' }, { kind: 'timeout', reason: 'late' }],
    ['nobody there', 'PushEvseData', { kind: 'unreachable', text: 'refused' }, { kind: 'unreachable' }],
  ] as const)('%s', async (_what, name, answer, expected) => {
    expect(await call(name, answer)).toMatchObject(expected);
  });

  it('GEN-01: POST to the exact path, with the headers of the hub’s own calls and a trace', async () => {
    const { client, sent } = clientOf(said(200, '{"Result":true,"StatusCode":{"Code":"000"}}'));
    const trace = { trace: '4bf92f3577b34da6a3ce929d0e0e4736', span: '00f067aa0ba902b7' };
    const outcome = await client.call(
      'AuthorizeStart',
      { operatorID: '+49*536' },
      { OperatorID: '+49*536', Identification: { RFIDMifareFamilyIdentification: { UID: '044A2DAA856280' } } },
      { trace },
    );
    const [request] = sent;
    expect(request?.url).toBe('http://hub/api/oicp/charging/v21/operators/%2B49*536/authorize/start');
    expect(request?.method).toBe('POST');
    expect(request?.headers).toEqual({
      'content-type': 'application/json;charset=UTF-8',
      accept: 'application/json;charset=UTF-8',
      traceparent: `00-${trace.trace}-${outcome.trace.span}-01`,
      tracestate: `compote=${outcome.trace.span}:p:${trace.span}`,
      'x-api-key': 'key',
    });
    expect(outcome.trace.trace).toBe(trace.trace);
    expect(outcome.trace.span).not.toBe(trace.span);
  });
});

describe('interception of a client', () => {
  const fine = said(200, '{"Result":true,"StatusCode":{"Code":"000"}}');
  const run = async (interceptor: HttpInterceptor) => {
    const { client, sent, clock } = clientOf(fine, interceptor);
    const outcome = client.callText('ChargeDetailRecord', { operatorID: 'DE*ABC' }, '{}');
    await clock.runFor(60_000);
    const { kind, ms } = await outcome;
    return { kind, ms, sent: sent.length };
  };

  it('a dropped request is never sent and times out; a dropped answer was sent', async () => {
    expect(await run(({ direction }) => (direction === 'request' ? 'drop' : 'pass'))).toEqual({
      kind: 'timeout',
      ms: 12_000,
      sent: 0,
    });
    expect(await run(({ direction }) => (direction === 'response' ? 'drop' : 'pass'))).toEqual({
      kind: 'timeout',
      ms: 12_000,
      sent: 1,
    });
  });

  it('delays, and answers in the place of the other side', async () => {
    expect(await run(({ direction }) => (direction === 'request' ? { delayMs: 300 } : 'pass'))).toEqual({
      kind: 'ok',
      ms: 300,
      sent: 1,
    });
    const answer = { status: 503, headers: {}, body: bytesOf('') };
    expect(await run(({ direction }) => (direction === 'request' ? { answer } : 'pass'))).toMatchObject({
      kind: 'busy',
      sent: 0,
    });
  });
});

import { describe, expect, it } from 'vitest';
import { SystemIds } from '../core/ids.ts';
import type { TraceContext } from '../core/trace-context.ts';
import {
  clientHop,
  contextOf,
  firstServerHop,
  httpServerHop,
  laterIn,
  newTrace,
  readTraceparent,
  serverHopOf,
  traceHeaders,
} from './trace-context.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('traceparent', () => {
  it('is read as the standard writes it', () => {
    expect(readTraceparent(`00-${TRACE}-${SPAN}-01`)).toEqual({ trace: TRACE, span: SPAN });
    expect(readTraceparent(`  00-${TRACE}-${SPAN}-00 `)).toEqual({ trace: TRACE, span: SPAN });
    // A later version may have more after it.
    expect(readTraceparent(`cc-${TRACE}-${SPAN}-01-what-comes`)).toEqual({ trace: TRACE, span: SPAN });
  });

  it.each([
    undefined,
    '',
    'garbage',
    `ff-${TRACE}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01-more`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
  ])('%s is none', (header) => {
    expect(readTraceparent(header)).toBeUndefined();
  });
});

describe('the spans of a hop', () => {
  const ids = new SystemIds();
  const above: TraceContext = { trace: TRACE, span: SPAN };

  it('a call of ours is a client’s span below what it is done for; the server’s span is below it', () => {
    const client = clientHop(above, ids);
    expect(client).toEqual({
      trace: TRACE,
      span: expect.stringMatching(/^[0-9a-f]{16}$/),
      hop: { id: client.span, side: 'client', cause: { span: SPAN } },
    });
    const headers = traceHeaders(client);
    expect(headers).toEqual({
      traceparent: `00-${TRACE}-${client.span}-01`,
      tracestate: `compote=${client.span}:p:${SPAN}`,
    });
    const server = httpServerHop(headers, ids);
    expect(server).toMatchObject({
      trace: TRACE,
      hop: { side: 'server', cause: { span: client.span }, caller: { cause: { span: SPAN } } },
    });
    expect(new Set([SPAN, client.span, server.span]).size).toBe(3);
    expect(server.hop.id).toBe(server.span);
    // What it causes belongs to the server's span.
    expect(clientHop(contextOf(server), ids).hop.cause).toEqual({ span: server.span });
  });

  it('a chain without a span yet begins with the client’s span', () => {
    for (const client of [clientHop(newTrace(ids), ids), clientHop(undefined, ids)]) {
      expect(client.hop).toEqual({ id: client.span, side: 'client' });
      expect(httpServerHop(traceHeaders(client), ids).hop).toMatchObject({ cause: { span: client.span }, caller: {} });
    }
  });

  it('what nobody waits for follows', () => {
    const client = clientHop(laterIn(above), ids);
    expect(client.hop.cause).toEqual({ span: SPAN, follows: true });
    expect(traceHeaders(client)['tracestate']).toBe(`compote=${client.span}:f:${SPAN}`);
    expect(httpServerHop(traceHeaders(client), ids).hop.caller).toEqual({ cause: { span: SPAN, follows: true } });
    // Only that hop: what the server does for it is waited for.
    expect(clientHop(contextOf(client), ids).hop.cause).toEqual({ span: client.span });
  });

  it('a caller without traceparent begins a chain; a foreign one has its own span told elsewhere', () => {
    const first = httpServerHop({}, ids);
    expect(first.hop).toEqual({ id: first.span, side: 'server' });
    expect(httpServerHop({ tracestate: `compote=${SPAN}:r` }, ids).hop).toEqual({
      id: expect.any(String),
      side: 'server',
    });
    const foreign = httpServerHop({ traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: 'congo=t61' }, ids);
    expect(foreign).toEqual({
      trace: TRACE,
      span: foreign.span,
      vendors: 'congo=t61',
      hop: { id: foreign.span, side: 'server', cause: { span: SPAN } },
    });
  });

  it('hands on what other vendors say, and takes our word only for the span that it speaks of', () => {
    const passed = httpServerHop(
      { traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: 'compote=b7ad6b7169203331:r, congo=t61 , rojo=1' },
      ids,
    );
    expect(passed.hop).not.toHaveProperty('caller');
    const next = clientHop(contextOf(passed), ids);
    expect(traceHeaders(next)['tracestate']).toBe(`compote=${next.span}:p:${passed.span},congo=t61,rojo=1`);
    const long = `congo=${'x'.repeat(600)}`;
    expect(httpServerHop({ traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: long }, ids)).not.toHaveProperty(
      'vendors',
    );
  });

  it.each([
    'compote=',
    'compote=x',
    `compote=${SPAN}`,
    `compote=${SPAN}:p`,
    `compote=${SPAN}:p:zz`,
    `compote=${SPAN}:q:${SPAN}`,
  ])('%s says nothing of the caller', (tracestate) => {
    expect(httpServerHop({ traceparent: `00-${TRACE}-${SPAN}-01`, tracestate }, ids).hop).not.toHaveProperty('caller');
  });

  it('in one process the client’s hop is at hand', () => {
    const client = clientHop(above, ids);
    const server = serverHopOf(client, ids);
    expect(server.hop).toEqual({
      id: server.span,
      side: 'server',
      cause: { span: client.span },
      caller: { cause: { span: SPAN } },
    });
    expect(firstServerHop(ids).hop).not.toHaveProperty('cause');
  });
});

import { describe, expect, it } from 'vitest';
import { SystemIds } from '../core/ids.ts';
import { newTrace, nextSpan, readTraceparent, traceparentOf } from './trace-context.ts';

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

  it('a next hop keeps the trace and has a span of its own', () => {
    const ids = new SystemIds();
    const first = newTrace(ids);
    const next = nextSpan(first, ids);
    expect(next.trace).toBe(first.trace);
    expect(next.span).not.toBe(first.span);
    expect(readTraceparent(traceparentOf(next))).toEqual(next);
    expect(nextSpan(undefined, ids).trace).not.toBe(first.trace);
  });
});

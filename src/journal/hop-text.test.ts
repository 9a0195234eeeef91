import { describe, expect, it } from 'vitest';
import type { HopSpan } from '../core/trace-context.ts';
import { HOP_TEXT_LIMIT, hopIn, hopText, traceIn } from './hop-text.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const [ID, CALLER, ABOVE] = ['00f067aa0ba902b7', '53995c3f42cd8ad8', 'b7ad6b7169203331'];

describe('trace and hop in one text', () => {
  it.each<[HopSpan, string]>([
    [{ id: ID, side: 'server' }, 'sr'],
    [{ id: ID, side: 'client' }, 'cr'],
    [{ id: ID, side: 'client', cause: { span: ABOVE } }, `cp${ABOVE}`],
    [{ id: ID, side: 'client', cause: { span: ABOVE, follows: true } }, `cf${ABOVE}`],
    [{ id: ID, side: 'server', cause: { span: CALLER } }, `sp${CALLER}`],
    [{ id: ID, side: 'server', cause: { span: CALLER }, caller: {} }, `sp${CALLER}r`],
    [{ id: ID, side: 'server', cause: { span: CALLER }, caller: { cause: { span: ABOVE } } }, `sp${CALLER}p${ABOVE}`],
    [
      { id: ID, side: 'server', cause: { span: CALLER }, caller: { cause: { span: ABOVE, follows: true } } },
      `sp${CALLER}f${ABOVE}`,
    ],
  ])('%j', (hop, tail) => {
    const text = hopText({ trace: TRACE, hop });
    expect(text).toBe(`${TRACE}${ID}${tail}`);
    expect(text.length).toBeLessThanOrEqual(HOP_TEXT_LIMIT);
    expect(traceIn(text)).toBe(TRACE);
    expect(hopIn(text)).toEqual(hop);
  });

  it('a trace alone, and what older journals kept (trace and span), have no hop', () => {
    expect(hopText({ trace: TRACE })).toBe(TRACE);
    expect(hopText({})).toBe('');
    expect(hopIn(TRACE)).toBeUndefined();
    expect(hopIn(`${TRACE}${ID}`)).toBeUndefined();
    expect(traceIn(`${TRACE}${ID}`)).toBe(TRACE);
  });
});

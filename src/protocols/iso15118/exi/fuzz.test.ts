import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Iso15118Error } from '../error.ts';
import { fuzzRuns } from '../testing/fuzz-runs.ts';
import { SAMPLE_ISO2, SAMPLE_ISO20 } from '../testing/sample-messages.ts';
import { decodeIso2, decodeIso20, encodeIso2, encodeIso20 } from './messages.ts';

/** A value, or undefined when the decoder refused; anything but an `Iso15118Error` is a failure of the test. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof Iso15118Error) return undefined;
    throw thrown;
  }
}

/** What was accepted must be a message: it can be written, and read again to the same. */
function check(bytes: Uint8Array): void {
  const iso2 = attempt(() => decodeIso2(bytes));
  if (iso2 !== undefined) expect(decodeIso2(encodeIso2(iso2))).toEqual(iso2);
  const iso20 = attempt(() => decodeIso20(bytes));
  if (iso20 !== undefined) expect(decodeIso20(encodeIso20(iso20))).toEqual(iso20);
}

const valid = [...SAMPLE_ISO2.map(encodeIso2), ...SAMPLE_ISO20.map(encodeIso20)];

describe('EXI fuzzing', () => {
  it('any bytes end in a message or a typed error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.constantFrom(76 << 1, 7 << 2, 8 << 2), (tail, root) => {
        check(tail);
        check(Uint8Array.of(0x80, root, ...tail));
      }),
      fuzzRuns(2_000),
    );
  });

  it('any change of a valid message ends in a message or a typed error', () => {
    const change = fc.record({
      at: fc.nat(),
      kind: fc.constantFrom('flip', 'set', 'cut', 'insert', 'repeat'),
      value: fc.integer({ min: 0, max: 255 }),
    });
    fc.assert(
      fc.property(fc.constantFrom(...valid), fc.array(change, { minLength: 1, maxLength: 4 }), (source, changes) => {
        let bytes = Array.from(source);
        for (const { at, kind, value } of changes) {
          const index = at % Math.max(1, bytes.length);
          if (kind === 'flip') bytes[index] = (bytes[index] ?? 0) ^ (1 << (value & 7));
          else if (kind === 'set') bytes[index] = value;
          else if (kind === 'cut') bytes = bytes.slice(0, index);
          else if (kind === 'insert') bytes.splice(index, 0, value);
          else bytes.splice(index, 0, ...bytes.slice(index, index + value));
        }
        check(Uint8Array.from(bytes));
      }),
      fuzzRuns(2_500),
    );
  });
});

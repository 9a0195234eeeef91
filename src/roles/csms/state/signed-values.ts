import { parseTime } from '../../../core/time.ts';

/** A meter value that the meter signed, as it belongs to a bill. A value. */
export interface SignedValue {
  readonly part: 'Start' | 'Progress' | 'End';
  readonly at: number;
  /** What the transparency software reads: the text that was signed, with its signature. */
  readonly text: string;
  /** As the station gave it. */
  readonly publicKey?: string;
  readonly encoding?: string;
}

interface Sample {
  readonly value: unknown;
  readonly context?: string;
  readonly format?: string;
  readonly signedMeterValue?: {
    readonly signedMeterData: string;
    readonly encodingMethod?: string;
    readonly publicKey?: string;
  };
}

/** Start, up to eight in between, End: more cannot be passed on (OICP 2.3). */
const MAX_SIGNED = 10;

/** The signed values in meter values: `SignedData` of 1.6, `signedMeterValue` of 2.x. */
export function signedValuesOf(
  meterValues: readonly { readonly timestamp: string; readonly sampledValue: readonly object[] }[],
  receivedAt: number,
): SignedValue[] {
  return meterValues.flatMap(({ timestamp, sampledValue }) =>
    sampledValue.flatMap((sample): SignedValue[] => {
      const { value, context, format, signedMeterValue } = sample as Sample;
      const at = parseTime(timestamp) ?? receivedAt;
      const part = partOf(context);
      if (format === 'SignedData' && typeof value === 'string' && value !== '') return [{ part, at, text: value }];
      if (signedMeterValue === undefined || signedMeterValue.signedMeterData === '') return [];
      const { signedMeterData, encodingMethod = '', publicKey = '' } = signedMeterValue;
      return [
        {
          part,
          at,
          text: plainText(signedMeterData),
          ...(publicKey === '' ? {} : { publicKey: plainText(publicKey) }),
          ...(encodingMethod === '' ? {} : { encoding: encodingMethod }),
        },
      ];
    }),
  );
}

/** Adds values in the order of their instants; the first Start and the last End count, those between are thinned out. */
export function withSigned(known: readonly SignedValue[] = [], more: readonly SignedValue[]): SignedValue[] {
  const all = [...known];
  for (const value of more) if (!all.some(({ text }) => text === value.text)) all.push(value);
  all.sort((a, b) => a.at - b.at);
  const start = all.find(({ part }) => part === 'Start');
  const end = all.findLast(({ part }) => part === 'End');
  const room = MAX_SIGNED - 2;
  let between = all.filter(({ part }) => part === 'Progress');
  if (between.length > room) between = between.filter((_, index) => index % 2 === 0);
  return [...(start === undefined ? [] : [start]), ...between, ...(end === undefined ? [] : [end])];
}

function partOf(context: string | undefined): SignedValue['part'] {
  if (context === 'Transaction.Begin') return 'Start';
  return context === 'Transaction.End' ? 'End' : 'Progress';
}

/** 2.x wraps the signed text in Base64; what is no text inside stays as it came. */
function plainText(wrapped: string): string {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(wrapped) || wrapped.length % 4 !== 0) return wrapped;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(wrapped, 'base64'));
    return /^[\t\n\r\x20-\x7e\u00a0-\uffff]+$/.test(text) ? text : wrapped;
  } catch {
    return wrapped;
  }
}

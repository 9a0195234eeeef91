import { crc32 } from 'node:zlib';
import { RecordReader, type Target } from './packed-entry.ts';

/**
 * What one turn of the event loop recorded: records behind a header of 32 bytes. The file and the observer get the
 * same bytes.
 *
 * ```
 * 0 u32 mark   4 u32 length of the records   8 u32 CRC-32 of the records   16 f64 segment number, growing by one
 * ```
 */
export const SEGMENT_HEADER = 32;
const MARK = 0x314a_434f; // "OCJ1"

export function closeSegment(target: Target, start: number, end: number, number: number): void {
  const { bytes, view } = target;
  bytes.fill(0, start, start + SEGMENT_HEADER);
  view.setUint32(start, MARK, true);
  view.setUint32(start + 4, end - start - SEGMENT_HEADER, true);
  view.setUint32(start + 8, crc32(bytes.subarray(start + SEGMENT_HEADER, end)), true);
  view.setFloat64(start + 16, number, true);
}

export interface SegmentsRead {
  /** The end of the last whole segment. */
  readonly readBytes: number;
  /** Bytes before that which are no segment (any more). */
  readonly lostBytes: number;
  readonly lastSegment: number;
}

/**
 * Calls back for every record of every segment; the reader is only valid during the call. With `check` no segment is
 * believed whose bytes have changed: it is passed over.
 */
export function readSegments(
  bytes: Buffer,
  record: (reader: RecordReader, segment: number) => void,
  options: { readonly check: boolean },
): SegmentsRead {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reader = new RecordReader();
  let readBytes = 0;
  let lostBytes = 0;
  let lastSegment = 0;
  for (let at = 0; at + SEGMENT_HEADER <= bytes.length; ) {
    const end = endOfSegment(bytes, view, at, options.check);
    if (end === undefined) {
      if (!options.check) break;
      // Segments begin at multiples of 8, as all records are.
      at += 8;
      continue;
    }
    lostBytes += at - readBytes;
    lastSegment = view.getFloat64(at + 16, true);
    for (let offset = at + SEGMENT_HEADER; offset < end; offset += reader.total) {
      reader.move(bytes, view, offset);
      if (reader.total === 0) break;
      record(reader, lastSegment);
    }
    at = end;
    readBytes = end;
  }
  return { readBytes, lostBytes, lastSegment };
}

/** Where the segment that begins here ends; undefined when none does, or it is not whole. */
function endOfSegment(bytes: Buffer, view: DataView, at: number, check: boolean): number | undefined {
  if (view.getUint32(at, true) !== MARK) return undefined;
  const start = at + SEGMENT_HEADER;
  const end = start + view.getUint32(at + 4, true);
  if (end > bytes.length) return undefined;
  return check && crc32(bytes.subarray(start, end)) !== view.getUint32(at + 8, true) ? undefined : end;
}

import { crc32 } from 'node:zlib';
import { RecordReader, type Target } from './packed-entry.ts';

/**
 * What one turn of the event loop recorded: records behind a header of 32 bytes. The spool and the observer get the same
 * bytes.
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

/** Calls back for every record of every segment; the reader is only valid during the call. */
export function readSegments(
  bytes: Buffer,
  record: (reader: RecordReader, segment: number) => void,
  options: { readonly check: boolean },
): { /** How many bytes were whole segments. */ readonly readBytes: number; readonly lastSegment: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reader = new RecordReader();
  let at = 0;
  let lastSegment = 0;
  while (at + SEGMENT_HEADER <= bytes.length && view.getUint32(at, true) === MARK) {
    const start = at + SEGMENT_HEADER;
    const end = start + view.getUint32(at + 4, true);
    if (end > bytes.length) break;
    if (options.check && crc32(bytes.subarray(start, end)) !== view.getUint32(at + 8, true)) break;
    lastSegment = view.getFloat64(at + 16, true);
    for (let offset = start; offset < end; ) {
      reader.move(bytes, view, offset);
      const total = reader.total;
      if (total === 0) break;
      record(reader, lastSegment);
      offset += total;
    }
    at = end;
  }
  return { readBytes: at, lastSegment };
}

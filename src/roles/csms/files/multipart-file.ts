import { Readable } from 'node:stream';
import { CompoteError } from '../../../core/errors.ts';

const MAX_HEADER_BYTES = 16_384;

/** The boundary of a `multipart/form-data` body; `undefined` for any other content type. */
export function multipartBoundary(contentType: string | undefined): string | undefined {
  const match = /^multipart\/form-data\s*;.*\bboundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType ?? '');
  return match?.[1] ?? match?.[2];
}

/**
 * The first file of a form upload (RFC 7578), as some firmware sends its logs. The content is passed on while it comes;
 * parts behind it are ignored.
 * @throws INVALID_REQUEST when there is no file in it
 */
export async function multipartFile(
  body: Readable,
  boundary: string,
): Promise<{ readonly name: string | undefined; readonly content: Readable }> {
  const source = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  // The first delimiter has no line break before it: one is put there.
  let pending = Buffer.from('\r\n');
  const more = async (): Promise<boolean> => {
    const { done, value } = await source.next();
    if (done === true) return false;
    pending = Buffer.concat([pending, value]);
    return true;
  };
  for (;;) {
    const start = pending.indexOf(delimiter);
    const end = start < 0 ? -1 : pending.indexOf('\r\n\r\n', start);
    if (start >= 0 && end >= 0) {
      const header = pending.subarray(start, end).toString('utf8');
      pending = pending.subarray(end + 4);
      const name = fileNameOf(header);
      if (name !== undefined) return { name, content: Readable.from(content(), { objectMode: false }) };
      continue;
    }
    // A form field before the file: only its end can still matter.
    if (start < 0 && pending.length > delimiter.length) pending = pending.subarray(-delimiter.length);
    if (pending.length > MAX_HEADER_BYTES || !(await more())) throw noFile();
  }

  async function* content(): AsyncGenerator<Buffer> {
    for (;;) {
      const end = pending.indexOf(delimiter);
      if (end >= 0) {
        yield pending.subarray(0, end);
        return;
      }
      const certain = pending.length - delimiter.length;
      if (certain > 0) {
        yield pending.subarray(0, certain);
        pending = pending.subarray(certain);
      }
      if (!(await more())) throw new CompoteError('INVALID_REQUEST', { detail: 'the form ends inside its file' });
    }
  }
}

/** The file name of `Content-Disposition: form-data; name="file"; filename="log.zip"`. */
export function fileNameOf(header: string): string | undefined {
  const match = /content-disposition:[^\r\n]*\bfilename="?([^"\r\n;]+)"?/i.exec(header);
  return match?.[1];
}

function noFile(): CompoteError {
  return new CompoteError('INVALID_REQUEST', {
    detail: 'the form holds no file',
    hint: 'Send the file itself as the body, or a form with one part that has a `filename`.',
  });
}

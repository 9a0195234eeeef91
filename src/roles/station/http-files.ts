import { createVerify } from 'node:crypto';
import type { Dispatcher } from 'undici';
import { messageOf } from '../../core/errors.ts';
import { following, RedirectRefused } from './http-redirects.ts';
import type { FilePort, TransferRequest, TransferResult } from './transfer.ts';

export interface HttpFileOptions {
  /** Host names (without port) that a CSMS may name; `*` allows all. */
  readonly hosts: readonly string[];
  readonly maxBytes: number;
}

/** Firmware and logs over real HTTP. URLs come from the peer: only allowed hosts are reached, also by redirects. */
export function httpFiles(options: HttpFileOptions): FilePort {
  const refusal = (url: URL): string | undefined => {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (!isHttp(url)) return 'only http and https addresses are supported';
    return options.hosts.includes('*') || options.hosts.includes(host)
      ? undefined
      : `${host} is not among station.fileHosts`;
  };
  return {
    async run(wanted) {
      const url = URL.canParse(wanted.url) ? new URL(wanted.url) : undefined;
      if (url === undefined || !isHttp(url)) {
        return { ok: false, bytes: 0, error: 'unsupported', detail: 'Only http and https addresses are supported' };
      }
      const refused = refusal(url);
      if (refused !== undefined) return { ok: false, bytes: 0, error: 'denied', detail: refused };
      try {
        return wanted.direction === 'upload'
          ? await upload(url, wanted, refusal)
          : await download(url, wanted, refusal, options.maxBytes);
      } catch (cause) {
        const error = cause instanceof RedirectRefused ? 'denied' : 'failed';
        return { ok: false, bytes: 0, error, detail: messageOf(cause) };
      }
    },
  };
}

type Refusal = (url: URL) => string | undefined;
type Outcome = Promise<Omit<TransferResult, 'job'>>;

const isHttp = ({ protocol }: URL): boolean => protocol === 'http:' || protocol === 'https:';

/** An address that ends with `/` is a directory: the file name goes behind it (1.6 §5.9). */
async function upload(url: URL, wanted: TransferRequest, refusal: Refusal): Outcome {
  if (url.pathname.endsWith('/')) url.pathname += encodeURIComponent(wanted.fileName ?? 'log.txt');
  const body = Buffer.from(wanted.content ?? '', 'utf8');
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  const send = async (method: 'PUT' | 'POST'): Promise<number> =>
    answered(await following(url, { method, headers, body, refusal }));
  let status = await send('PUT');
  // A server that does not know PUT may take POST: both are seen in the field (1.6 §5.9, 2.0.1 N01.FR.18).
  if (status === 405 || status === 501) status = await send('POST');
  if (status < 300 || status === 303) return { ok: true, bytes: body.length };
  const denied = status === 401 || status === 403;
  return {
    ok: false,
    bytes: 0,
    error: denied ? 'denied' : 'failed',
    detail: `The server answered ${status}`,
  };
}

async function answered({ body, statusCode }: Dispatcher.ResponseData): Promise<number> {
  await body.dump();
  return statusCode;
}

async function download(url: URL, wanted: TransferRequest, refusal: Refusal, maxBytes: number): Outcome {
  const answer = await following(url, { method: 'GET', refusal });
  if (answer.statusCode >= 300) {
    return { ok: false, bytes: 0, error: 'failed', detail: `The server answered ${await answered(answer)}` };
  }
  const verifier = wanted.verify === undefined ? undefined : createVerify('sha256');
  let bytes = 0;
  for await (const chunk of answer.body) {
    bytes += chunk.length;
    if (bytes > maxBytes)
      return { ok: false, bytes, error: 'failed', detail: `The file is longer than ${maxBytes} bytes` };
    verifier?.update(chunk);
  }
  if (verifier === undefined || wanted.verify === undefined) return { ok: true, bytes };
  return { ok: true, bytes, signatureOk: verified(verifier, wanted.verify) };
}

function verified(
  verifier: ReturnType<typeof createVerify>,
  { certificate, signature }: NonNullable<TransferRequest['verify']>,
): boolean {
  try {
    return verifier.verify(certificate, signature, 'base64');
  } catch {
    // A certificate that cannot be read verifies nothing.
    return false;
  }
}

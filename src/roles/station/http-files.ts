import { createVerify } from 'node:crypto';
import { request } from 'undici';
import { messageOf } from '../../core/errors.ts';
import type { FilePort, TransferRequest, TransferResult } from './transfer.ts';

export interface HttpFileOptions {
  /** Host names (without port) that a CSMS may name; `*` allows all. */
  readonly hosts: readonly string[];
  readonly maxBytes: number;
}

/** Firmware and logs over real HTTP. URLs come from the peer: only allowed hosts are reached. */
export function httpFiles(options: HttpFileOptions): FilePort {
  return {
    async run(wanted) {
      const url = parseUrl(wanted.url);
      if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
        return { ok: false, bytes: 0, error: 'unsupported', detail: 'Only http and https addresses are supported' };
      }
      const host = url.hostname.replace(/^\[|\]$/g, '');
      if (!options.hosts.includes('*') && !options.hosts.includes(host)) {
        return { ok: false, bytes: 0, error: 'denied', detail: `${host} is not among station.fileHosts` };
      }
      try {
        return wanted.direction === 'upload'
          ? await upload(url, wanted)
          : await download(url, wanted, options.maxBytes);
      } catch (cause) {
        return { ok: false, bytes: 0, error: 'failed', detail: messageOf(cause) };
      }
    },
  };
}

/** An address that ends with `/` is a directory: the file name goes behind it (1.6 §5.9). */
async function upload(url: URL, wanted: TransferRequest): Promise<Omit<TransferResult, 'job'>> {
  if (url.pathname.endsWith('/')) url.pathname += encodeURIComponent(wanted.fileName ?? 'log.txt');
  const body = Buffer.from(wanted.content ?? '', 'utf8');
  const headers = { 'content-type': 'text/plain; charset=utf-8', ...credentials(url) };
  let status = await send(url, 'PUT', headers, body);
  // A server that does not know PUT may take POST: both are seen in the field (1.6 §5.9, 2.0.1 N01.FR.18).
  if (status === 405 || status === 501) status = await send(url, 'POST', headers, body);
  if (status < 300) return { ok: true, bytes: body.length };
  const denied = status === 401 || status === 403;
  return {
    ok: false,
    bytes: 0,
    error: denied ? 'denied' : 'failed',
    detail: `The server answered ${status}`,
  };
}

async function send(url: URL, method: 'PUT' | 'POST', headers: Record<string, string>, body: Buffer): Promise<number> {
  const answer = await request(url, { method, headers, body });
  await answer.body.dump();
  return answer.statusCode;
}

async function download(url: URL, wanted: TransferRequest, maxBytes: number): Promise<Omit<TransferResult, 'job'>> {
  const answer = await request(url, { method: 'GET', headers: credentials(url) });
  if (answer.statusCode >= 300) {
    await answer.body.dump();
    return { ok: false, bytes: 0, error: 'failed', detail: `The server answered ${answer.statusCode}` };
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

function credentials(url: URL): Record<string, string> {
  if (url.username === '') return {};
  const text = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = '';
  url.password = '';
  return { authorization: `Basic ${Buffer.from(text, 'utf8').toString('base64')}` };
}

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

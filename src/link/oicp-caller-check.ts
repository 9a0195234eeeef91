import { timingSafeEqual } from 'node:crypto';
import { headerOf } from './http-port.ts';
import type { CallerFacts } from './oicp-server.ts';

/**
 * Whether a partner's server may believe that the hub calls: from this machine, with a certificate that an authority of
 * ours vouches for, or with the agreed key in `x-api-key`. OICP itself has no credentials beside certificates.
 */
export function isTrustedCaller(
  { remoteAddress, clientCertificate, headers }: Pick<CallerFacts, 'remoteAddress' | 'clientCertificate' | 'headers'>,
  key?: string,
): boolean {
  if (isThisMachine(remoteAddress) || clientCertificate?.trusted === true) return true;
  const shown = headerOf(headers, 'x-api-key');
  if (key === undefined || shown === undefined) return false;
  const [expected, given] = [Buffer.from(key), Buffer.from(shown)];
  return expected.length === given.length && timingSafeEqual(expected, given);
}

export function isThisMachine(address: string): boolean {
  const plain = address.replace(/^::ffff:/, '');
  return plain === '::1' || /^127\.\d+\.\d+\.\d+$/.test(plain);
}

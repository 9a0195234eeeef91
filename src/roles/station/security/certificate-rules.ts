import type { CertificateReader, StoredCertificate } from './certificate-vault.ts';

/**
 * Whether a chain, leaf first, holds: every certificate is valid at `nowMs` and signed by the next, and the last one stands
 * under one of `roots`. Without any root nobody can say the last. False too for what cannot be read.
 */
export function chainHolds(
  reader: CertificateReader,
  chain: readonly string[],
  roots: readonly StoredCertificate[],
  nowMs: number,
): boolean {
  try {
    const read = chain.map((pem, i) => reader.read(pem, chain[i + 1]));
    if (read.length === 0 || read.some((one) => one.notBeforeMs > nowMs || one.notAfterMs <= nowMs)) return false;
    const linked = chain.every((pem, i) => chain[i + 1] === undefined || reader.isSignedBy(pem, chain[i + 1] ?? ''));
    const last = chain.at(-1) ?? '';
    return linked && (roots.length === 0 || roots.some((root) => reader.isSignedBy(last, root.pem)));
  } catch {
    return false;
  }
}

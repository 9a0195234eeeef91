import { Iso15118Error } from '../error.ts';

/** More than any chain or trust store of this field. */
const MAX_BLOCKS = 64;

/** Base64 in lines of 64 (PEM) or 76 (MIME, as EST answers) columns. */
export function wrapBase64(bytes: Uint8Array, columns = 64): string {
  const text = Buffer.from(bytes).toString('base64');
  return text.match(new RegExp(`.{1,${columns}}`, 'g'))?.join('\n') ?? '';
}

/** Reads base64 with any white space in it. Throws `BASE64_INVALID`. */
export function fromBase64(text: string): Uint8Array {
  const packed = text.replace(/\s+/g, '');
  if (packed === '' || packed.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(packed)) {
    throw new Iso15118Error('BASE64_INVALID', 'The text is not base64');
  }
  return new Uint8Array(Buffer.from(packed, 'base64'));
}

export function toPem(label: string, der: Uint8Array): string {
  return `-----BEGIN ${label}-----\n${wrapBase64(der)}\n-----END ${label}-----\n`;
}

/** Certificates one after another, leaf first, as OCPP's `certificateChain` has them. */
export function toPemChain(certificates: readonly Uint8Array[]): string {
  return certificates.map((der) => toPem('CERTIFICATE', der)).join('');
}

/** All blocks of the label in a PEM text. Throws `PEM_INVALID` when there is none or one is damaged. */
export function fromPem(label: string, text: string): readonly Uint8Array[] {
  const begin = `-----BEGIN ${label}-----`;
  const end = `-----END ${label}-----`;
  const blocks: Uint8Array[] = [];
  for (let at = text.indexOf(begin); at >= 0; at = text.indexOf(begin, at + 1)) {
    const stop = text.indexOf(end, at);
    if (stop < 0) throw new Iso15118Error('PEM_INVALID', `A ${label} block has no end line`);
    if (blocks.length === MAX_BLOCKS) throw new Iso15118Error('PEM_INVALID', `More than ${MAX_BLOCKS} blocks`);
    try {
      blocks.push(fromBase64(text.slice(at + begin.length, stop)));
    } catch (cause) {
      throw new Iso15118Error('PEM_INVALID', `A ${label} block is not base64`, { cause });
    }
  }
  if (blocks.length === 0) throw new Iso15118Error('PEM_INVALID', `The text has no ${label} block`);
  return blocks;
}

/** One object that came as PEM, as base64 or as DER: what clients put into one and the same field. */
export function fromPemBase64OrDer(labels: readonly string[], content: string | Uint8Array): Uint8Array {
  if (typeof content !== 'string' && content[0] === 0x30) return content;
  const text = typeof content === 'string' ? content : Buffer.from(content).toString('latin1');
  for (const label of labels) {
    const [block] = text.includes(`-----BEGIN ${label}-----`) ? fromPem(label, text) : [];
    if (block !== undefined) return block;
  }
  return fromBase64(text);
}

import { Iso15118Error } from '../error.ts';
import { childrenOf, readTlv, tlv } from './der.ts';

/** PKCS#7 "certs-only" (RFC 5652 section 5, RFC 7030 section 4.1.3): how EST hands out certificates. */
const SIGNED_DATA = Uint8Array.of(0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02);
const DATA = Uint8Array.of(0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01);
const VERSION_1 = Uint8Array.of(0x02, 0x01, 0x01);
const CERTIFICATES_TAG = 0xa0;

/** SignedData with nothing but the given DER certificates, in the given order; without eContent, as live services do. */
export function encodeCertsOnly(certificates: readonly Uint8Array[]): Uint8Array {
  const signedData = tlv(
    0x30,
    VERSION_1,
    tlv(0x31),
    tlv(0x30, DATA),
    tlv(CERTIFICATES_TAG, ...certificates),
    tlv(0x31),
  );
  return tlv(0x30, SIGNED_DATA, tlv(0xa0, signedData));
}

/** The DER certificates of a PKCS#7, octets untouched, in their order. Throws `ASN1_INVALID`. */
export function decodeCertsOnly(der: Uint8Array): readonly Uint8Array[] {
  const outer = readTlv(der);
  const [type, content] = childrenOf(outer.value);
  const isSignedData = type !== undefined && Buffer.compare(type.whole, SIGNED_DATA) === 0;
  if (outer.whole.length !== der.length || !isSignedData || content === undefined) {
    throw new Iso15118Error('ASN1_INVALID', 'These bytes are no PKCS#7 signed data');
  }
  const fields = childrenOf(readTlv(content.value).value);
  const set = fields.find((field) => field.tag === CERTIFICATES_TAG);
  if (fields.length < 4 || set === undefined) {
    throw new Iso15118Error('ASN1_INVALID', 'The PKCS#7 holds no certificates');
  }
  return childrenOf(set.value).map((certificate) => certificate.whole);
}

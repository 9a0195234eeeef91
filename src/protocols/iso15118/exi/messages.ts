import { Iso15118Error } from '../error.ts';
import type { ExiLimits } from './bits.ts';
import { decodeDocument, encodeDocument } from './codec.ts';
import { ISO2, type Iso2Message } from './iso2.ts';
import { type CertificateInstallationReqIso20, type CertificateInstallationResIso20, ISO20 } from './iso20.ts';

export type Iso20Message =
  | { readonly name: 'CertificateInstallationReq'; readonly value: CertificateInstallationReqIso20 }
  | { readonly name: 'CertificateInstallationRes'; readonly value: CertificateInstallationResIso20 };

/** The names of the -2 bodies this codec reads. */
export const ISO2_BODIES = [
  'CertificateInstallationReq',
  'CertificateInstallationRes',
  'CertificateUpdateReq',
  'CertificateUpdateRes',
] as const;

export type Iso2BodyName = (typeof ISO2_BODIES)[number];

/** Reads a V2G_Message of ISO 15118-2. Throws `Iso15118Error` on anything that is not one. */
export function decodeIso2(bytes: Uint8Array, limits?: ExiLimits): Iso2Message {
  // The decoder builds the value from the very table that the type was derived from.
  return decodeDocument(ISO2, bytes, limits).value as Iso2Message;
}

export function encodeIso2(message: Iso2Message): Uint8Array {
  return encodeDocument(ISO2, 'V2G_Message', message);
}

/** Which of the certificate messages the body holds. Throws `EXI_DEVIATION` on an empty body. */
export function iso2BodyName(message: Iso2Message): Iso2BodyName {
  const found = ISO2_BODIES.find((name) => message.Body[name] !== undefined);
  if (found === undefined) throw new Iso15118Error('EXI_DEVIATION', 'The body is empty', { path: 'V2G_Message/Body' });
  return found;
}

/** Reads a certificate message of ISO 15118-20. Throws `Iso15118Error` on anything that is not one. */
export function decodeIso20(bytes: Uint8Array, limits?: ExiLimits): Iso20Message {
  const { root, value } = decodeDocument(ISO20, bytes, limits);
  return { name: root, value } as Iso20Message;
}

export function encodeIso20(message: Iso20Message): Uint8Array {
  return encodeDocument(ISO20, message.name, message.value);
}

import { isoTime } from '../../../core/time.ts';

/**
 * Signed meter values in the Open Charge Metering Format 1.0 (S.A.F.E.): `OCMF|payload|signature`. What is signed is the
 * payload's exact text.
 */

/** A meter's key: kept as PEM by the station, a secret. */
export interface MeterKeys {
  /** A new private key, PEM. */
  generate(): string;
  /** ECDSA over P-256 and SHA-256, DER in hexadecimal. */
  sign(privateKeyPem: string, text: string): string;
  /** SubjectPublicKeyInfo, DER in hexadecimal. */
  publicKey(privateKeyPem: string): string;
}

export interface OcmfReading {
  readonly atMs: number;
  /** B = begin, C = during, E = end of a transaction; none outside. */
  readonly transaction: 'B' | 'C' | 'E' | undefined;
  readonly registerWh: number;
}

export interface OcmfOrder {
  readonly vendor: string;
  readonly model: string;
  readonly meterSerial: string;
  readonly firmware: string;
  /** T = counted within a transaction, F = on its own; with the number of signed values so far. */
  readonly pagination: string;
  readonly idTag: string | undefined;
  readonly dc: boolean;
  readonly readings: readonly OcmfReading[];
}

/** The text that a meter hands out; the energy stands in kWh as its display shows it. */
export function ocmfText(order: OcmfOrder, sign: (text: string) => string): string {
  const payload = JSON.stringify({
    FV: '1.0',
    GI: 'Compote',
    GS: order.meterSerial,
    GV: order.firmware,
    PG: order.pagination,
    MV: order.vendor,
    MM: order.model,
    MS: order.meterSerial,
    MF: order.firmware,
    IS: order.idTag !== undefined,
    IF: [],
    IT: order.idTag === undefined ? 'NONE' : 'CENTRAL',
    ...(order.idTag === undefined ? {} : { ID: order.idTag }),
    RD: order.readings.map(({ atMs, transaction, registerWh }) => ({
      TM: ocmfTime(atMs),
      ...(transaction === undefined ? {} : { TX: transaction }),
      RV: registerWh / 1000,
      RI: '1-b:1.8.0',
      RU: 'kWh',
      RT: order.dc ? 'DC' : 'AC',
      ST: 'G',
    })),
  });
  return `OCMF|${payload}|${JSON.stringify({ SA: 'ECDSA-secp256r1-SHA256', SD: sign(payload) })}`;
}

/** `2026-03-02T08:00:00,000+0000 S`: local time with offset, and S for a synchronised clock. */
function ocmfTime(atMs: number): string {
  return `${isoTime(atMs).replace('Z', '').replace('.', ',')}+0000 S`;
}

/** How the OCA wants a public key to be told (application note on signed meter values). */
export function publicKeyText(spkiHex: string): string {
  return Buffer.from(`oca:base16:asn1:${spkiHex}`, 'utf8').toString('base64');
}

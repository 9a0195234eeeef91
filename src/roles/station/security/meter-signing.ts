import { registerWh } from '../physical/meter.ts';
import type { Evse, Transaction } from '../state/evse.ts';
import { type MeterKeys, ocmfText, publicKeyText } from './ocmf.ts';

/** When the public key travels with a signed value (PublicKeyWithSignedMeterValue). */
export type KeyWithValue = 'Never' | 'OncePerTransaction' | 'EveryMeterValue';

export interface SignedReading {
  readonly ocmf: string;
  /** Empty when it is not to be told this time. */
  readonly publicKey: string;
}

export interface MeterNameplate {
  readonly vendor: string;
  readonly model: string;
  readonly serialNumber: string;
  readonly firmwareVersion: string;
}

/** The meters of a station as signers: one key for each EVSE, made when first needed. */
export class MeterSigning {
  readonly #keys: MeterKeys | undefined;
  #kept: Record<string, string> = {};
  #pages = 0;

  constructor(keys: MeterKeys | undefined) {
    this.#keys = keys;
  }

  /**
   * The register of an EVSE, signed; undefined for a station without crypto part. A value at the end of a transaction
   * carries its begin too, so that a driver can check the energy with one text.
   */
  sign(
    evse: Evse,
    transaction: Transaction | undefined,
    context: string,
    atMs: number,
    plate: MeterNameplate,
    keyWithValue: KeyWithValue,
  ): SignedReading | undefined {
    const keys = this.#keys;
    if (keys === undefined) return undefined;
    const pem = this.#kept[evse.id] ?? keys.generate();
    this.#kept[evse.id] = pem;
    this.#pages++;
    const phase = context === 'Transaction.Begin' ? 'B' : context === 'Transaction.End' ? 'E' : 'C';
    const now = {
      atMs,
      transaction: transaction === undefined ? undefined : phase,
      registerWh: registerWh(evse.path.meter),
    } as const;
    const begin =
      transaction !== undefined && phase === 'E'
        ? [{ atMs: transaction.startedAtMs, transaction: 'B', registerWh: transaction.meterStartWh } as const]
        : [];
    const ocmf = ocmfText(
      {
        vendor: plate.vendor,
        model: plate.model,
        meterSerial: `${plate.serialNumber}-${evse.id}`,
        firmware: plate.firmwareVersion,
        pagination: `${transaction === undefined ? 'F' : 'T'}${this.#pages}`,
        idTag: transaction?.token?.value,
        dc: evse.path.rating.dc,
        readings: [...begin, now],
      },
      (text) => keys.sign(pem, text),
    );
    const told = transaction?.wire['publicKeyTold'] === true;
    const tells = keyWithValue === 'EveryMeterValue' || (keyWithValue === 'OncePerTransaction' && !told);
    if (transaction !== undefined && tells) transaction.wire['publicKeyTold'] = true;
    return { ocmf, publicKey: tells ? publicKeyText(keys.publicKey(pem)) : '' };
  }

  toJSON(): { readonly keys: Readonly<Record<string, string>>; readonly pages: number } {
    return { keys: this.#kept, pages: this.#pages };
  }

  restore(saved: { readonly keys: Readonly<Record<string, string>>; readonly pages: number } | undefined): void {
    this.#kept = { ...saved?.keys };
    this.#pages = saved?.pages ?? 0;
  }
}

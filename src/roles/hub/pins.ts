import type { Clock } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import type { Identification, PushAuthenticationData } from '../../protocols/oicp/index.ts';
import { hashOfPin, pinFits, SALT_BYTES } from '../../protocols/oicp/pin-hash.ts';
import { authenticationId } from './state/authentication-data.ts';
import type { HubState } from './state/hub-state.ts';

/**
 * PINs and their bcrypt hashes. Hashing takes tens of milliseconds each, so it is done in slices before the hub decides;
 * the decision itself only looks results up. Clear PINs live in the request and nowhere else.
 */
export class Pins {
  readonly #clock: Clock;
  readonly #random: Random;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  hashOf(pin: string): Promise<string> {
    return this.#working(() => hashOfPin(pin, this.#random.bytes(SALT_BYTES)));
  }

  /** The push with every clear PIN replaced by its hash. */
  async hashed(push: PushAuthenticationData): Promise<PushAuthenticationData> {
    const { ProviderAuthenticationData: data } = push;
    const records: PushAuthenticationData['ProviderAuthenticationData']['AuthenticationDataRecord'] = [];
    for (const record of data.AuthenticationDataRecord) {
      const qr = record.Identification.QRCodeIdentification;
      if (qr?.PIN === undefined) {
        records.push(record);
        continue;
      }
      const HashedPIN = { Value: await this.hashOf(qr.PIN), Function: 'Bcrypt' as const };
      records.push({ ...record, Identification: { QRCodeIdentification: { EvcoID: qr.EvcoID, HashedPIN } } });
    }
    return { ...push, ProviderAuthenticationData: { ...data, AuthenticationDataRecord: records } };
  }

  /** The stored hashes, of any provider, that the PIN of an identification fits. Empty where there is no clear PIN. */
  async matching(identification: Identification, state: HubState): Promise<ReadonlySet<string>> {
    const pin = identification.QRCodeIdentification?.PIN;
    const fitting = new Set<string>();
    if (pin === undefined) return fitting;
    const id = authenticationId(identification);
    for (const { key } of state.partners.all()) {
      const stored = state.authenticationData.get(key, id)?.QRCodeIdentification?.HashedPIN?.Value;
      if (stored !== undefined && (await this.#working(() => pinFits(pin, stored)))) fitting.add(stored);
    }
    return fitting;
  }

  async #working<T>(task: () => Promise<T>): Promise<T> {
    const busy = this.#clock.busy();
    try {
      return await task();
    } finally {
      busy.release();
    }
  }
}

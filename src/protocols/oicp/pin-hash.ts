import { compare, encodeBase64, hash } from 'bcryptjs';

const ROUNDS = 10;
export const SALT_BYTES = 16;

/**
 * The hash under which a PIN is kept and exchanged (HashedPINType, function `Bcrypt`). Takes tens of milliseconds, in
 * slices that leave the event loop free. The salt need not be secret, only its own for each PIN.
 */
export function hashOfPin(pin: string, salt: Uint8Array): Promise<string> {
  if (salt.length !== SALT_BYTES) throw new RangeError(`A salt has ${SALT_BYTES} bytes`);
  return hash(pin, `$2b$${ROUNDS}$${encodeBase64([...salt], SALT_BYTES)}`);
}

/** Each round more takes twice the time: a partner's hash of 31 would keep us busy for days. */
const MOST_ROUNDS = 13;

/** Whether a PIN is the one of a hash; false for a hash of another function, or of more rounds than anybody waits for. */
export async function pinFits(pin: string, stored: string): Promise<boolean> {
  const rounds = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(stored)?.[1];
  return rounds !== undefined && Number(rounds) <= MOST_ROUNDS && compare(pin, stored);
}

import { canonicalEvcoId, type Identification, mediumOf, type StatusCodeValue } from '../../../protocols/oicp/index.ts';
import type { EmpState } from './emp-state.ts';
import type { ContractRecord, MediumRecord } from './records.ts';

/** Yes or no to a driver, with the reason for people. */
export type AuthorizationDecision =
  | {
      readonly granted: true;
      readonly contract?: ContractRecord;
      readonly medium?: MediumRecord;
      readonly reason: string;
    }
  | {
      readonly granted: false;
      readonly code: StatusCodeValue;
      readonly contract?: ContractRecord;
      readonly reason: string;
    };

/** Under which key a medium is kept: a card is a card, however it is described. */
export function mediumKey(identification: Identification): string {
  const medium = mediumOf(identification);
  if (medium?.uid !== undefined) return `card ${medium.uid.trim().toUpperCase()}`;
  const contract = canonicalEvcoId(medium?.evcoId ?? '');
  switch (medium?.kind) {
    case 'QRCodeIdentification':
      return `qr ${contract}`;
    case 'RemoteIdentification':
      return `remote ${contract}`;
    default:
      return `pnc ${contract}`;
  }
}

/** What an unknown medium is refused with: 101 QR code, 105 Plug & Charge, 102 card. */
function unknownCode(identification: Identification): '101' | '102' | '105' {
  if (identification.QRCodeIdentification !== undefined) return '101';
  return mediumOf(identification)?.uid === undefined ? '105' : '102';
}

/**
 * May this driver charge. `pinFits`: whether the clear PIN of the identification is the one of a stored hash.
 * A locked or ended contract is 200, the only code an EMP has for it.
 */
export function decideAuthorization(
  identification: Identification,
  state: EmpState,
  nowMs: number,
  pinFits: (hash: string) => boolean,
): AuthorizationDecision {
  const refused = (code: StatusCodeValue, reason: string, contract?: ContractRecord): AuthorizationDecision => ({
    granted: false,
    code,
    reason,
    ...(contract === undefined ? {} : { contract }),
  });
  const medium = state.media.get(mediumKey(identification));
  if (medium === undefined) return refused(unknownCode(identification), 'nobody has this medium');
  const contract = state.contracts.get(medium.contract);
  if (contract === undefined) return refused(unknownCode(identification), 'the medium has no contract any more');
  const qr = identification.QRCodeIdentification;
  if (qr !== undefined) {
    const fits = qr.PIN !== undefined && medium.pinHash !== undefined && pinFits(medium.pinHash);
    // A hashed PIN cannot be checked here: it would be hashed once more (OICP 2.3, QRCodeIdentification).
    if (!fits) return refused('101', qr.PIN === undefined ? 'no clear PIN was given' : 'the PIN is wrong', contract);
  }
  if (medium.locked) return refused('200', 'the medium is locked', contract);
  if (contract.locked) return refused('200', 'the contract is locked', contract);
  if (contract.validFromMs !== undefined && nowMs < contract.validFromMs) {
    return refused('200', 'the contract has not begun', contract);
  }
  if (contract.validToMs !== undefined && contract.validToMs <= nowMs) {
    return refused('200', 'the contract has ended', contract);
  }
  return { granted: true, contract, medium, reason: 'the contract is valid' };
}

/** Whether an identification is one of ours, valid or not: a record of a session that the hub authorised from our upload. */
export function contractOf(identification: Identification, state: EmpState): ContractRecord | undefined {
  const medium = state.media.get(mediumKey(identification));
  if (medium !== undefined) return state.contracts.get(medium.contract);
  const evcoId = mediumOf(identification)?.evcoId;
  return evcoId === undefined ? undefined : state.contract(evcoId);
}

/** What is kept of an identification: everything but the PIN. */
export function withoutPin(identification: Identification): Identification {
  const { QRCodeIdentification: qr } = identification;
  return qr === undefined ? identification : { QRCodeIdentification: { EvcoID: qr.EvcoID } };
}

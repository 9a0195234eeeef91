import { Iso15118Error } from '../error.ts';
import { checkCharacter } from './check-character.ts';

/** A provisioning certificate identifier: world manufacturer id (3), serial (14), optional check character. */
export interface Pcid {
  readonly wmi: string;
  readonly serial: string;
  readonly checkCharacter: string | undefined;
}

const FORM = /^([A-Z0-9]{3})-?([A-Z0-9]{14})-?([A-Z0-9])?$/;

/** Reads a PCID in any case, with or without hyphens; `undefined` when it is none. */
export function parsePcid(text: string): Pcid | undefined {
  const match = FORM.exec(text.trim().toUpperCase());
  if (match === null) return undefined;
  const [, wmi = '', serial = '', check] = match;
  return { wmi, serial, checkCharacter: check };
}

/** Like `parsePcid`; throws `PCID_INVALID` naming the form. */
export function requirePcid(text: string): Pcid {
  const pcid = parsePcid(text);
  if (pcid !== undefined) return pcid;
  throw new Iso15118Error('PCID_INVALID', `"${text}" is no PCID: 17 or 18 letters and digits, the first 3 the WMI`);
}

export function compactPcid(pcid: Pcid): string {
  return pcid.wmi + pcid.serial + (pcid.checkCharacter ?? '');
}

/**
 * The check character by the EMAID's rule over 17 characters. Ids in the field are not held to it, so a mismatch is a
 * remark, never a refusal.
 */
export function pcidCheckCharacter(pcid: Pcid): string {
  return checkCharacter(pcid.wmi + pcid.serial);
}

export function isPcidConsistent(pcid: Pcid): boolean {
  return pcid.checkCharacter === undefined || pcid.checkCharacter === pcidCheckCharacter(pcid);
}

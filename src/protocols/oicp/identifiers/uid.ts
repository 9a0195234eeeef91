const FORM = /^(?:[0-9A-F]{8}|[0-9A-F]{14}|[0-9A-F]{20})$/;

/** The UID of a card in the one form in which it is compared: upper case. `undefined` when it is none (4, 7, 10 bytes). */
export function canonicalUid(text: string): string | undefined {
  const upper = text.trim().toUpperCase();
  return FORM.test(upper) ? upper : undefined;
}

/**
 * The UID that an OCPP idTag or ISO14443 token stands for, which stations write with colons, blanks or hyphens too;
 * `undefined` when it cannot be a UID and so cannot be asked for over roaming.
 */
export function uidOfTokenText(text: string): string | undefined {
  return canonicalUid(text.replace(/[\s:-]/g, ''));
}

export function sameUid(a: string, b: string): boolean {
  return a.trim().toUpperCase() === b.trim().toUpperCase();
}

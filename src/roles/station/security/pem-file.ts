import { readFileSync } from 'node:fs';
import { CompoteError, messageOf } from '../../../core/errors.ts';

/** The text of a PEM file. @throws CONFIG_INVALID naming what it is for, and the file */
export function pemFile(path: string, what: string, label: 'CERTIFICATE' | 'PRIVATE KEY'): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CompoteError('CONFIG_INVALID', { detail: `The ${what} cannot be read: ${messageOf(cause)}`, cause });
  }
  if (!new RegExp(`-----BEGIN (?:[A-Z]+ )?${label}-----`).test(text)) {
    throw new CompoteError('CONFIG_INVALID', {
      detail: `The ${what} holds no ${label} in PEM: ${path}`,
      hint: 'PEM is text that begins with -----BEGIN.',
    });
  }
  return text;
}

/** The certificates of a PEM text, one by one. */
export function splitPem(text: string): string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
}

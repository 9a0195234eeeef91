import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { messageOf } from '../core/errors.ts';

/** A JSON value that was typed, or stands in a file (`@file`) or on standard input (`-`). */
export function jsonArgument(text: string): unknown {
  let json = text;
  try {
    if (text === '-') json = readFileSync(0, 'utf8');
    else if (text.startsWith('@')) json = readFileSync(text.slice(1), 'utf8');
    return JSON.parse(json);
  } catch (cause) {
    throw new InvalidArgumentError(`It is not JSON: ${messageOf(cause)}.`);
  }
}

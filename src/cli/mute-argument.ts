import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { messageOf } from '../core/errors.ts';
import type { Mute } from '../journal/mutes.ts';
import { isObject, numberIn, objectsIn, textIn } from '../journal/sessions/members.ts';

/**
 * What `--mute` gives: `RULE`, `RULE@PARTY`, or `@FILE` with the answer of `GET /api/v1/findings/mutes`. Mutes of single
 * messages are left out: a log numbers its messages by itself.
 */
export function muteArgument(text: string, before: readonly Mute[]): readonly Mute[] {
  if (text.startsWith('@')) return [...before, ...fromFile(text.slice(1))];
  const at = text.indexOf('@');
  const rule = at < 0 ? text : text.slice(0, at);
  const party = at < 0 ? '' : text.slice(at + 1);
  if (rule === '' || (at >= 0 && party === '')) throw new InvalidArgumentError('Give RULE, RULE@PARTY or @FILE.');
  return [...before, { id: text, rule, ...(party === '' ? {} : { party }), reason: 'muted by --mute', createdAt: 0 }];
}

function fromFile(path: string): Mute[] {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new InvalidArgumentError(`${path} cannot be read: ${messageOf(error)}.`);
  }
  const items = Array.isArray(value) ? { items: value } : value;
  if (!isObject(items) || !Array.isArray(items['items']))
    throw new InvalidArgumentError(`${path} is no answer of GET /api/v1/findings/mutes.`);
  return objectsIn(items, 'items').flatMap((item): Mute[] => {
    const [rule, party, expiresAt] = [textIn(item, 'rule'), textIn(item, 'party'), numberIn(item, 'expiresAt')];
    if (rule === undefined || numberIn(item, 'seq') !== undefined) return [];
    const id = textIn(item, 'id') ?? rule;
    return [
      {
        id,
        rule,
        ...(party === undefined ? {} : { party }),
        reason: textIn(item, 'reason') ?? `muted in ${path}`,
        createdAt: numberIn(item, 'createdAt') ?? 0,
        ...(expiresAt === undefined ? {} : { expiresAt }),
      },
    ];
  });
}

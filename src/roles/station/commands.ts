import { CompoteError } from '../../core/errors.ts';
import { lazyValidator } from '../../platform/schema/validator.ts';
import { PLAIN_COMMANDS } from './commands/plain.ts';
import { QUIRK_COMMANDS } from './commands/quirks.ts';
import type { CommandRow, Of } from './commands/row.ts';
import type { Station } from './station.ts';

/**
 * What drivers do and what bad days bring: one table, from which REST routes, CLI and scenario steps come. Each row has its
 * parameters, a sentence, and what it does.
 */
export const COMMANDS = {
  ...PLAIN_COMMANDS,
  ...QUIRK_COMMANDS,
} as const satisfies Record<string, CommandRow>;

export type CommandName = keyof typeof COMMANDS;

/** One command with its parameters, as data. */
export type Command = {
  [N in CommandName]: { readonly type: N } & Readonly<Of<(typeof COMMANDS)[N]['params']>>;
}[CommandName];

const VALIDATORS: Readonly<Record<string, ReturnType<typeof lazyValidator>>> = Object.fromEntries(
  Object.entries(COMMANDS).map(([name, row]) => [name, lazyValidator(row.params)]),
);

/** Runs a command. Throws INVALID_REQUEST naming the fields, CONFLICT or NOT_FOUND when it cannot be done. */
export function runCommand(station: Station, command: Command): void {
  const { type: name, ...params } = command;
  const row = Object.hasOwn(COMMANDS, name) ? (COMMANDS[name] as CommandRow) : undefined;
  if (row === undefined) {
    throw new CompoteError('INVALID_REQUEST', {
      fields: [{ pointer: '/type', msg: `must be one of ${Object.keys(COMMANDS).join(', ')}` }],
    });
  }
  const fields = VALIDATORS[name]?.errors(params) ?? [];
  if (fields.length > 0)
    throw new CompoteError('INVALID_REQUEST', { detail: `${name} of ${station.identity}`, fields });
  row.run(station, params as never);
}

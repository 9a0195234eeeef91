import { BAD_DAY_COMMANDS } from './bad-days.ts';
import { BAD_MANNER_COMMANDS } from './bad-manners.ts';
import { DRIVER_COMMANDS } from './drivers.ts';
import type { CommandRow, Of } from './row.ts';
import { VEHICLE_COMMANDS } from './vehicles.ts';

/** What can be done to a station, but for the names of what is made of these. */
export const PLAIN_COMMANDS = {
  ...DRIVER_COMMANDS,
  ...BAD_DAY_COMMANDS,
  ...BAD_MANNER_COMMANDS,
  ...VEHICLE_COMMANDS,
} as const satisfies Record<string, CommandRow>;

type PlainName = keyof typeof PLAIN_COMMANDS;

/** One of them with its parameters, as data. */
export type PlainCommand = {
  [N in PlainName]: { readonly type: N } & Readonly<Of<(typeof PLAIN_COMMANDS)[N]['params']>>;
}[PlainName];

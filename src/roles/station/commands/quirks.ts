import Type from 'typebox';
import { oneOf } from '../../../platform/schema/words.ts';
import { QUIRKS, type QuirkName } from '../quirks.ts';
import type { Station } from '../station.ts';
import { PLAIN_COMMANDS } from './plain.ts';
import type { CommandRow, Of } from './row.ts';

const Quirk = Type.Object(
  {
    name: oneOf(Object.keys(QUIRKS) as [QuirkName, ...QuirkName[]], {
      description: 'docs/reference/quirks.md says what each does',
    }),
  },
  { additionalProperties: false },
);

/** Habits of firmware by their names. */
export const QUIRK_COMMANDS = {
  quirk: {
    summary: 'From now on a known habit of some firmware, by its name; `clear-faults` ends it',
    params: Quirk,
    run: (station: Station, { name }: Of<typeof Quirk>) => {
      for (const { type, ...params } of QUIRKS[name].actions) {
        (PLAIN_COMMANDS[type] as CommandRow).run(station, params as never);
      }
    },
  },
} as const satisfies Record<string, CommandRow>;

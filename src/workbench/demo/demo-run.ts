import Type, { type Static } from 'typebox';
import { oneOf } from '../../platform/schema/words.ts';

/** One run of a demo, as REST and events show it. */
export const DemoRun = Type.Object(
  {
    id: Type.String(),
    demo: Type.String(),
    title: Type.String(),
    state: oneOf(['running', 'done', 'failed', 'stopped']),
    startedAt: Type.String(),
    endedAt: Type.Optional(Type.String()),
    steps: Type.Array(
      Type.Object({
        id: Type.String(),
        title: Type.String(),
        says: Type.String({ description: 'What happens in it.' }),
        state: oneOf(['pending', 'active', 'done', 'failed']),
        ms: Type.Optional(Type.Number({ description: 'How long it took.' })),
        reason: Type.Optional(Type.String({ description: 'Why it failed.' })),
      }),
    ),
    told: Type.Array(Type.Object({ at: Type.Number(), party: Type.String(), text: Type.String() }), {
      description: 'What happened, in sentences.',
    }),
    sessions: Type.Array(Type.String(), {
      description: 'Ids of the charging sessions, as soon as the journal has them.',
    }),
    result: Type.Optional(
      Type.Object({
        messages: Type.Integer({ description: 'Messages of its sessions; without a session, all since it began.' }),
        parties: Type.Array(Type.String()),
        q: Type.String({ description: 'The filter that shows these messages.' }),
        planted: Type.Array(
          Type.Object({
            rule: Type.String(),
            title: Type.String(),
            says: Type.String(),
            finding: Type.Optional(Type.String({ description: 'Id of the finding; absent when none was made.' })),
            seq: Type.Optional(Type.Integer()),
            pointer: Type.Optional(Type.String()),
          }),
          { description: 'Faults that were made on purpose, and how they were found.' },
        ),
        others: Type.Array(
          Type.Object({ id: Type.String(), rule: Type.String(), party: Type.String(), text: Type.String() }),
          { description: 'Findings that nobody planted.' },
        ),
      }),
    ),
  },
  { title: 'DemoRun' },
);
export type DemoRun = Static<typeof DemoRun>;
export type DemoResult = NonNullable<DemoRun['result']>;

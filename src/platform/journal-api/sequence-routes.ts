import Type from 'typebox';
import type { JournalQuery } from '../../journal/index.ts';
import { newestRows } from '../../journal/newest-rows.ts';
import { mermaidOf, plantUmlOf, sequenceLayout, sequenceOf, textOf } from '../../journal/sequence/index.ts';
import { Content } from '../http/answers.ts';
import { type Route, route } from '../http/route.ts';
import { oneOf } from '../schema/words.ts';

/** A diagram of more is read by nobody. */
const MOST = 5_000;

/** The story of what a filter finds. For the prefix `/api/v1`. */
export function sequenceRoutes(query: JournalQuery): Route[] {
  return [
    route({
      method: 'GET',
      path: '/sequence',
      summary: 'A sequence diagram of the messages that fit a filter, over all parties and protocols',
      description: `At most the newest ${MOST} messages. \`layout\` has places in pixels, for drawing.`,
      tags: ['journal'],
      query: Type.Object({
        q: Type.Optional(Type.String({ maxLength: 4_000, description: 'A filter, for example `session:S-…`.' })),
        format: Type.Optional(oneOf(['text', 'mermaid', 'plantuml', 'layout'], { default: 'text' })),
        fold: Type.Optional(Type.Boolean({ default: true, description: 'Equal neighbours as one arrow.' })),
        heartbeats: Type.Optional(Type.Boolean({ default: false, description: 'Draw heartbeats too.' })),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST, default: 1_000 })),
      }),
      produces: 'text/plain',
      handler: async ({ query: { q = '', format = 'text', fold, heartbeats, limit = 1_000 } }) => {
        const rows = await newestRows(query, { q }, limit);
        const sequence = sequenceOf(rows, {
          ...(fold === undefined ? {} : { fold }),
          ...(heartbeats === undefined ? {} : { heartbeats }),
        });
        if (format === 'layout') return new Content('application/json', JSON.stringify(sequenceLayout(sequence)));
        const write = { text: textOf, mermaid: mermaidOf, plantuml: plantUmlOf }[format];
        return new Content('text/plain; charset=utf-8', write(sequence));
      },
    }),
  ];
}

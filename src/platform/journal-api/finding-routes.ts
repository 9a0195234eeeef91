import Type from 'typebox';
import { CompoteError } from '../../core/errors.ts';
import { FINDING_STATUSES, GROUPS_OF_FINDINGS } from '../../journal/finding-shapes.ts';
import { created } from '../http/answers.ts';
import { type Route, route } from '../http/route.ts';
import { oneOf } from '../schema/words.ts';
import { cursor, limit, present } from './asked.ts';
import type { JournalApi } from './live-routes.ts';
import { placedFinding } from './shapes.ts';

const text = (description: string) => Type.Optional(Type.String({ maxLength: 500, description }));

const severity = oneOf(['error', 'warning', 'info'], { description: 'The verdict by the specification.' });
const filterQuery = {
  severity: Type.Optional(severity),
  rule: text('A rule’s id.'),
  party: text('The party at fault.'),
  fault: Type.Optional(
    oneOf(['ev', 'cs', 'csms', 'hub', 'emp', 'pnc', 'everest', 'ext', 'ui'], {
      description: 'Role of the party at fault.',
    }),
  ),
  axis: Type.Optional(oneOf(['conformance', 'compatibility', 'consistency', 'timing', 'security'])),
  peer: Type.Optional(
    oneOf(['rejects', 'tolerates', 'ignores', 'unknown'], { description: 'What a tolerant peer would do.' }),
  ),
  protocol: Type.Optional(oneOf(['ocpp', 'oicp', 'pnc', 'mqtt', 'api'])),
  station: text('The station at an end of its message.'),
  session: text('The charging session of its message.'),
  seq: Type.Optional(Type.Integer({ minimum: 1, description: 'The message that it stands on.' })),
  status: Type.Optional(oneOf(FINDING_STATUSES)),
  q: Type.Optional(
    Type.String({
      maxLength: 4_000,
      description: 'A filter in the language of messages: `status:open severity>=warning -axis:timing station:CS-1`.',
    }),
  ),
};

const scope = {
  rule: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Findings of this rule.' })),
  party: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Only of this party.' })),
  seq: Type.Optional(Type.Integer({ minimum: 1, description: 'Only on this message.' })),
};

const mute = Type.Object({
  id: Type.String(),
  ...scope,
  reason: Type.String(),
  createdAt: Type.Number({ description: 'Epoch milliseconds.' }),
  fixed: Type.Optional(
    Type.Literal(true, { description: 'A mark that its cause is gone: covers what was found before.' }),
  ),
  expiresAt: Type.Optional(Type.Number()),
  by: Type.Optional(Type.String()),
  findings: Type.Integer({ description: 'How many findings of the journal it covers.' }),
  over: Type.Boolean({ description: 'Its time has passed: it mutes nothing any more.' }),
});

/** Findings, what they have in common, and which of them nobody wants to hear of. */
export function findingRoutes({ journal: { query }, feed }: JournalApi): Route[] {
  return [
    route({
      method: 'GET',
      path: '/findings',
      summary: 'What is wrong, or worth a look, the newest first',
      tags: ['findings'],
      query: Type.Object({ ...filterQuery, cursor, limit }),
      response: Type.Object({ items: Type.Array(placedFinding), next: Type.Optional(Type.String()) }),
      handler: ({ query: asked }) => query.findings(present(asked)),
    }),
    route({
      method: 'GET',
      path: '/findings/groups',
      summary: 'Findings by what they have in common: the worst first, then the most frequent',
      tags: ['findings'],
      query: Type.Object({ ...filterQuery, by: Type.Optional(oneOf(GROUPS_OF_FINDINGS, { default: 'rule' })) }),
      response: Type.Object({
        items: Type.Array(
          Type.Object({
            key: Type.String({ description: 'What they have in common; empty where they have none of it.' }),
            count: Type.Integer(),
            muted: Type.Integer(),
            severity,
            first: Type.Number({ description: 'Epoch milliseconds.' }),
            last: Type.Number(),
            parties: Type.Array(Type.String(), { description: 'At fault; the first ones.' }),
            rules: Type.Array(Type.String()),
            newest: placedFinding,
          }),
        ),
      }),
      handler: async ({ query: { by = 'rule', ...filter } }) => ({
        items: await query.findingGroups(by, present(filter)),
      }),
    }),
    route({
      method: 'GET',
      path: '/findings/mutes',
      summary: 'What nobody wants to hear of, and why',
      tags: ['findings'],
      response: Type.Object({ items: Type.Array(mute) }),
      handler: async () => ({ items: await query.mutes() }),
    }),
    route({
      method: 'POST',
      path: '/findings/mutes',
      summary: 'Mute a rule, a rule of one party, or what stands on one message',
      description:
        'Muted findings are shown as `muted` and do not count; none is lost. A mute of the same scope takes the place of the one before.',
      tags: ['findings'],
      body: Type.Object(
        {
          ...scope,
          reason: Type.String({ minLength: 1, maxLength: 1_000, description: 'Why: whoever comes later reads it.' }),
          expiresAt: Type.Optional(Type.Number({ description: 'Epoch milliseconds; missing: it has no end.' })),
        },
        { additionalProperties: false },
      ),
      response: mute,
      status: 201,
      problems: ['CONFLICT'],
      async handler({ body, actor }) {
        const made = await query.mute({ ...present(body), ...(actor.name === 'local' ? {} : { by: actor.name }) });
        feed.publish('mute', made);
        return created(`/api/v1/findings/mutes/${made.id}`, made);
      },
    }),
    route({
      method: 'DELETE',
      path: '/findings/mutes/{id}',
      summary: 'Take a mute back: its findings count again',
      tags: ['findings'],
      params: Type.Object({ id: Type.String({ maxLength: 100 }) }),
      problems: ['NOT_FOUND'],
      async handler({ params: { id } }) {
        await query.unmute(id);
        feed.publish('mute', { id, gone: true });
      },
    }),
    route({
      method: 'GET',
      path: '/findings/{id}',
      summary: 'One finding',
      tags: ['findings'],
      params: Type.Object({ id: Type.String({ maxLength: 100 }) }),
      response: placedFinding,
      problems: ['NOT_FOUND'],
      handler: ({ params: { id } }) => query.finding(id),
    }),
    route({
      method: 'PATCH',
      path: '/findings/{id}',
      summary: 'Say what is decided about a finding: fixed, muted, or open again',
      description:
        '`fixed`: the cause is gone; covers what this rule has found of this party until now, and what it finds later is open. `muted`: nobody wants to hear of this one; POST /findings/mutes mutes more. `open` takes it back.',
      tags: ['findings'],
      params: Type.Object({ id: Type.String({ maxLength: 100 }) }),
      body: Type.Object(
        {
          status: oneOf(FINDING_STATUSES, { description: 'What is decided.' }),
          reason: Type.Optional(
            Type.String({ maxLength: 1_000, description: 'Why; a mute needs it: whoever comes later reads it.' }),
          ),
        },
        { additionalProperties: false },
      ),
      response: placedFinding,
      problems: ['NOT_FOUND', 'CONFLICT'],
      async handler({ params: { id }, body: { status, reason }, actor }) {
        if (status === 'muted' && (reason ?? '').trim() === '') {
          throw new CompoteError('INVALID_REQUEST', {
            fields: [{ pointer: '/reason', msg: 'A mute says why: whoever comes later reads it' }],
          });
        }
        const decided = await query.decideFinding(id, {
          status,
          ...(reason === undefined ? {} : { reason }),
          ...(actor.name === 'local' ? {} : { by: actor.name }),
        });
        feed.publish('mute', { id: decided.mute ?? id, ...(status === 'open' ? { gone: true } : {}) });
        return decided;
      },
    }),
  ];
}

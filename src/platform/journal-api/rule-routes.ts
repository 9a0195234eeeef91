import Type from 'typebox';
import { CompoteError } from '../../core/errors.ts';
import { everyRule } from '../../journal/findings/catalogue.ts';
import type { RuleDeclaration } from '../../journal/findings/rule.ts';
import type { JournalQuery } from '../../journal/index.ts';
import { type Route, route } from '../http/route.ts';
import { oneOf } from '../schema/words.ts';

const severities = oneOf(['error', 'warning', 'info']);
const axes = oneOf(['conformance', 'compatibility', 'consistency', 'timing', 'security']);
const peers = oneOf(['rejects', 'tolerates', 'ignores', 'unknown']);
const protocols = oneOf(['ocpp', 'oicp', 'pnc', 'across'], {
  description: '`across`: what one protocol says against what another says.',
});

const rule = Type.Object({
  id: Type.String(),
  title: Type.String({ description: 'What must hold.' }),
  protocol: protocols,
  versions: Type.Array(Type.String()),
  severity: Type.Union([severities, Type.Record(Type.String(), severities)], {
    description: 'The verdict by the specification; by version where versions differ.',
  }),
  axis: axes,
  fault: Type.String({ description: 'Who is at fault.' }),
  peer: Type.String({ description: 'What a tolerant peer does: rejects, tolerates, ignores, unknown.' }),
  clause: Type.String(),
  causes: Type.Array(Type.String()),
  next: Type.Array(Type.String(), { description: 'What to check next.' }),
  quirk: Type.Optional(Type.String({ description: 'The firmware habit that it is a sign of.' })),
});

type ToldRule = Omit<RuleDeclaration, 'protocol'> & { readonly protocol: NonNullable<RuleDeclaration['protocol']> };

/** The catalogue of rules: what is looked for, whose fault it is, why it happens. */
export function ruleRoutes(query: JournalQuery): Route[] {
  // Read once, when somebody asks.
  let told: ReadonlyMap<string, ToldRule> | undefined;
  const rules = (): ReadonlyMap<string, ToldRule> => {
    told ??= new Map(everyRule().map((each) => [each.id, toldOf(each)]));
    return told;
  };
  return [
    route({
      method: 'GET',
      path: '/rules',
      summary: 'Every rule that a finding can name, in the order of their families',
      tags: ['findings'],
      query: Type.Object({
        protocol: Type.Optional(protocols),
        version: Type.Optional(Type.String({ maxLength: 20, description: 'Of the protocol: 1.6, 2.0.1, 2.1, 2.3.' })),
        severity: Type.Optional(severities),
        axis: Type.Optional(axes),
        peer: Type.Optional(peers),
        fault: Type.Optional(Type.String({ maxLength: 20, description: 'station, csms, sender, cpo, emp, hub, …' })),
        text: Type.Optional(Type.String({ maxLength: 200, description: 'Part of id, title or clause, in any case.' })),
      }),
      response: Type.Object({ items: Type.Array(rule), total: Type.Integer() }),
      handler({ query: { protocol, version, severity, axis, peer, fault, text = '' } }) {
        const wanted = text.toLowerCase();
        const items = [...rules().values()].filter(
          (each) =>
            (protocol === undefined || each.protocol === protocol) &&
            (version === undefined || each.versions.includes(version)) &&
            (severity === undefined || severitiesOf(each, version).includes(severity)) &&
            (axis === undefined || each.axis === axis) &&
            (peer === undefined || each.peer === peer) &&
            (fault === undefined || each.fault === fault) &&
            `${each.id} ${each.title} ${each.clause}`.toLowerCase().includes(wanted),
        );
        return { items, total: rules().size };
      },
    }),
    route({
      method: 'GET',
      path: '/rules/{id}',
      summary: 'One rule, and how often it was broken here',
      tags: ['findings'],
      params: Type.Object({ id: Type.String({ maxLength: 200 }) }),
      response: Type.Object({
        ...rule.properties,
        findings: Type.Integer({ description: 'In this journal.' }),
        muted: Type.Integer(),
        first: Type.Optional(Type.Number({ description: 'Epoch milliseconds.' })),
        last: Type.Optional(Type.Number()),
      }),
      problems: ['NOT_FOUND'],
      async handler({ params: { id } }) {
        const found = rules().get(id);
        if (found === undefined) {
          throw new CompoteError('NOT_FOUND', {
            detail: `There is no rule ${id}`,
            hint: 'GET /api/v1/rules lists all.',
          });
        }
        const [group] = await query.findingGroups('rule', { rule: id });
        if (group === undefined) return { ...found, findings: 0, muted: 0 };
        return { ...found, findings: group.count, muted: group.muted, first: group.first, last: group.last };
      },
    }),
  ];
}

function toldOf(each: RuleDeclaration): ToldRule {
  const { id, title, protocol = 'ocpp', versions, severity, axis, fault, peer, clause, causes, next, quirk } = each;
  const fields = { id, title, protocol, versions, severity, axis, fault, peer, clause, causes, next };
  return quirk === undefined ? fields : { ...fields, quirk };
}

function severitiesOf({ severity, versions }: ToldRule, version: string | undefined): string[] {
  if (typeof severity === 'string') return [severity];
  return (version === undefined ? versions : [version]).flatMap((each) => severity[each] ?? []);
}

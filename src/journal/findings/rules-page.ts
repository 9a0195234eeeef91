import type { Severity } from '../entry.ts';
import type { Rule } from './rule.ts';

/** `docs/reference/rules.md`: every rule, from its declaration. */
export function rulesPage(rules: readonly Rule[]): string {
  const lines = [
    '# Rules',
    '',
    'Generated from the rules themselves by `npm run docs:reference`; do not edit.',
    '',
    `${rules.length} rules look at the traffic between stations and CSMS, live and in imported logs. A finding names the rule, the`,
    'party at fault, the message it stands on and the messages that prove it. What a rule cannot judge, because the traffic',
    'does not show enough, is counted as not evaluable and never as passed.',
    '',
    '| rules for | count |',
    '|---|---|',
    ...(['1.6', '2.0.1', '2.1'] as const).map(
      (version) => `| OCPP ${version} | ${rules.filter((rule) => rule.versions.includes(version)).length} |`,
    ),
  ];
  for (const [family, members] of familiesOf(rules)) {
    lines.push('', `## ${family}`);
    for (const rule of members) lines.push('', ...entryOf(rule));
  }
  return `${lines.join('\n')}\n`;
}

function entryOf(rule: Rule): string[] {
  const facts = [
    `OCPP ${rule.versions.join(', ')}`,
    severityOf(rule),
    `at fault: ${rule.fault === 'sender' ? 'whoever sent it' : `the ${rule.fault === 'csms' ? 'CSMS' : 'station'}`}`,
    rule.axis,
    rule.clause,
  ];
  return [
    `### ${rule.id}: ${rule.title}`,
    '',
    `${facts.join(' · ')}.`,
    '',
    ...rule.causes.map((cause) => `- Likely cause: ${cause}.`),
    ...rule.next.map((next) => `- Check next: ${next}.`),
    `- A tolerant peer: ${rule.peer}${rule.quirk === undefined ? '' : `; a sign of the habit \`${rule.quirk}\``}.`,
  ];
}

function severityOf({ severity, versions }: Rule): string {
  if (typeof severity === 'string') return severity;
  const groups = new Map<Severity, string[]>();
  for (const version of versions) groups.set(severity[version], [...(groups.get(severity[version]) ?? []), version]);
  return [...groups].map(([name, of]) => `${name} (${of.join(', ')})`).join(', ');
}

/** `OCPP16-TX-004` belongs to `OCPP16-TX`. */
function familiesOf(rules: readonly Rule[]): Map<string, Rule[]> {
  const families = new Map<string, Rule[]>();
  for (const rule of rules) {
    const family = rule.id.slice(0, rule.id.lastIndexOf('-'));
    families.set(family, [...(families.get(family) ?? []), rule]);
  }
  return families;
}

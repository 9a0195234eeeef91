import { OCPP_VERSIONS } from '../../protocols/ocpp/versions.ts';
import type { Severity } from '../entry.ts';
import type { RuleDeclaration, RuleProtocol } from './rule.ts';

const PROTOCOLS: Readonly<Record<RuleProtocol, string>> = {
  ocpp: 'OCPP',
  oicp: 'OICP',
  pnc: 'Plug & Charge',
  across: 'Between protocols',
};

const AT_FAULT: Readonly<Record<RuleDeclaration['fault'], string>> = {
  station: 'the station',
  csms: 'the CSMS',
  sender: 'whoever sent it',
  caller: 'whoever asked',
  server: 'whoever answered',
  cpo: 'the CPO',
  emp: 'the EMP',
  hub: 'the hub',
  pools: 'the Plug & Charge pools',
};

/** `docs/reference/rules.md`: every rule, from its declaration. */
export function rulesPage(rules: readonly RuleDeclaration[]): string {
  const lines = [
    '# Rules',
    '',
    'Generated from the rules themselves by `npm run docs:reference`; do not edit.',
    '',
    `${rules.length} rules look at the traffic between the parties, live and in imported logs. A finding names the rule, the`,
    'party at fault, the message it stands on and the messages that prove it. What a rule cannot judge, because the traffic',
    'does not show enough, is counted as not evaluable and never as passed.',
    '',
    '| rules for | count |',
    '|---|---|',
    ...OCPP_VERSIONS.map((version) => countOf(`OCPP ${version}`, ofProtocol(rules, 'ocpp'), version)),
    countOf('OICP 2.3', ofProtocol(rules, 'oicp')),
    countOf('Plug & Charge', ofProtocol(rules, 'pnc')),
    countOf('what protocols say of each other', ofProtocol(rules, 'across')),
  ];
  for (const [family, members] of familiesOf(rules)) {
    lines.push('', `## ${family}`);
    for (const rule of members) lines.push('', ...entryOf(rule));
  }
  return `${lines.join('\n')}\n`;
}

function entryOf(rule: RuleDeclaration): string[] {
  const facts = [
    [PROTOCOLS[rule.protocol ?? 'ocpp'], rule.versions.join(', ')].join(' ').trim(),
    severityOf(rule),
    `at fault: ${AT_FAULT[rule.fault]}`,
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

function severityOf({ severity, versions }: RuleDeclaration): string {
  if (typeof severity === 'string') return severity;
  const groups = new Map<Severity, string[]>();
  for (const version of versions) {
    const named = severity[version] ?? 'error';
    groups.set(named, [...(groups.get(named) ?? []), version]);
  }
  return [...groups].map(([name, of]) => `${name} (${of.join(', ')})`).join(', ');
}

function ofProtocol(rules: readonly RuleDeclaration[], protocol: RuleProtocol): readonly RuleDeclaration[] {
  return rules.filter((rule) => (rule.protocol ?? 'ocpp') === protocol);
}

function countOf(name: string, rules: readonly RuleDeclaration[], version?: string): string {
  return `| ${name} | ${version === undefined ? rules.length : rules.filter((rule) => rule.versions.includes(version)).length} |`;
}

/** `OCPP16-TX-004` belongs to `OCPP16-TX`, `oicp.cdr.second` to `oicp.cdr`. */
function familiesOf(rules: readonly RuleDeclaration[]): Map<string, RuleDeclaration[]> {
  const families = new Map<string, RuleDeclaration[]>();
  for (const rule of rules) {
    const family = rule.id.slice(0, rule.id.lastIndexOf(rule.id.includes('.') ? '.' : '-'));
    families.set(family, [...(families.get(family) ?? []), rule]);
  }
  return families;
}

import { mermaidOf, sequenceOf, textOf } from '../sequence/index.ts';
import type { RankedFinding } from './found-rules.ts';
import type { InspectionResult } from './inspection.ts';
import { peerText } from './report-text.ts';

/** JUnit XML: one test case for each rule that was broken; what is muted was skipped. */
export function reportJunit(result: InspectionResult, failsOn: (finding: RankedFinding) => boolean): string {
  const rules = result.findings.map((finding) => {
    const { severity, axis, peer, muted, status } = finding;
    const examples = finding.examples.map(({ seq, party, text: sentence }) => `#${seq ?? '?'} ${party}: ${sentence}`);
    const text = [`by the specification: ${severity} (${axis}); a tolerant peer: ${peer}`, ...examples].join('\n');
    const inside =
      status === 'muted'
        ? `<skipped message="${xml(`muted: ${muted?.reason ?? ''}`)}"/><system-out>${xml(text)}</system-out>`
        : failsOn(finding)
          ? `<failure type="${xml(severity)}" message="${xml(finding.title)}">${xml(text)}</failure>`
          : `<system-out>${xml(text)}</system-out>`;
    return `    <testcase classname="rules" name="${xml(finding.rule)}">${inside}</testcase>`;
  });
  const failures = result.findings.filter(failsOn).length;
  const skipped = result.findings.filter(({ status }) => status === 'muted').length;
  const cases = rules.length === 0 ? ['    <testcase classname="rules" name="all rules"/>'] : rules;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  <testsuite name="compote inspect" tests="${cases.length}" failures="${failures}" skipped="${skipped}">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

/** One page without scripts and without anything from elsewhere: to mail and to open offline. */
export function reportHtml(result: InspectionResult): string {
  const findings = result.findings.map(
    (
      finding,
    ) => `<section class="${finding.status === 'muted' ? 'muted' : finding.severity}"><h3>${xml(finding.severity)} <code>${xml(finding.rule)}</code> ${xml(finding.title)} <small>${finding.count} ×, ${xml([finding.clause, peerText(finding.peer), mutedText(finding)].filter(Boolean).join(', '))}</small></h3>
<ul>${finding.examples.map(({ seq, party, text }) => `<li>#${seq ?? '?'} ${xml(party)}: ${xml(text)}</li>`).join('')}</ul>
${list('Likely', finding.causes)}${list('Look at', finding.next)}</section>`,
  );
  const sessions = result.sessions.map(({ session, rows }) => {
    const sequence = sequenceOf(rows);
    return `<details><summary><code>${xml(session.id)}</code> ${xml(session.station)} · ${xml(session.state)} · ${xml(session.start)} · ${session.energyWh === undefined ? '–' : `${(session.energyWh / 1_000).toFixed(3)} kWh`} · ${session.findings[0]} errors, ${session.findings[1]} warnings</summary>
${session.problem === undefined ? '' : `<p>${xml(session.problem)}</p>`}<pre>${xml(textOf(sequence))}</pre><details><summary>Mermaid</summary><pre>${xml(mermaidOf(sequence))}</pre></details></details>`;
  });
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Inspection</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>body{font:14px/1.45 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem}pre{overflow-x:auto;font-size:12px}
section{border-left:4px solid #1864ab;padding:0 1rem;margin:1rem 0}section.error{border-color:#c92a2a}section.warning{border-color:#8f5b00}section.muted{border-color:#adb5bd;opacity:.7}small{color:#5c636a}</style></head>
<body><h1>Inspection</h1><p>${result.messages} messages of ${result.stations} stations, ${result.sessionCount} sessions, ${result.findings.length} rules broken. This is a check, not a certification.</p>
<h2>Findings</h2>${findings.join('\n') || '<p>None.</p>'}
<h2>Sessions</h2>${sessions.join('\n') || '<p>None.</p>'}
</body></html>
`;
}

function mutedText({ muted }: RankedFinding): string {
  return muted === undefined ? '' : `${muted.count} muted: ${muted.reason}`;
}

function list(title: string, items: readonly string[]): string {
  return items.length === 0 ? '' : `<p>${title}: ${items.map(xml).join('; ')}</p>`;
}

/** XML 1.0 knows no control characters but tab and line ends. */
function xml(text: string): string {
  return Array.from(text, (each) => {
    const code = each.codePointAt(0) ?? 0;
    if (code < 32 && code !== 9 && code !== 10) return '�';
    return ESCAPES[each] ?? each;
  }).join('');
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

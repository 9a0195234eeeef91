import type { PeerReaction } from '../entry.ts';
import { sequenceOf, textOf } from '../sequence/index.ts';
import type { InspectionResult } from './inspection.ts';

/** The result for a person at a terminal. @param diagrams how many sequence diagrams at most. */
export function reportText(result: InspectionResult, diagrams: number): string {
  const { findings, sessions } = result;
  const lines = [
    `${count(result.messages)} messages of ${count(result.stations)} stations, ${count(result.sessionCount)} sessions, ${count(findings.length)} rules broken`,
    '',
  ];
  if (findings.length > 0) lines.push('FINDINGS', '');
  for (const finding of findings) {
    const word = finding.status === 'muted' ? 'muted' : finding.severity.toUpperCase();
    const facts = [`${finding.count} ×`, finding.clause, peerText(finding.peer)].filter(Boolean).join(', ');
    lines.push(`${word.padEnd(8)}${finding.rule}  ${finding.title}  (${facts})`);
    if (finding.muted !== undefined) lines.push(`        ${finding.muted.count} muted: ${finding.muted.reason}`);
    for (const each of finding.examples.slice(0, 2)) {
      lines.push(`        ${each.seq === undefined ? '' : `#${each.seq} `}${each.party}: ${each.text}`);
    }
    if (finding.causes.length > 0) lines.push(`        likely: ${finding.causes.join('; ')}`);
    if (finding.next.length > 0) lines.push(`        look at: ${finding.next.join('; ')}`);
  }
  if (sessions.length > 0) lines.push('', 'SESSIONS', '');
  for (const { session } of sessions) {
    const energy = session.energyWh === undefined ? '' : `  ${(session.energyWh / 1_000).toFixed(3)} kWh`;
    const {
      findings: [errors, warnings],
    } = session;
    const marks = errors + warnings === 0 ? '' : `  ${errors} errors, ${warnings} warnings`;
    const { ocppTx, oicp } = session.ids;
    const id = ocppTx !== undefined ? `  transaction ${ocppTx}` : oicp !== undefined ? `  OICP session ${oicp}` : '';
    lines.push(
      `${session.id}  ${session.start}  ${session.station}  ${session.state}  ${session.ids.token ?? '(no token)'}${id}${energy}${marks}`,
    );
    if (session.problem !== undefined) lines.push(`        ${session.problem}`);
  }
  const worth = sessions
    .filter(({ session, findings: own }) => own.length > 0 || session.state === 'problem')
    .slice(0, diagrams);
  for (const { session, rows } of worth) {
    lines.push('', `SEQUENCE ${session.id}`, '', textOf(sequenceOf(rows)).trimEnd());
  }
  return `${lines.join('\n')}\n`;
}

/** What a tolerant peer would do, in words; nothing where that is not known. */
export function peerText(peer: PeerReaction): string {
  return PEERS[peer];
}

const PEERS: Readonly<Record<PeerReaction, string>> = {
  rejects: 'a tolerant peer rejects it too',
  tolerates: 'a tolerant peer copes with it',
  ignores: 'a tolerant peer ignores it',
  unknown: '',
};

function count(value: number): string {
  return value.toLocaleString('en');
}

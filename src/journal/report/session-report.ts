import { isoTime } from '../../core/time.ts';
import type { PlacedFinding, Reconciliation, Row, Session, SessionSeries } from '../query.ts';
import { escaped, standalonePage } from './html.ts';
import { meterDrawing, sequenceDrawing } from './report-drawings.ts';

export interface SessionReportInput {
  readonly session: Session;
  /** Oldest first. */
  readonly rows: readonly Row[];
  /** Number of a message -> its text, secrets masked. */
  readonly texts: ReadonlyMap<number, string>;
  readonly points: SessionSeries['points'];
  readonly reconciliation: Reconciliation;
  readonly findings: readonly PlacedFinding[];
  /** True when there are more messages than the report holds. */
  readonly cut: boolean;
}

/** A session as one HTML file to be mailed: what happened, the curve, who said what, every message. Opens from disk. */
export function sessionReport(input: SessionReportInput): string {
  const { session, rows, points } = input;
  const title = `Session ${session.id}`;
  const facts = [
    session.state,
    session.station === ''
      ? undefined
      : `${session.station}${session.evse === undefined ? '' : ` EVSE ${session.evse}`}`,
    session.energyWh === undefined ? undefined : `${(session.energyWh / 1_000).toFixed(3)} kWh`,
    `${session.start} to ${session.end ?? 'now'}`,
    `${session.messages} messages`,
  ].filter((fact) => fact !== undefined);
  return standalonePage(
    title,
    [
      `<h1>${escaped(title)}</h1>`,
      `<p>${escaped(facts.join(' · '))}</p>`,
      session.problem === undefined ? '' : `<p class="bad">✗ ${escaped(session.problem)}</p>`,
      ids(session),
      '<h2>Power and energy</h2>',
      `<div class="wide" id="chart">${meterDrawing(points)}</div>`,
      '<h2>Who said what</h2>',
      reconciled(input.reconciliation),
      found(input.findings),
      '<h2>Sequence</h2>',
      `<div class="wide" id="sequence">${sequenceDrawing(rows)}</div>`,
      '<h2>Messages</h2>',
      input.cut ? `<p class="soft">The first ${rows.length}.</p>` : '',
      `<div id="messages">${rows.map((row) => message(row, input.texts.get(row.s))).join('\n')}</div>`,
      '<p class="soft">Made by OCPP Compote. Secrets are masked. What our rules saw; not a certification.</p>',
    ].join('\n'),
  );
}

function ids({ ids: known }: Session): string {
  const parts = Object.entries(known).flatMap(([name, id]) =>
    id === undefined ? [] : [`<span class="soft">${escaped(name)}</span> <code>${escaped(id)}</code>`],
  );
  return `<p>${parts.join(' · ')}</p>`;
}

const VOICES = ['station', 'csms', 'notifications', 'cdrSent', 'cdrReceived'] as const;

function reconciled({ rows }: Reconciliation): string {
  const told = rows.filter(({ cells }) => VOICES.some((voice) => cells[voice].value !== undefined));
  if (told.length === 0) return '<p class="soft">Nobody has said anything.</p>';
  const lines = told.map(({ item, cells, verdict, delta }) => {
    const values = VOICES.map((voice) => `<td>${escaped(cells[voice].value ?? '–')}</td>`).join('');
    const how = verdict === 'differs' ? 'bad' : verdict === 'missing' ? 'soft' : 'ok';
    return `<tr><td>${escaped(item)}</td>${values}<td class="${how}">${verdict}${delta === undefined ? '' : ` ${escaped(delta)}`}</td></tr>`;
  });
  return `<div class="wide"><table><thead><tr><th></th><th>Station</th><th>CSMS</th><th>Notifications</th><th>CDR sent</th><th>CDR received</th><th>Verdict</th></tr></thead><tbody>${lines.join('')}</tbody></table></div><p class="soft">Energies in Wh.</p>`;
}

function found(findings: readonly PlacedFinding[]): string {
  if (findings.length === 0) return '';
  const lines = findings.map(
    ({ severity, rule, party, text, seq }) =>
      `<tr><td class="${severity === 'error' ? 'bad' : ''}">${severity}</td><td><code>${escaped(rule)}</code></td><td>${escaped(party)}</td><td style="white-space:normal">${escaped(text)}${seq === undefined ? '' : ` <a href="#m${seq}">#${seq}</a>`}</td></tr>`,
  );
  return `<h2>Findings</h2><div class="wide"><table><thead><tr><th>Severity</th><th>Rule</th><th>At fault</th><th>What</th></tr></thead><tbody>${lines.join('')}</tbody></table></div>`;
}

function message({ s, t, p, v, f, to, a, k, sum }: Row, text: string | undefined): string {
  const time = isoTime(t).slice(11, 23);
  return `<details id="m${s}"><summary><code>#${s} ${time}</code> <b class="proto ${p}">${escaped(p.toUpperCase())}${v === undefined ? '' : ` ${escaped(v)}`}</b> ${escaped(f)} → ${escaped(to)} <b>${escaped(a)}</b> <span class="soft">${k}${sum === '' ? '' : `: ${escaped(sum)}`}</span></summary><pre>${escaped(text ?? '')}</pre></details>`;
}

import { describe, expect, it } from 'vitest';
import type { Reconciliation, Row, Session } from '../query.ts';
import { sessionReport } from './session-report.ts';

const SESSION: Session = {
  id: 'S-20261122-0007',
  kind: 'remote',
  state: 'settled',
  station: '<b>CS-1</b>',
  ids: { ocppTx: 'tx-1' },
  start: '2026-11-22T10:14:02Z',
  energyWh: 7_412,
  cdr: 'accepted',
  messages: 2,
  findings: [0, 0, 0],
  verdict: 'ok',
  steps: [],
};
const NONE: Reconciliation = { tolerance: { wh: 1, s: 1 }, rows: [] };
const ROWS: Row[] = [
  {
    s: 1,
    t: 36_842_101,
    k: 'request',
    p: 'ocpp',
    v: '1.6',
    f: 'CS-1',
    to: 'csms',
    a: 'Authorize',
    sum: '"><img>',
    b: 9,
  },
  {
    s: 2,
    t: 36_842_104,
    k: 'response',
    p: 'ocpp',
    v: '1.6',
    f: 'csms',
    to: 'CS-1',
    a: 'Authorize',
    sum: 'Accepted',
    b: 9,
  },
];

describe('the report of a session', () => {
  const html = sessionReport({
    session: SESSION,
    rows: ROWS,
    texts: new Map([[1, '[2,"1","Authorize",{"idTag":"</pre><script>"}]']]),
    points: [
      { t: 0, seq: 1, energyWh: 100, powerW: 11_000 },
      { t: 60_000, seq: 2, energyWh: 283, powerW: 10_900 },
    ],
    reconciliation: NONE,
    findings: [],
    cut: false,
  });

  it('holds no script and no address, whatever stations write', () => {
    expect(html).not.toMatch(/<script|<img|<b>CS|(?:src|href)="(?!#)|url\(/);
    expect(html).toContain('&lt;/pre&gt;&lt;script&gt;');
    expect(html).toContain("default-src 'none'");
  });

  it('has the messages with their texts, the sequence and the curve', () => {
    expect(html.match(/<details id="m\d+">/g)).toEqual(['<details id="m1">', '<details id="m2">']);
    expect(html).toContain('aria-label="Sequence of 2 messages over 2 parties"');
    expect(html).toMatch(/<polyline [^>]*points="60\.0,[\d.]+ 940\.0,[\d.]+"/);
    expect(html).toContain('10:14:02.101');
  });
});

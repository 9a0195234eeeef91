import { describe, expect, it } from 'vitest';
import { OcppSchemaSet } from '../../protocols/ocpp/schemas.ts';
import type { LinkDescription, NewFinding } from '../entry.ts';
import { ruleCatalogue } from './catalogue.ts';
import { RuleEngine } from './engine.ts';
import { family, type Rule, V16 } from './rule.ts';
import { runTrace } from './testing/trace.ts';

const schemas = new OcppSchemaSet();
const rules = ruleCatalogue();
const LINK: LinkDescription = {
  a: { id: 'CS-1', role: 'cs' },
  b: { id: 'csms', role: 'csms' },
  protocol: 'ocpp',
  version: '1.6',
  transport: 'file',
  conn: 'log',
  tap: 'import',
};
const UNKNOWN_RESERVATION =
  'S> StartTransaction {"connectorId":1,"idTag":"A","meterStart":1,"timestamp":"@","reservationId":0} = {"transactionId":7,"idTagInfo":{"status":"Accepted"}}\n';

function probe(check: NonNullable<Rule['check']>): readonly Rule[] {
  const rule = {
    id: 'T-1',
    severity: 'error',
    fault: 'station',
    title: '',
    clause: '',
    on: ['Heartbeat.request'],
    check,
  } as const;
  return family({ versions: V16, axis: 'conformance' }, [rule]);
}
const BEATS = '1.6\nopen\nboot\nS> Heartbeat {} = {"currentTime":"@"}\nS> Heartbeat {} = {"currentTime":"@"}\n';

describe('the rule engine', () => {
  it('reports one finding per rule and object, and counts what comes again', () => {
    const once = probe((c) => c.report({ text: 'beat' }));
    const { findings, counts } = runTrace(BEATS, { rules: once, schemas });
    expect(findings.map(({ text }) => text)).toEqual(['beat']);
    expect(counts.get('T-1')).toEqual({ findings: 1, repeats: 1, notEvaluable: 0 });
    const each = probe((c) => c.report({ text: 'beat', object: c.o.seq }));
    expect(runTrace(BEATS, { rules: each, schemas }).findings).toHaveLength(2);
  });

  it('counts what a rule cannot judge, and never passes it', () => {
    const { findings, counts } = runTrace(BEATS, { rules: probe((c) => c.notEvaluable()), schemas });
    expect(findings).toEqual([]);
    expect(counts.get('T-1')).toEqual({ findings: 0, repeats: 0, notEvaluable: 2 });
  });

  it('an expectation that the log does not live to see is not evaluable', () => {
    const waiting = probe((c) => c.expect({ withinMs: 60_000, otherwise: () => ({ text: 'late' }) }));
    const { findings, counts } = runTrace(BEATS, { rules: waiting, schemas });
    expect(findings).toEqual([]);
    expect(counts.get('T-1')?.notEvaluable).toBe(1);
    expect(runTrace(`${BEATS}wait 62`, { rules: waiting, schemas }).findings).toHaveLength(1);
    expect(runTrace(`${BEATS}close\nwait 62`, { rules: waiting, schemas }).findings).toHaveLength(0);
  });

  it('an exception in a rule stops nothing and is told', () => {
    const broken = probe(() => {
      throw new Error('broken');
    });
    const { findings, defects } = runTrace(BEATS, { rules: broken, schemas });
    expect(findings).toEqual([]);
    expect(defects).toHaveLength(2);
  });

  it('a log that starts in the middle makes rules about the past notes', () => {
    const severities = (text: string) =>
      runTrace(text, { rules, schemas })
        .findings.filter(({ rule }) => rule === 'OCPP16-TX-023')
        .map(({ severity }) => severity);
    expect(severities(`1.6\nopen\n${UNKNOWN_RESERVATION}`)).toEqual(['info']);
    expect(severities(`1.6\nopen\nboot\n${UNKNOWN_RESERVATION}`)).toEqual(['warning']);
  });

  it('a binary frame of a watched link is a finding (OCPPJ-WS-005); links of other protocols are passed over', () => {
    const findings: NewFinding[] = [];
    const engine = new RuleEngine({ rules, schemas, report: (finding) => void findings.push(finding) });
    engine.openLink(1, LINK, 1_000, true);
    engine.openLink(2, { ...LINK, protocol: 'oicp', version: '2.3' }, 1_000, true);
    const frame = { toClient: false, kind: 'error', action: '', messageId: '', raw: Uint8Array.of(0, 255) } as const;
    engine.observe({ ...frame, link: 1, time: 2_000 }, 1);
    engine.observe({ ...frame, link: 2, time: 2_000 }, 2);
    expect(findings.map(({ rule, seq, party }) => ({ rule, seq, party }))).toEqual([
      { rule: 'OCPPJ-WS-005', seq: 1, party: 'CS-1' },
    ]);
  });

  it('what a user only tries ("simulate inbound") is not judged', () => {
    const findings: NewFinding[] = [];
    const engine = new RuleEngine({ rules, schemas, report: (finding) => void findings.push(finding) });
    engine.openLink(1, LINK, 1_000, true);
    const raw = '[2,"1","Nonsense",{}]';
    engine.observe(
      { link: 1, toClient: false, time: 2_000, kind: 'request', action: '', messageId: '', raw, flags: ['synthetic'] },
      1,
    );
    expect(findings).toEqual([]);
  });

  it('keeps a bounded number of stations', () => {
    const engine = new RuleEngine({ rules, schemas, report: () => {}, maxStations: 10 });
    for (let number = 1; number <= 1_000; number++) {
      engine.openLink(number, { ...LINK, a: { id: `CS-${number}`, role: 'cs' } }, number, true);
      engine.closeLink(number, number);
    }
    expect(engine.stationCount).toBeLessThanOrEqual(11);
  });
});

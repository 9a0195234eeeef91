import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseTime } from '../../core/time.ts';
import { VirtualClock } from '../../core/virtual-clock.ts';
import { type Mute, MuteBook } from '../mutes.ts';
import { Anonymiser } from './anonymise.ts';
import { Inspection } from './inspection.ts';
import type { LogFrame, LogMessage } from './log-message.ts';
import { type ReadCounts, readLog } from './log-reader.ts';
import { reportHtml, reportJunit } from './report-files.ts';
import { reportText } from './report-text.ts';

function fixture(name: string): string {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
}

async function read(text: string, pieces = 1_000_000): Promise<{ messages: LogMessage[]; counts: ReadCounts }> {
  const counts: ReadCounts = { lines: 0, messages: 0, shapes: new Map() };
  const messages: LogMessage[] = [];
  const chunks = Array.from({ length: Math.ceil(text.length / pieces) }, (_, i) =>
    text.slice(i * pieces, (i + 1) * pieces),
  );
  for await (const message of readLog(chunks, counts)) messages.push(message);
  return { messages, counts };
}

const frames = async (name: string) => (await read(fixture(name))).messages as LogFrame[];
const told = ({ station, fromStation, time, raw }: LogFrame) => [station, fromStation, time, raw.slice(0, 8)];
const T = parseTime('2025-03-01T10:00:00Z') ?? 0;

describe('logs of others', () => {
  it('SteVe: direction from Received and Sending, station from chargeBoxId', async () => {
    expect((await frames('steve.log')).map(told)).toEqual([
      ['CP-7', true, T + 1_000, '[2,"1","'],
      ['CP-7', false, T + 1_120, '[3,"1",{'],
    ]);
  });

  it('evcc: the present and the older wording', async () => {
    expect((await frames('evcc.log')).map(told)).toEqual([
      ['CP-8', true, T + 1_000, '[2,"a","'],
      ['CP-8', false, T + 2_000, '[3,"a",{'],
      ['CP-8', false, T + 3_000, '[2,"77",'],
      ['CP-8', true, T + 4_000, '[3,"77",'],
    ]);
  });

  it('the Python library: who sends is not in the line, a time may be', async () => {
    expect((await frames('mobilityhouse.log')).map(told)).toEqual([
      ['CP_1', undefined, T + 100, '[2,"1","'],
      ['CP_1', undefined, T + 200, '[3,"1",{'],
      ['CP_1', undefined, undefined, '[2,"2","'],
      ['CP_1', undefined, undefined, '[3,"2",{'],
    ]);
  });

  it('libocpp: a frame over several lines becomes one', async () => {
    const [boot, answer] = await frames('libocpp.log');
    expect(boot?.raw).toBe('[2,"7e34","BootNotification",{"chargePointModel":"AC22","chargePointVendor":"ACME"}]');
    expect([boot?.fromStation, answer?.fromStation, boot?.time]).toEqual([true, false, T + 2_455]);
  });

  it('Open OCPP Trace: `raw` counts, without it the frame is put together', async () => {
    const [call, answer] = await frames('open-ocpp-trace.jsonl');
    expect(call).toMatchObject({
      station: 'CS-201',
      version: '2.0.1',
      fromStation: true,
      raw: '[2,"m1","Heartbeat",{}]',
    });
    expect(answer?.raw).toBe('[3,"m1",{"currentTime":"2025-03-01T10:00:00Z"}]');
  });

  it('plain arrays, with and without time and direction; other lines are passed over', async () => {
    expect((await frames('arrays.log')).map(({ fromStation, time }) => [fromStation, time])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
      [false, T + 5_000],
      [true, T + 6_000],
    ]);
  });

  it('an HTTP archive of OICP: one session from authorisation to record', async () => {
    const inspection = new Inspection();
    for (const message of (await read(fixture('oicp.har'), 100)).messages) inspection.take(message);
    const { sessions } = inspection.finish();
    expect(sessions.map(({ session }) => [session.kind, session.state, session.emp, session.messages])).toEqual([
      ['roaming-rfid', 'settled', 'DE-DCB', 4],
    ]);
  });

  it('pieces of any size give the same messages', async () => {
    for (const name of ['steve.log', 'libocpp.log', 'three-broken.log']) {
      expect((await read(fixture(name), 7)).messages).toEqual((await read(fixture(name))).messages);
    }
  });
});

describe('inspecting a log', () => {
  async function inspect(name: string, anonymiser?: Anonymiser) {
    const inspection = new Inspection();
    for (const message of (await read(fixture(name))).messages) {
      inspection.take(anonymiser === undefined ? message : anonymiser.message(message));
    }
    return inspection.finish();
  }

  it('three broken sessions: each is found, with the rule that it breaks, the worst first', async () => {
    const result = await inspect('three-broken.log');
    expect(result.defects).toEqual([]);
    expect(result.sessionCount).toBe(3);
    expect(result.sessions.map(({ session }) => session.state)).toEqual(['problem', 'ended', 'ended']);
    expect(result.sessions.map(({ findings }) => findings.length > 0).slice(1)).toEqual([true, true]);
    expect(result.findings[0]?.severity).toBe('error');
    const texts = result.findings.flatMap(({ examples }) => examples.map(({ text }) => text)).join('\n');
    expect(texts).toContain('connectorId');
    expect(texts).toContain('900');
  });

  it('is told as text with diagrams, as JUnit and as one page', async () => {
    const result = await inspect('three-broken.log');
    const text = reportText(result, 3);
    expect(text).toMatch(/^12 messages of 1 stations, 3 sessions, \d+ rules broken/);
    expect(text).toContain('SEQUENCE S-20250301-');
    expect(text).toContain('Authorize was answered Invalid');
    const junit = reportJunit(result, ({ severity }) => severity === 'error');
    const errors = result.findings.filter(({ severity }) => severity === 'error').length;
    expect(junit).toContain(`failures="${errors}"`);
    expect(errors).toBeGreaterThan(0);
    const page = reportHtml(result);
    expect(page).not.toMatch(/<script|src=|href=/);
    expect(page).toContain('Mermaid');
  });

  it('is what the guide shows', async () => {
    const guide = readFileSync(new URL('../../../docs/guides/inspect.md', import.meta.url), 'utf8');
    expect(guide).toContain(`\`\`\`text\n${reportText(await inspect('three-broken.log'), 1).trimEnd()}\n\`\`\``);
  });

  it('a log without times and directions is understood from its actions', async () => {
    const result = await inspect('mobilityhouse.log');
    expect(result.sessions.map(({ session }) => session.ids.token)).toEqual(['04A2']);
    expect(result.findings.filter(({ rule }) => rule === 'OCPPJ-RPC-019' || rule === 'OCPPJ-RPC-007')).toEqual([]);
  });

  it('texts of a peer do not become markup of the page', async () => {
    const inspection = new Inspection();
    inspection.take({ type: 'frame', fromStation: true, raw: '[2,"1","Authorize",{"idTag":"<img src=x onerror=1>"}]' });
    const page = reportHtml(inspection.finish());
    expect(page).not.toContain('<img');
  });

  it('anonymised: no id, token or station remains, and equal ones stay equal', async () => {
    const anonymiser = new Anonymiser();
    const result = await inspect('steve.log', anonymiser);
    expect(JSON.stringify(result)).not.toContain('CP-7');
    const first = anonymiser.text('[2,"1","Authorize",{"idTag":"04A2"}]');
    const other = anonymiser.text('[2,"2","StartTransaction",{"idTag":"04a2","connectorId":1}]');
    expect(first).toBe('[2,"1","Authorize",{"idTag":"TAG-0001"}]');
    expect(other).toContain('"idTag":"TAG-0001"');
    expect(anonymiser.text('{"certificate":"-----BEGIN CERTIFICATE-----"}')).toBe('{"certificate":"certificate 1"}');
    expect(anonymiser.text('{"idTag":"secret')).not.toContain('secret');
  });

  it('anonymised: a card is the same to the station and to the hub, a contract with and without its check character', () => {
    const anonymiser = new Anonymiser();
    const text = (raw: string): string => anonymiser.text(raw);
    expect(text('{"idTag":"044A2DAA856280"}')).toBe('{"idTag":"00000000000001"}');
    expect(text('{"UID":"044a2daa856280"}')).toBe('{"UID":"00000000000001"}');
    expect(text('{"idToken":{"idToken":"044A2DAA","type":"ISO14443"}}')).toContain('"00000002"');
    // The check characters are right again, where they were: of DEANOC00000001 it is computed by hand.
    expect(text('{"emaid":"DE8AAC12345678"}')).toBe('{"emaid":"DEANOC00000001"}');
    const evco = JSON.parse(text('{"EvcoID":"DE-8AA-C12345678-D"}')).EvcoID;
    expect(evco).toMatch(/^DE-ANO-C00000001-.$/);
    expect(JSON.parse(text('{"idToken":"DE8AAC12345678D"}')).idToken).toBe(evco.replaceAll('-', ''));
    expect(text('{"data":"{\\"idToken\\":\\"DE8AAC12345678D\\"}"}')).not.toContain('8AA');
  });
});

describe('the two axes and what is known already', () => {
  const CLOCK = new VirtualClock(T);
  async function inspected(...mutes: Mute[]) {
    const book = new MuteBook(CLOCK);
    for (const mute of mutes) book.put(mute);
    const inspection = new Inspection({ mutes: book });
    for (const message of (await read(fixture('three-broken.log'))).messages) inspection.take(message);
    return inspection.finish();
  }
  const known = { id: 'm', reason: 'ticket 7', createdAt: 0 };

  it('every rule says its verdict and what a tolerant peer would do, in each report', async () => {
    const result = await inspected();
    const schema = result.findings.find(({ rule }) => rule === 'OCPPJ-RPC-021');
    expect(schema).toMatchObject({ severity: 'error', axis: 'conformance', status: 'open' });
    expect(['rejects', 'tolerates', 'ignores']).toContain(schema?.peer);
    expect(reportText(result, 0)).toMatch(/ERROR {3}OCPPJ-RPC-021 .*a tolerant peer/);
    expect(reportHtml(result)).toContain('a tolerant peer');
    const junit = reportJunit(result, ({ severity }) => severity === 'error');
    expect(junit).toContain(`by the specification: error (conformance); a tolerant peer: ${schema?.peer}`);
  });

  it('what is muted stands last, with the reason, and counts for no session', async () => {
    const before = await inspected();
    const result = await inspected({ ...known, rule: 'OCPPJ-RPC-021' });
    expect(result.findings.map(({ rule }) => rule).toSorted()).toEqual(
      before.findings.map(({ rule }) => rule).toSorted(),
    );
    expect(result.findings.at(-1)).toMatchObject({
      rule: 'OCPPJ-RPC-021',
      status: 'muted',
      muted: { reason: 'ticket 7' },
    });
    expect(reportText(result, 0)).toMatch(/muted {3}OCPPJ-RPC-021 .*muted: ticket 7/s);
    expect(reportJunit(result, () => false)).toContain('<skipped message="muted: ticket 7"/>');
    const errors = (of: typeof result): number =>
      of.sessions.reduce((sum, { session }) => sum + session.findings[0], 0);
    expect(errors(result)).toBeLessThan(errors(before));
  });

  it('a mute of another party, or one whose time is over, mutes nothing', async () => {
    const result = await inspected(
      { ...known, rule: 'OCPPJ-RPC-021', party: 'somebody' },
      { ...known, rule: 'OCPPJ-RPC-021', expiresAt: T - 1 },
    );
    expect(result.findings.every(({ status }) => status === 'open')).toBe(true);
  });
});

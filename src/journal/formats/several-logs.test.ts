import { describe, expect, it } from 'vitest';
import { START_MS, virtualWorld } from '../../../test/journal-fixture.ts';
import { isoTime } from '../../core/time.ts';
import { watchedJournal } from '../findings/watched-recorder.ts';
import { openMemoryJournal } from '../index.ts';
import { Inspection } from './inspection.ts';
import type { LogMessage } from './log-message.ts';
import { readLog } from './log-reader.ts';
import { inOrderOfTime, stationsByFile } from './merged-logs.ts';

const SESSION = '3b129fb6-c4af-476e-8bec-6e307c8e5d25';
const CARD = '{"RFIDMifareFamilyIdentification":{"UID":"044A2DAA856280"}}';
const STATION = { id: 'CS-1', role: 'cs' };
const CSMS = { id: 'csms', role: 'csms' };
const HUB = { id: 'hub', role: 'hub' };
const at = (s: number): string => isoTime(START_MS + s * 1_000);

interface Said {
  readonly s: number;
  readonly action: string;
  readonly asked: string;
  readonly answered: string;
}

/** The lines that a journal exports of exchanges; half a second to each answer. */
function journalOf(proto: 'ocpp' | 'oicp', epoch: string, said: readonly Said[], clock?: string): string[] {
  const [from, to] = proto === 'ocpp' ? [STATION, CSMS] : [CSMS, HUB];
  return said.flatMap(({ s, action, asked, answered }, index) =>
    [asked, answered].map((body, half) => {
      const id = `m${index}`;
      const frame = half === 0 ? `[2,"${id}","${action}",${body}]` : `[3,"${id}",${body}]`;
      const seq = 2 * index + half + 1;
      return `${JSON.stringify({
        seq,
        epoch,
        kind: half === 0 ? 'request' : 'response',
        proto,
        version: proto === 'ocpp' ? '1.6' : '2.3',
        action,
        messageId: id,
        from: half === 0 ? from : to,
        to: half === 0 ? to : from,
        time: { received: at(s + half / 2), mono: START_MS + s * 1_000 + half * 500 },
        raw: proto === 'ocpp' ? frame : body,
        partner: { seq: half === 0 ? seq + 1 : seq - 1 },
        transport: {
          type: proto === 'ocpp' ? 'ws' : 'http',
          conn: 'c',
          tap: to?.id,
          sender: half === 0 ? 'client' : 'server',
          ...(clock === undefined ? {} : { clock }),
        },
        findings: [],
        flags: [],
        origin: { by: 'peer' },
      })}\n`;
    }),
  );
}

/** A foreign card charges 2 kWh in ten minutes. @param stampS seconds by the station's clock for a second of time */
function csms(stampS = 1, clock?: string): string[] {
  return journalOf(
    'ocpp',
    'eeeeeee1',
    [
      {
        s: 2,
        action: 'StartTransaction',
        asked: `{"connectorId":1,"idTag":"044A2DAA856280","meterStart":1000,"timestamp":"${at(2 * stampS)}"}`,
        answered: '{"transactionId":7,"idTagInfo":{"status":"Accepted"}}',
      },
      {
        s: 602,
        action: 'StopTransaction',
        asked: `{"transactionId":7,"idTag":"044A2DAA856280","meterStop":3000,"timestamp":"${at(602 * stampS)}"}`,
        answered: '{"idTagInfo":{"status":"Accepted"}}',
      },
    ],
    clock,
  );
}

function hub(kWh: number, stampS = 1, clock?: string): string[] {
  const [start, end] = [at(2 * stampS), at(602 * stampS)];
  return journalOf(
    'oicp',
    'eeeeeee2',
    [
      {
        s: 0,
        action: 'AuthorizeStart',
        asked: `{"OperatorID":"DE*ABC","EvseID":"DE*ABC*E1*1","Identification":${CARD}}`,
        answered: `{"SessionID":"${SESSION}","ProviderID":"DE-DCB","AuthorizationStatus":"Authorized","StatusCode":{"Code":"000"}}`,
      },
      {
        s: 604,
        action: 'ChargeDetailRecord',
        asked: `{"SessionID":"${SESSION}","EvseID":"DE*ABC*E1*1","Identification":${CARD},"SessionStart":"${start}","ChargingStart":"${start}","ChargingEnd":"${end}","SessionEnd":"${end}","ConsumedEnergy":${kWh}}`,
        answered: '{"Result":true,"StatusCode":{"Code":"000"}}',
      },
    ],
    clock,
  );
}

const merged = (...journals: readonly (readonly string[])[]) =>
  inOrderOfTime(journals.map((lines) => readLog(lines, { lines: 0, messages: 0, shapes: new Map() })));

async function found(...journals: readonly (readonly string[])[]): Promise<string[]> {
  const inspection = new Inspection();
  for await (const message of merged(...journals)) inspection.take(message);
  const { findings, defects } = inspection.finish();
  expect(defects).toEqual([]);
  return findings.flatMap(({ rule, examples }) => examples.map(({ text }) => `${rule} ${text}`));
}

describe('several logs', () => {
  it('come in the order of their times, each in its own; a message without a time follows the one before it', async () => {
    const log = async function* (...times: (number | undefined)[]): AsyncGenerator<LogMessage> {
      for (const time of times) yield { type: 'frame', raw: String(time), ...(time === undefined ? {} : { time }) };
    };
    const told: string[] = [];
    for await (const { raw } of inOrderOfTime([log(2, 4, 3, 9), log(1, undefined, 5), log(), log(undefined)]))
      told.push(raw);
    expect(told).toEqual(['undefined', '1', 'undefined', '2', '4', '3', '5', '9']);
  });

  it('name the stations that they do not tell, so that two do not become one; parts of a rotated log are one', () => {
    const named = (...files: string[]) => files.map(stationsByFile(files));
    expect(named('/a/cp-7.log')).toEqual([undefined]);
    expect(named('ocpp.log', 'ocpp.log.1', 'ocpp.log.2')).toEqual([undefined, undefined, undefined]);
    expect(named('/a/cp-7.log', '/a/cp-8.log', '/a/cp-8.log.1')).toEqual(['cp-7', 'cp-8', 'cp-8']);
    expect(named('/cp-7/ocpp.log', '/cp-8/ocpp.log')).toEqual(['/cp-7/ocpp', '/cp-8/ocpp']);
  });

  it('are judged across them: the record at the hub against the transaction at the CSMS, in either order', async () => {
    const fault = 'across.cdr.energy The record says 2.5 kWh, the station counted 2 kWh';
    expect(await found(csms(), hub(2.5))).toEqual([fault]);
    expect(await found(hub(2.5), csms())).toEqual([fault]);
    expect(await found(hub(2), csms())).toEqual([]);
  });

  it('say nothing across where one side is missing', async () => {
    expect(await found(hub(2.5))).toEqual([]);
    expect(await found(csms())).toEqual([]);
  });

  it('of stations on clocks of their own are not judged by their times, when the lines say so', async () => {
    expect((await found(csms(30), hub(2, 30))).map((each) => each.split(' ')[0])).toContain('across.clock');
    expect(await found(csms(30, 'scaled:30'), hub(2, 30, 'scaled:30'))).toEqual([]);
    expect(await found(csms(30, 'scaled:30'), hub(2.5, 30, 'scaled:30'))).toEqual([
      expect.stringMatching(/^across\.cdr\.energy /),
    ]);
  });
});

describe('an import of what several parties said', () => {
  const world = () => {
    const { clock, group } = virtualWorld();
    return watchedJournal(openMemoryJournal({ clock, group, stationClock: 'scaled:60' }), {
      clock,
      clocksAgree: false,
      defect: (where, thrown) => {
        throw new Error(where, { cause: thrown });
      },
    });
  };
  const inOrder = (...journals: readonly (readonly string[])[]): string[] =>
    journals.flat().toSorted((a, b) => (JSON.parse(a).time.received < JSON.parse(b).time.received ? -1 : 1));
  const imported = async (lines: readonly string[]): Promise<string[]> => {
    const journal = world();
    await journal.import(lines);
    const { items } = await journal.query.findings();
    await journal.close();
    return items.map(({ rule, seq }) => `${rule} #${seq}`);
  };

  it('is judged across them', async () => {
    expect(await imported(inOrder(csms(), hub(2.5)))).toEqual(['across.cdr.energy #7']);
    expect(await imported(inOrder(csms(), hub(2)))).toEqual([]);
  });

  it('goes by what its lines say of clocks, not by the clock of the service', async () => {
    expect(await imported(inOrder(csms(30, 'scaled:30'), hub(2, 30, 'scaled:30')))).toEqual([]);
    expect(await imported(inOrder(csms(30), hub(2, 30)))).not.toEqual([]);
  });

  it('tells of clocks again when it is exported', async () => {
    const journal = world();
    await journal.import(csms(30, 'scaled:30'));
    let exported = '';
    for await (const page of journal.export()) exported += page;
    await journal.close();
    expect(exported.match(/"clock":"scaled:30"/g)).toHaveLength(4);
    expect(exported).not.toContain('scaled:60');
  });

  it('is not confused with what the service records itself: its own links tell its own clock', async () => {
    const journal = world();
    const link = journal.recorder.openLink({
      a: { id: 'CS-1', role: 'cs' },
      b: { id: 'csms', role: 'csms' },
      protocol: 'ocpp',
      version: '1.6',
      transport: 'ws',
      conn: 'ws-1',
      facts: { subprotocol: 'ocpp1.6' },
      tap: 'csms',
    });
    journal.recorder.record({
      link,
      toClient: false,
      time: START_MS,
      kind: 'request',
      action: 'Heartbeat',
      messageId: 'h',
      raw: '[2,"h","Heartbeat",{}]',
    });
    expect((await journal.query.message(1)).transport).toMatchObject({ clock: 'scaled:60', subprotocol: 'ocpp1.6' });
    await journal.close();
  });
});

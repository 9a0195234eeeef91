import { describe, expect, it } from 'vitest';
import { HUB, START_MS, STATION_16 } from '../../../test/journal-fixture.ts';
import { isoTime } from '../../core/time.ts';
import { VirtualClock } from '../../core/virtual-clock.ts';
import type { LinkDescription, NewFinding } from '../../journal/entry.ts';
import { MergedRules } from './merged-rules.ts';

const SESSION = '3b129fb6-c4af-476e-8bec-6e307c8e5d25';
const CARD = '{"RFIDMifareFamilyIdentification":{"UID":"044A2DAA856280"}}';

function world(clocksAgree = true) {
  const clock = new VirtualClock(START_MS);
  const findings: NewFinding[] = [];
  const rules = new MergedRules({
    clock,
    clocksAgree,
    report: (finding) => void findings.push(finding),
    defect: (where, thrown) => {
      throw new Error(where, { cause: thrown });
    },
  });
  let seq = 0;
  const at = (ms = 0): string => isoTime(clock.now() + ms);
  /** A request and its answer, as a service's journal tells them. */
  const exchange = async (link: LinkDescription, action: string, asked: string, answered: string): Promise<number> => {
    const messageId = `m${++seq}`;
    const ocpp = link.protocol === 'ocpp';
    const common = { action, messageId, time: clock.now() };
    const request = seq;
    const raw = ocpp ? `[2,"${messageId}","${action}",${asked}]` : asked;
    rules.take({ link, entry: { ...common, toClient: false, kind: 'request', raw }, findings: [] }, request, undefined);
    await clock.runFor(50);
    const answer = ocpp ? `[3,"${messageId}",${answered}]` : answered;
    const time = clock.now();
    rules.take(
      { link, entry: { ...common, time, toClient: true, kind: 'response', raw: answer }, findings: [] },
      ++seq,
      request,
    );
    await clock.runFor(1_000);
    return request;
  };
  return { clock, rules, findings, exchange, at };
}

/** A foreign card charges 2 kWh; the transaction and the record come from different journals. */
async function charged({ exchange, at, clock }: ReturnType<typeof world>): Promise<void> {
  await exchange(
    HUB,
    'AuthorizeStart',
    `{"OperatorID":"DE*ABC","EvseID":"DE*ABC*E1*1","Identification":${CARD}}`,
    `{"SessionID":"${SESSION}","ProviderID":"DE-DCB","AuthorizationStatus":"Authorized","StatusCode":{"Code":"000"}}`,
  );
  await exchange(
    STATION_16,
    'StartTransaction',
    `{"connectorId":1,"idTag":"044A2DAA856280","meterStart":1000,"timestamp":"${at()}"}`,
    '{"transactionId":7,"idTagInfo":{"status":"Accepted"}}',
  );
  await clock.runFor(600_000);
  await exchange(
    STATION_16,
    'StopTransaction',
    `{"transactionId":7,"meterStop":3000,"timestamp":"${at()}"}`,
    '{"idTagInfo":{"status":"Accepted"}}',
  );
}

const record = (at: (ms?: number) => string, kWh: number): string =>
  `{"SessionID":"${SESSION}","EvseID":"DE*ABC*E1*1","Identification":${CARD},"SessionStart":"${at(-600_000)}","ChargingStart":"${at(-600_000)}","ChargingEnd":"${at(-2_000)}","SessionEnd":"${at(-2_000)}","ConsumedEnergy":${kWh}}`;

describe('rules over the merged journal', () => {
  it('find a record whose energy is not what the station counted, on the record, with the end of the transaction', async () => {
    const w = world();
    await charged(w);
    const seq = await w.exchange(
      HUB,
      'ChargeDetailRecord',
      record(w.at, 2.5),
      '{"Result":true,"StatusCode":{"Code":"000"}}',
    );
    expect(w.findings).toEqual([
      expect.objectContaining({
        rule: 'across.cdr.energy',
        peer: expect.any(String),
        party: 'csms',
        seq,
        pointer: '/ConsumedEnergy',
        expected: 2,
        actual: 2.5,
      }),
    ]);
    w.rules.stop();
  });

  it('find nothing where both agree', async () => {
    const w = world();
    await charged(w);
    await w.exchange(HUB, 'ChargeDetailRecord', record(w.at, 2), '{"Result":true,"StatusCode":{"Code":"000"}}');
    await w.clock.runFor(3_600_000);
    expect(w.findings).toEqual([]);
    w.rules.stop();
  });

  it('hear of what is missing from the clock, when no message comes any more', async () => {
    const w = world();
    await charged(w);
    await w.clock.runFor(3_600_000);
    expect(w.findings.map(({ rule }) => rule)).toEqual(['across.cdr.missing']);
    w.rules.stop();
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { SystemClock } from '../src/core/system-clock.ts';
import { Inspection } from '../src/journal/formats/inspection.ts';
import { readLog } from '../src/journal/formats/log-reader.ts';
import { dateTimeText } from '../src/protocols/oicp/index.ts';
import { ForeignParty } from './support/foreign-party.ts';
import { testHub } from './support/hub.ts';

const clock = new SystemClock();
const START = '/charging/v21/operators/DE*ABC/authorize/start';
const CDR = '/cdrmgmt/v22/operators/DE*ABC/charge-detail-record';
const AUTHORIZE =
  '{"OperatorID":"DE*ABC","EvseID":"DE*ABC*E1*1","Identification":{"RFIDMifareFamilyIdentification":{"UID":"044A2DAA856280"}}}';
/** Of the last two seconds. */
const cdr = (session: string, kWh: number): string => {
  const [from, to] = [dateTimeText(clock.now() - 2_000, 60), dateTimeText(clock.now(), 60)];
  return `{"SessionID":"${session}","EvseID":"DE*ABC*E1*1","Identification":{"RFIDMifareFamilyIdentification":{"UID":"044A2DAA856280"}},"SessionStart":"${from}","ChargingStart":"${from}","ChargingEnd":"${to}","SessionEnd":"${to}","ConsumedEnergy":${kWh}}`;
};

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

describe('rules about exchanges', () => {
  it('find a second record in a running hub; the finding stands on the entry, and GET /findings has it', async () => {
    const emp = await ForeignParty.start((heard) =>
      heard.path.endsWith('/authorize/start')
        ? `{"SessionID":"${heard.body.SessionID}","ProviderID":"DE-DCB","AuthorizationStatus":"Authorized","StatusCode":{"Code":"000"}}`
        : '{"Result":true,"StatusCode":{"Code":"000"}}',
    );
    ends.push(() => emp.stop());
    const hub = await testHub(
      {
        demoPartners: false,
        partners: [
          { id: 'csms', operatorIds: ['DE*ABC'], contracts: 'all' },
          { id: 'emp', providerIds: ['DE-DCB'], contracts: 'all', baseUrl: emp.url },
        ],
      },
      { rules: true },
    );
    ends.push(() => hub.end());
    const { body } = await hub.oicp(START, AUTHORIZE);
    expect((await hub.oicp(CDR, cdr(body.SessionID, 12.25))).body.Result).toBe(true);
    expect((await hub.oicp(CDR, cdr(body.SessionID, 12.5))).body.StatusCode.Code).toBe('400');
    const { items } = (await hub.call('GET', '/findings?limit=100')).body;
    const found = items.filter(({ rule }: { rule: string }) => rule === 'oicp.cdr.second');
    expect(found).toEqual([expect.objectContaining({ party: 'csms', severity: 'error', pointer: '/SessionID' })]);
    for (const format of ['jsonl', 'har']) {
      const file = (await hub.request('GET', `/api/v1/journal/export?format=${format}`, undefined)).text;
      expect(await rulesIn(file), format).toEqual(['oicp.cdr.second']);
    }
  });
});

/** The errors that the rules find in a file. */
async function rulesIn(text: string): Promise<string[]> {
  const inspection = new Inspection();
  for await (const message of readLog([text], { lines: 0, messages: 0, shapes: new Map() })) inspection.take(message);
  const { findings, defects } = inspection.finish();
  expect(defects).toEqual([]);
  return findings.filter(({ severity }) => severity === 'error').map(({ rule }) => rule);
}

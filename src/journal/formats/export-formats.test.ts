import { describe, expect, it } from 'vitest';
import { memoryJournal } from '../../../test/journal-fixture.ts';
import { httpArchive, openOcppTrace } from './export-formats.ts';
import { readHar } from './har.ts';

async function textOf(chunks: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += chunk;
  return text;
}

describe('export of the journal', () => {
  it('as Open OCPP Trace: OCPP only, the exact frame in `raw`, an error with its parts', async () => {
    const { journal, entry, links, exchange } = memoryJournal();
    const seq = entry({
      link: links.cs1,
      kind: 'request',
      action: 'Reset',
      messageId: '7',
      raw: '[2,"7","Reset",{"type":"Soft"}]',
      toClient: true,
    });
    entry({
      link: links.cs1,
      kind: 'error',
      action: 'Reset',
      messageId: '7',
      raw: '[4,"7","NotSupported","no",{}]',
      partner: seq,
    });
    exchange(links.hub, 'AuthorizeStart', { OperatorID: 'DE*ABC' }, { AuthorizationStatus: 'Authorized' });
    const records = (await textOf(openOcppTrace(journal.export())))
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(records).toEqual([
      {
        schemaVersion: '1.1',
        timestamp: '2025-11-24T16:00:00.000Z',
        ocppVersion: '1.6',
        transport: 'json',
        chargePointId: 'CS-1',
        direction: 'csms-to-cp',
        messageType: 'CALL',
        messageId: '7',
        action: 'Reset',
        payload: { type: 'Soft' },
        raw: '[2,"7","Reset",{"type":"Soft"}]',
      },
      expect.objectContaining({
        direction: 'cp-to-csms',
        messageType: 'CALLERROR',
        error: { code: 'NotSupported', description: 'no', details: {} },
      }),
    ]);
  });

  it('as HTTP archive: requests with their answers, also one that got none; it can be read again', async () => {
    const { journal, entry, links } = memoryJournal();
    const detail =
      '{"method":"POST","path":"/api/oicp/charging/v21/operators/DE*ABC/authorize/start","headers":{"accept":"application/json"}}';
    const seq = entry({
      link: links.hub,
      kind: 'request',
      action: 'AuthorizeStart',
      raw: '{"OperatorID":"DE*ABC"}',
      detail,
    });
    entry({
      link: links.hub,
      kind: 'response',
      action: 'AuthorizeStart',
      raw: '{"AuthorizationStatus":"Authorized"}',
      toClient: true,
      partner: seq,
      latencyMs: 12,
      detail: '{"status":200}',
    });
    entry({ link: links.hub, kind: 'request', action: 'AuthorizeStart', raw: '{}', detail });
    entry({ link: links.cs1, kind: 'request', action: 'Heartbeat', raw: '[2,"1","Heartbeat",{}]' });
    const text = await textOf(httpArchive(journal.export(), '1.0.0'));
    const { log } = JSON.parse(text) as {
      log: { entries: { time: number; request: { url: string }; response: { status: number } }[] };
    };
    expect(log.entries.map(({ time, response }) => [time, response.status])).toEqual([
      [12, 200],
      [0, 0],
    ]);
    expect(log.entries[0]?.request.url).toBe('http://hub/api/oicp/charging/v21/operators/DE*ABC/authorize/start');
    expect(readHar(text).map((message) => message.type === 'whole' && [message.action, message.kind])).toEqual([
      ['AuthorizeStart', 'request'],
      ['AuthorizeStart', 'response'],
      ['AuthorizeStart', 'request'],
    ]);
  });
});

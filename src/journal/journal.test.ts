import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryJournal, START_MS } from '../../test/journal-fixture.ts';
import type { LiveBatch } from './live-feed.ts';
import type { Row } from './query.ts';

const seqs = (page: { readonly items?: readonly Row[]; readonly rows?: readonly Row[] }): number[] =>
  (page.items ?? page.rows ?? []).map((row) => row.s);

describe('a message', () => {
  it('comes back in full, with payload, partner and transport', async () => {
    const { journal, links, exchange } = memoryJournal();
    const [request, answer] = exchange(
      links.cs1,
      'Authorize',
      { idTag: 'CARD' },
      { idTagInfo: { status: 'Accepted' } },
    );
    expect(await journal.query.message(answer)).toMatchObject({
      seq: answer,
      epoch: journal.epoch,
      kind: 'response',
      proto: 'ocpp',
      version: '1.6',
      action: 'Authorize',
      messageId: 'm1',
      from: { id: 'csms', role: 'csms' },
      to: { id: 'CS-1', role: 'cs' },
      time: { received: '2025-11-24T16:00:00.000Z' },
      payload: { idTagInfo: { status: 'Accepted' } },
      raw: '[3,"m1",{"idTagInfo":{"status":"Accepted"}}]',
      partner: { seq: request, latencyMs: 12.5 },
      transport: { type: 'ws', conn: 'ws-1', tap: 'csms', subprotocol: 'ocpp1.6', sender: 'server' },
      origin: { by: 'peer' },
      flags: [],
    });
    expect((await journal.query.message(request)).partner).toEqual({ seq: answer, latencyMs: 12.5 });
    expect((await journal.query.messages()).items[1]).toMatchObject({
      s: request,
      f: 'CS-1',
      to: 'csms',
      a: 'Authorize',
      sum: 'CARD',
      x: { s: answer, k: 'response', st: 'Accepted', ms: 12.5 },
    });
  });

  it('keeps NUL, invalid UTF-8 and a cut tail exactly, in query and export', async () => {
    const { journal, links, entry } = memoryJournal({ maxRawBytes: 16 });
    const nul = entry({ link: links.cs1, kind: 'request', action: '', raw: 'a\0b\u0001' });
    const bytes = entry({
      link: links.cs1,
      kind: 'request',
      action: '',
      raw: new Uint8Array([0xff, 0, 0xfe]),
      flags: ['malformed'],
    });
    const long = entry({ link: links.cs1, kind: 'request', action: '', raw: '0123456789abcdefXYZ' });
    const [first, second, third] = await Promise.all([nul, bytes, long].map((seq) => journal.query.message(seq)));
    expect(first?.raw).toBe('a\0b\u0001');
    expect([second?.raw, second?.rawEncoding]).toEqual([Buffer.from([0xff, 0, 0xfe]).toString('base64'), 'base64']);
    expect([third?.raw, third?.rawTruncated, third?.flags]).toEqual(['0123456789abcdef', 19, ['cut']]);
    let text = '';
    for await (const page of journal.export()) text += page;
    expect(
      text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line).raw),
    ).toEqual([first?.raw, second?.raw, third?.raw]);
  });

  it('that is malformed says where', async () => {
    const { journal, links, entry } = memoryJournal();
    const seq = entry({ link: links.cs1, kind: 'request', action: '', raw: '[2,"1","A",{"a":}]' });
    expect((await journal.query.message(seq)).malformed).toMatchObject({ at: 16 });
  });

  it('that is not there is NOT_FOUND, with what there is', async () => {
    const { journal, links, exchange } = memoryJournal();
    exchange(links.cs1, 'Heartbeat', {}, {});
    await expect(journal.query.message(99)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      detail: expect.stringContaining('#1 to #2'),
    });
  });

  it('carries its findings, mark and note', async () => {
    const { journal, links, exchange } = memoryJournal();
    const [request] = exchange(links.cs1, 'Authorize', {}, {});
    journal.recorder.finding({
      rule: 'ocpp.schema',
      severity: 'error',
      axis: 'conformance',
      party: 'CS-1',
      seq: request,
      text: 'idTag is missing',
      time: START_MS,
    });
    expect(await journal.query.annotate(request, { marked: true })).toMatchObject({ marked: true });
    expect(await journal.query.annotate(request, { note: 'look here' })).toMatchObject({
      marked: true,
      note: 'look here',
    });
    const message = await journal.query.message(request);
    expect(message.findings).toMatchObject([{ id: 'F-00001', rule: 'ocpp.schema' }]);
    const page = await journal.query.messages({ q: 'has:finding severity>=warning is:marked note:here rule:ocpp.*' });
    expect(page.items).toMatchObject([{ s: request, fd: [1, 0, 0], fl: ['marked', 'note'] }]);
    expect(await journal.query.findings({ party: 'CS-1' })).toMatchObject({ items: [{ id: 'F-00001' }] });
    expect(await journal.query.findings({ severity: 'info' })).toEqual({ items: [] });
  });

  it('has relatives: partner, trace, previous and next of the same kind, neighbours', async () => {
    const { journal, links, exchange } = memoryJournal();
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const [first] = exchange(links.cs1, 'Heartbeat', {}, {});
    const [second, answer] = exchange(links.cs1, 'Heartbeat', {}, {}, { trace });
    const [hub] = exchange(links.hub, 'AuthorizeStart', {}, {}, { trace });
    const [third] = exchange(links.cs1, 'Heartbeat', {}, {});
    const related = await journal.query.related(second);
    expect([related.partner?.s, related.previous?.s, related.next?.s]).toEqual([answer, first, third]);
    expect(related.trace.map((row) => row.s)).toEqual([second, answer, hub, hub + 1]);
    expect(seqs({ rows: related.neighbours })).toEqual([1, 2, 3, 4, 7, 8]);
  });
});

describe('secrets', () => {
  it.each([
    ['ChangeConfiguration', { key: 'AuthorizationKey', value: 'S3CRET' }],
    ['ChangeConfiguration', { value: 'S3CRET', key: 'AuthorizationKey' }],
    ['GetConfiguration', { configurationKey: [{ key: 'AuthorizationKey', readonly: false, value: 'S3CRET' }] }],
    [
      'SetVariables',
      {
        setVariableData: [
          { attributeValue: 'S3CRET', component: { name: 'SecurityCtrlr' }, variable: { name: 'BasicAuthPassword' } },
        ],
      },
    ],
    [
      'GetVariables',
      {
        getVariableResult: [
          {
            attributeStatus: 'Accepted',
            component: { name: 'S' },
            variable: { name: 'BasicAuthPassword' },
            attributeValue: 'S3CRET',
          },
        ],
      },
    ],
    [
      'NotifyReport',
      {
        reportData: [
          {
            component: { name: 'S' },
            variable: { name: 'BasicAuthPassword' },
            variableAttribute: [{ type: 'Actual', value: 'S3CRET' }],
          },
        ],
      },
    ],
    ['SetNetworkProfile', { connectionData: { apn: { apn: 'x', apnPassword: 'S3CRET', simPin: 47110815 } } }],
    ['SetNetworkProfile', { connectionData: { vpn: { user: 'u', password: 'S3CRET', key: 'S3CRET' } } }],
    ['Authorize', { idToken: { idToken: 'S3CRET', type: 'KeyCode' } }],
    ['eRoamingAuthorizeRemoteStart', { Identification: { QRCodeIdentification: { EvcoID: 'DE-X', PIN: 'S3CRET' } } }],
    [
      'eRoamingAuthorizeRemoteStart',
      {
        Identification: {
          QRCodeIdentification: { EvcoID: 'DE-X', HashedPIN: { Value: 'S3CRET', Function: 'Bcrypt' } },
        },
      },
    ],
    ['DataTransfer', { data: '{"AuthorizationKey":"S3CRET"}' }],
    ['InstallCertificate', { certificate: '-----BEGIN EC PRIVATE KEY-----\nS3CRET\n-----END EC PRIVATE KEY-----\n' }],
  ])('of %s do not leave the journal: %j', async (action, payload) => {
    const { journal, links, exchange } = memoryJournal();
    const [seq] = exchange(links.cs2, action, payload, {});
    const shown = JSON.stringify([
      await journal.query.message(seq),
      await journal.query.messages(),
      await journal.query.related(seq),
    ]);
    let exported = '';
    for await (const page of journal.export()) exported += page;
    expect(shown + exported).not.toMatch(/S3CRET|47110815/);
    expect(shown).toContain('***');
    expect((await journal.query.message(seq)).masked).toBe(true);
    expect((await journal.query.message(seq, { unmasked: true })).raw).toContain('S3CRET');
  });

  it.each([
    [{ key: 'HeartbeatInterval', value: '300' }],
    [{ idToken: { idToken: 'DEADBEEF', type: 'ISO14443' } }],
    [{ text: 'password forgotten? pinned: keycode' }],
    [{ variable: { name: 'PasswordPolicyVersion' }, attributeValue: '3' }],
  ])('are not seen where there are none: %j', async (payload) => {
    const { journal, links, exchange } = memoryJournal();
    const [seq] = exchange(links.cs2, 'X', payload, {});
    const message = await journal.query.message(seq);
    expect([message.payload, message.masked]).toEqual([payload, undefined]);
  });

  it('are masked in broken frames and in bytes too, and the rest stays as it was', async () => {
    const { journal, links, entry } = memoryJournal();
    const broken = entry({
      link: links.cs1,
      kind: 'request',
      action: '',
      raw: '[2, "1","X",{"key":"AuthorizationKey" , "value":"S3CRET\\"x", "n":1',
    });
    const bytes = entry({
      link: links.cs1,
      kind: 'request',
      action: '',
      raw: Buffer.from('{"password":"S3CRET"}\xff', 'latin1'),
    });
    expect((await journal.query.message(broken)).raw).toBe(
      '[2, "1","X",{"key":"AuthorizationKey" , "value":"***", "n":1',
    );
    expect(Buffer.from((await journal.query.message(bytes)).raw, 'base64').toString('latin1')).toBe(
      '{"password":"***"}\xff',
    );
  });

  it('however deep they stand', async () => {
    const { maskSecrets } = await import('./mask.ts');
    for (const depth of [10, 150, 5_000]) {
      const text = `{"user":"u","a":${'['.repeat(depth)}{"password":"S3CRET"}${']'.repeat(depth)}}`;
      expect([depth, maskSecrets(text).includes('S3CRET'), maskSecrets(text).includes('"user":"u"')]).toEqual([
        depth,
        false,
        true,
      ]);
    }
  });

  it('no text of a peer makes masking throw', async () => {
    const { maskSecrets } = await import('./mask.ts');
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      '\\',
      ':',
      ',',
      '"password"',
      '"key"',
      '"AuthorizationKey"',
      '"value"',
      '1',
      '-----BEGIN PRIVATE KEY-----',
      'é',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (parts) => typeof maskSecrets(parts.join('')) === 'string'),
      { numRuns: 1_000 },
    );
  });
});

describe('a list', () => {
  it('pages through everything exactly once, newest and oldest first, also while messages come in', async () => {
    const { journal, links, exchange } = memoryJournal();
    for (let i = 0; i < 30; i++) exchange(i % 3 === 0 ? links.cs2 : links.cs1, 'Heartbeat', {}, {});
    for (const order of ['newest', 'oldest'] as const) {
      const all: number[] = [];
      let cursor: string | undefined;
      do {
        const page = await journal.query.messages({
          order,
          q: 'station:CS-1 is:request',
          limit: 7,
          ...(cursor === undefined ? {} : { cursor }),
        });
        all.push(...seqs(page));
        cursor = page.next;
        if (order === 'newest') exchange(links.cs2, 'Heartbeat', {}, {});
      } while (cursor !== undefined);
      expect(all.length).toBe(20);
      expect([...all].sort((a, b) => (order === 'newest' ? b - a : a - b))).toEqual(all);
    }
  });

  it('refuses a broken filter with the place of the mistake, and a strange cursor', async () => {
    const { journal } = memoryJournal();
    await expect(journal.query.messages({ q: 'staton:X' })).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      extra: { errors: [{ from: 0, to: 6, msg: expect.stringContaining('station') }] },
    });
    await expect(journal.query.messages({ cursor: 'x' })).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
  });

  it('filters by what stands in memory, in payloads, and in both', async () => {
    const { clock, journal, links, entry, exchange } = memoryJournal();
    const [boot] = exchange(links.cs1, 'BootNotification', { chargePointVendor: 'ACME' }, { status: 'Accepted' });
    await clock.runFor(10_000);
    const [start] = exchange(
      links.cs2,
      'TransactionEvent',
      {
        eventType: 'Started',
        evse: { id: 2, connectorId: 1 },
        idToken: { idToken: 'DEADBEEF', type: 'ISO14443' },
        transactionInfo: { transactionId: 'T-1' },
      },
      { idTokenInfo: { status: 'Blocked' } },
    );
    const [auth] = exchange(
      links.hub,
      'eRoamingAuthorizeStart',
      { OperatorID: 'DE*ABC', Identification: { RFIDMifareFamilyIdentification: { UID: 'DEADBEEF' } } },
      { AuthorizationStatus: 'NotAuthorized' },
      { detail: '{"method":"POST","status":200}' },
    );
    const failed = entry({
      link: links.cs1,
      kind: 'request',
      action: 'Reset',
      messageId: 'r1',
      toClient: true,
      raw: '[2,"r1","Reset",{}]',
      origin: 'user',
    });
    const error = entry({
      link: links.cs1,
      kind: 'error',
      action: 'Reset',
      messageId: 'r1',
      raw: '[4,"r1","InternalError","",{}]',
      code: 'InternalError',
      partner: failed,
      latencyMs: 3_000,
      flags: ['late'],
    });
    const lonely = entry({ link: links.cs2, kind: 'request', action: 'Heartbeat', raw: '[2,"x","Heartbeat",{}]' });
    const find = async (q: string, entity: 'messages' | 'exchanges' = 'messages'): Promise<number[]> =>
      seqs(await journal.query.messages({ q, entity, order: 'oldest' }));
    expect(await find('action:Boot*')).toEqual([boot, boot + 1]);
    expect(await find('acme')).toEqual([boot]);
    expect(await find('is:request acme or is:error')).toEqual([boot, error]);
    expect(await find('station:CS-2 $.eventType:Started')).toEqual([start]);
    expect(await find('evse:2')).toEqual([start]);
    expect(await find('connector:1 tx:t-1')).toEqual([start]);
    expect(await find('token:deadbeef')).toEqual([start, auth]);
    expect(await find('operator:DE*ABC http:200')).toEqual([auth]);
    expect(await find('status:Blocked,NotAuthorized')).toEqual([start + 1, auth + 1]);
    expect(await find('code:InternalError is:late')).toEqual([error]);
    expect(await find('latency>2s')).toEqual([error]);
    expect(await find('is:slow')).toEqual([error]);
    expect(await find('is:unanswered')).toEqual([lonely]);
    expect(await find('has:response proto:ocpp')).toEqual([boot, start, failed]);
    expect(await find('id:R1')).toEqual([failed, error]);
    expect(await find('id:r* -is:error')).toEqual([failed]);
    expect(await find('source:user')).toEqual([failed]);
    expect(await find('role:hub is:request')).toEqual([auth]);
    expect(await find('from:csms to:CS-1')).toEqual([boot + 1, failed]);
    expect(await find('time<-5s')).toEqual([boot, boot + 1]);
    expect(await find('req.chargePointVendor:ACME is:response')).toEqual([boot + 1]);
    expect(await find('res.status:Accepted is:request')).toEqual([boot]);
    expect(await find('is:error', 'exchanges')).toEqual([failed]);
    expect(await find('latency>2s', 'exchanges')).toEqual([failed]);
    expect(await find('code:InternalError', 'exchanges')).toEqual([failed]);
    expect(await find('status:Blocked', 'exchanges')).toEqual([start]);
    expect(await find('$.status:Accepted', 'exchanges')).toEqual([boot]);
    expect(await find('', 'exchanges')).toEqual([boot, start, auth, failed, lonely]);
  });

  it('the columns and the message itself never judge differently', async () => {
    const { journal, links, entry, exchange } = memoryJournal();
    exchange(links.cs1, 'BootNotification', { a: 1 }, { status: 'Accepted' });
    exchange(links.cs2, 'Heartbeat', {}, {}, { flags: ['duplicate', 'imported'], origin: 'import', code: 'X' });
    exchange(links.hub, 'Push', {}, {}, { latencyMs: 5_000, trace: 'a'.repeat(32), detail: '{"status":500}' });
    const request = entry({
      link: links.cs1,
      kind: 'request',
      action: 'Reset',
      messageId: 'Q',
      toClient: true,
      raw: '[2,"Q","Reset",{}]',
      origin: 'user',
    });
    entry({
      link: links.cs1,
      kind: 'error',
      action: 'Reset',
      messageId: 'Q',
      raw: '[4,"Q","E","",{}]',
      code: 'E',
      partner: request,
      latencyMs: 1,
    });
    entry({ link: links.cs1, kind: 'event', action: 'opened', raw: '' });
    journal.recorder.finding({
      rule: 'r',
      severity: 'warning',
      axis: 'timing',
      party: 'CS-1',
      seq: request,
      text: '',
      time: 0,
    });
    await journal.query.annotate(request, { marked: true, note: 'n' });
    const term = fc.constantFrom(
      ...[
        'kind:request',
        'is:error',
        'is:unanswered',
        'is:slow',
        'is:live',
        'is:imported',
        'is:duplicate',
        'is:marked',
        'is:response',
        'has:response',
        'has:finding',
        'has:trace',
        'has:note',
      ],
      ...[
        'proto:ocpp',
        'ver:1.6',
        'from:csms',
        'party:hub',
        'role:cs',
        'station:CS-*',
        'action:Re*',
        'code:E',
        'code:*',
        'http>=400',
        'id:q',
        'id:m*',
        'trace:*',
        'latency>=2s',
        'size>20',
        'seq:2..5',
        'source:live',
        'source:user',
        'rule:r',
        'severity:warning',
        'axis:timing',
        'note:n',
        'time:-1h..now',
      ],
    );
    const query = fc
      .array(fc.tuple(fc.boolean(), term), { minLength: 1, maxLength: 3 })
      .map((terms) => terms.map(([not, text]) => (not ? `-${text}` : text)).join(' '));
    await fc.assert(
      fc.asyncProperty(query, fc.constantFrom('messages' as const, 'exchanges' as const), async (q, entity) => {
        // A path that every message fits makes the columns say "ask the message": it is then judged by its own words.
        const slow = `(${q}) (-$.x:y or $.x:y)`;
        expect(seqs(await journal.query.messages({ q: slow, entity })), q).toEqual(
          seqs(await journal.query.messages({ q, entity })),
        );
      }),
      { numRuns: 300 },
    );
  });
});

describe('a view', () => {
  it('gives any window by index, follows what comes in, and knows positions', async () => {
    const { journal, links, exchange } = memoryJournal();
    for (let i = 0; i < 10; i++) exchange(i % 2 === 0 ? links.cs1 : links.cs2, 'Heartbeat', {}, {});
    const view = await journal.query.createView({ q: 'station:CS-1 is:request' });
    expect(view).toMatchObject({ count: 5, total: 20, complete: true, errors: [] });
    expect(seqs(await journal.query.viewRows(view.id, 1, 2))).toEqual([5, 9]);
    const [later] = exchange(links.cs1, 'Heartbeat', {}, {});
    expect(seqs(await journal.query.viewRows(view.id, 4, 10))).toEqual([17, later]);
    expect(await journal.query.viewPosition(view.id, 9)).toEqual({ index: 2, found: true });
    expect(await journal.query.viewPosition(view.id, 10)).toEqual({ index: 3, found: false });
    const newest = await journal.query.createView({ q: 'station:CS-1 is:request', order: 'newest' });
    expect(seqs(await journal.query.viewRows(newest.id, 0, 2))).toEqual([later, 17]);
    expect(await journal.query.viewPosition(newest.id, 17)).toEqual({ index: 1, found: true });
    await journal.query.deleteView(view.id);
    await expect(journal.query.view(view.id)).rejects.toMatchObject({ code: 'GONE' });
  });

  it('with asOf stays as it was', async () => {
    const { journal, links, exchange } = memoryJournal();
    exchange(links.cs1, 'Heartbeat', {}, {});
    const view = await journal.query.createView({ asOf: 1 });
    exchange(links.cs1, 'Heartbeat', {}, {});
    expect((await journal.query.view(view.id)).count).toBe(1);
  });

  it('takes a request out and in when its answer or a finding changes what it is', async () => {
    const { journal, links, entry } = memoryJournal();
    const ask = (): number => entry({ link: links.cs1, kind: 'request', action: 'A', raw: '[2,"1","A",{}]' });
    const first = ask();
    const waiting = await journal.query.createView({ q: 'is:unanswered' });
    const slow = await journal.query.createView({ q: 'latency>1s', entity: 'exchanges' });
    const found = await journal.query.createView({ q: 'has:finding' });
    const second = ask();
    expect(seqs(await journal.query.viewRows(waiting.id, 0, 10))).toEqual([first, second]);
    const answer = (partner: number): number =>
      entry({ link: links.cs1, kind: 'response', action: 'A', raw: '[3,"1",{}]', partner, latencyMs: 2_000 });
    answer(second);
    answer(first);
    journal.recorder.finding({
      rule: 'r',
      severity: 'info',
      axis: 'timing',
      party: 'CS-1',
      seq: first,
      text: '',
      time: 0,
    });
    expect(seqs(await journal.query.viewRows(waiting.id, 0, 10))).toEqual([]);
    expect(seqs(await journal.query.viewRows(slow.id, 0, 10))).toEqual([first, second]);
    expect(seqs(await journal.query.viewRows(found.id, 0, 10))).toEqual([first]);
  });

  it('is put away after five idle minutes', async () => {
    const { clock, journal } = memoryJournal();
    const view = await journal.query.createView();
    await clock.runFor(4 * 60_000);
    await journal.query.view(view.id);
    await clock.runFor(6 * 60_000);
    await expect(journal.query.view(view.id)).rejects.toMatchObject({ code: 'GONE' });
  });

  it('of a broken filter says what is wrong', async () => {
    const { journal } = memoryJournal();
    expect((await journal.query.createView({ q: 'is:errror' })).errors).toMatchObject([{ from: 3, to: 9 }]);
  });

  it('counts over time and by value', async () => {
    const { clock, journal, links, exchange, entry } = memoryJournal();
    exchange(links.cs1, 'BootNotification', {}, {});
    await clock.runFor(1_000);
    exchange(links.cs2, 'Heartbeat', {}, {});
    entry({ link: links.hub, kind: 'error', action: 'Push', raw: '' });
    const { id } = await journal.query.createView();
    const buckets = await journal.query.viewHistogram(id, 2, 'proto');
    expect(buckets.map(({ count, errors, by }) => ({ count, errors, by }))).toEqual([
      { count: 2, errors: 0, by: { ocpp: 2 } },
      { count: 3, errors: 1, by: { ocpp: 2, oicp: 1 } },
    ]);
    expect(await journal.query.viewValues(id, 'action')).toEqual([
      { value: 'BootNotification', count: 2 },
      { value: 'Heartbeat', count: 2 },
      { value: 'Push', count: 1 },
    ]);
    expect(await journal.query.viewValues(id, 'station', 'cs-2')).toEqual([{ value: 'CS-2', count: 2 }]);
    await expect(journal.query.viewValues(id, 'tx')).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
  });
});

describe('the live feed', () => {
  it('sends matching rows in batches, and updates when an answer comes later', async () => {
    const { clock, journal, links, entry } = memoryJournal();
    const batches: LiveBatch[] = [];
    const subscription = await journal.live.subscribe({ q: 'station:CS-1', entity: 'exchanges' }, (batch) =>
      batches.push(batch),
    );
    const request = entry({ link: links.cs1, kind: 'request', action: 'A', raw: '[2,"1","A",{}]' });
    entry({ link: links.cs2, kind: 'request', action: 'A', raw: '[2,"1","A",{}]' });
    await clock.runFor(200);
    expect(batches).toMatchObject([
      { cursor: `${journal.epoch}:2`, rows: [{ s: request, x: { k: 'waiting' } }], updates: [], count: 1 },
    ]);
    entry({ link: links.cs1, kind: 'response', action: 'A', raw: '[3,"1",{}]', partner: request, latencyMs: 5 });
    await clock.runFor(200);
    expect(batches[1]).toMatchObject({ rows: [], updates: [{ s: request, x: { k: 'response', ms: 5 } }] });
    subscription.close();
    entry({ link: links.cs1, kind: 'request', action: 'A', raw: '' });
    await clock.runFor(200);
    expect(batches.length).toBe(2);
  });

  it('goes on after a cursor, and says so when it cannot', async () => {
    const { clock, journal, links, exchange } = memoryJournal();
    for (let i = 0; i < 3; i++) exchange(links.cs1, 'Heartbeat', {}, {});
    await clock.runFor(100);
    const follow = async (since: string): Promise<LiveBatch | undefined> => {
      let last: LiveBatch | undefined;
      const subscription = await journal.live.subscribe({ since }, (batch) => {
        last = batch;
      });
      await clock.runFor(200);
      subscription.close();
      return last;
    };
    expect(seqs((await follow(`${journal.epoch}:4`)) ?? {})).toEqual([5, 6]);
    expect(await follow(`${journal.epoch}:6`)).toBeUndefined();
    expect(await follow('other000:4')).toMatchObject({ resync: true });
    expect(await follow(`${journal.epoch}:99`)).toMatchObject({ resync: true });
    await clock.runFor(40_000);
    expect(await follow(`${journal.epoch}:4`)).toMatchObject({ resync: true, rows: [] });
  });

  it('never sends more than 250 rows at once, but counts all', async () => {
    const { clock, journal, links, exchange } = memoryJournal();
    const batches: LiveBatch[] = [];
    await journal.live.subscribe({}, (batch) => batches.push(batch));
    for (let i = 0; i < 300; i++) exchange(links.cs1, 'Heartbeat', {}, {});
    await clock.runFor(300);
    expect(batches[0]).toMatchObject({ count: 600, sampled: true });
    expect(batches[0]?.rows.length).toBe(250);
    expect(batches[0]?.rows.at(-1)?.s).toBe(600);
  });

  it('refuses a broken filter', async () => {
    const { journal } = memoryJournal();
    await expect(journal.live.subscribe({ q: '(' }, () => {})).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
  });

  it('tells rates once a second while somebody watches', async () => {
    const { clock, journal, links, exchange } = memoryJournal();
    const rates: unknown[] = [];
    const watch = journal.live.rates((rate) => rates.push(rate));
    exchange(links.cs1, 'Heartbeat', {}, {});
    exchange(links.hub, 'Push', {}, {});
    await clock.runFor(1_500);
    watch.close();
    await clock.runFor(5_000);
    expect(rates).toEqual([
      {
        total: 4,
        byProto: { ocpp: 2, oicp: 2 },
        byEdge: [
          { a: 'CS-1', b: 'csms', proto: 'ocpp', rate: 2 },
          { a: 'csms', b: 'hub', proto: 'oicp', rate: 2 },
        ],
      },
    ]);
  });
});

describe('statistics', () => {
  it('count messages, errors and latencies by action, party and route', async () => {
    const { journal, links, entry, exchange } = memoryJournal();
    for (const latencyMs of [1, 2, 3, 4, 100]) exchange(links.cs1, 'Heartbeat', {}, {}, { latencyMs });
    entry({ link: links.cs1, kind: 'error', action: 'Reset', raw: '' });
    const statistics = await journal.query.statistics();
    expect(statistics.total).toMatchObject({ messages: 11, requests: 5, responses: 5, errors: 1 });
    const heartbeat = statistics.byAction[0];
    expect(heartbeat).toMatchObject({ proto: 'ocpp', version: '1.6', action: 'Heartbeat', messages: 10 });
    expect(heartbeat?.latency).toMatchObject({ minMs: 1, maxMs: 100 });
    expect(statistics.byParty.find((party) => party.party === 'CS-1')).toMatchObject({
      role: 'cs',
      messages: 11,
      errors: 1,
    });
    expect(statistics.byRoute).toMatchObject([{ a: 'CS-1', b: 'csms', proto: 'ocpp', version: '1.6', messages: 11 }]);
  });

  it('tell when a party was heard last, of one party alone, of the busiest, and what is connected', async () => {
    const { journal, links, exchange } = memoryJournal();
    for (const latencyMs of [1, 2, 3]) exchange(links.cs1, 'Heartbeat', {}, {}, { latencyMs });
    exchange(links.cs2, 'Heartbeat', {}, {}, { time: START_MS + 5_000 });
    // An entry with an older time (an import) was not heard later.
    exchange(links.cs2, 'Heartbeat', {}, {}, { time: START_MS - 5_000 });
    const { byParty } = await journal.query.statistics();
    expect(byParty.map(({ party, lastAt }) => [party, lastAt])).toEqual([
      ['csms', START_MS + 5_000],
      ['CS-1', START_MS],
      ['CS-2', START_MS + 5_000],
    ]);
    const one = await journal.query.statistics({ party: 'CS-2' });
    expect(one.byParty).toMatchObject([
      { party: 'CS-2', messages: 4, latency: { count: 2, histogram: [{ count: 2 }] } },
    ]);
    expect(one.byRoute).toMatchObject([{ a: 'CS-2', version: '2.0.1' }]);
    const busiest = await journal.query.statistics({ limit: 1 });
    expect([busiest.byParty, busiest.byRoute, busiest.byAction].map((list) => list.length)).toEqual([1, 1, 1]);
    expect(busiest.byRoute).toMatchObject([{ a: 'CS-1', messages: 6 }]);
    journal.recorder.closeLink(links.cs2);
    expect((await journal.query.statistics()).connections).toEqual([
      { proto: 'ocpp', version: '1.6', transport: 'ws', open: 1 },
      { proto: 'oicp', version: '2.3', transport: 'http', open: 1 },
    ]);
  });

  it('percentiles are off by less than a bucket', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: 0.2, max: 60_000, noNaN: true }), { minLength: 20, maxLength: 200 }),
        async (latencies) => {
          const { journal, links, entry } = memoryJournal();
          for (const latencyMs of latencies)
            entry({ link: links.cs1, kind: 'response', action: 'A', raw: '', latencyMs });
          const sorted = latencies.map(Math.fround).sort((a, b) => a - b);
          const { latency } = (await journal.query.statistics()).total;
          for (const [share, value] of [
            [0.5, latency?.p50Ms],
            [0.9, latency?.p90Ms],
            [0.99, latency?.p99Ms],
          ] as const) {
            const exact = sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
            expect((value ?? 0) / exact).toBeGreaterThan(0.69);
            expect((value ?? 0) / exact).toBeLessThan(1.45);
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('retention', () => {
  it('keeps so many messages, tells what is gone, and lists and views forget them', async () => {
    const { journal, links, exchange } = memoryJournal({ retention: { messages: 50 } });
    const view = await journal.query.createView({ q: 'is:request' });
    for (let i = 0; i < 100; i++) {
      exchange(links.cs1, 'Heartbeat', {}, {});
      if (i % 10 === 9) await journal.query.info();
    }
    expect(await journal.query.info()).toMatchObject({ first: 151, head: 200, count: 50 });
    expect((await journal.query.view(view.id)).count).toBe(25);
    expect(seqs(await journal.query.messages({ order: 'oldest', limit: 1 }))).toEqual([151]);
    await expect(journal.query.message(3)).rejects.toThrow(/no longer in the journal/);
  });

  it('keeps so many bytes', async () => {
    const { journal, links, entry } = memoryJournal({ retention: { bytes: 10_000 } });
    for (let i = 0; i < 30; i++) entry({ link: links.cs1, kind: 'request', action: 'A', raw: 'x'.repeat(1_000) });
    expect(await journal.query.info()).toMatchObject({ count: 10, bytes: 10_000, first: 21 });
  });

  it('keeps messages so long; imported ones do not go because of their own old times', async () => {
    const { clock, journal, links, entry } = memoryJournal({ retention: { ageMs: 60_000 } });
    entry({ link: links.cs1, kind: 'request', action: 'imported', raw: '', flags: ['imported'], time: 0 });
    entry({ link: links.cs1, kind: 'request', action: 'first', raw: '' });
    entry({ link: links.cs1, kind: 'request', action: 'imported', raw: '', flags: ['imported'], time: 0 });
    expect((await journal.query.info()).count).toBe(3);
    await clock.runFor(61_000);
    entry({ link: links.cs1, kind: 'request', action: 'second', raw: '' });
    expect((await journal.query.messages({ order: 'oldest' })).items.map((row) => row.a)).toEqual([
      'imported',
      'second',
    ]);
  });

  it('clear forgets everything, begins a new epoch, and numbers go on', async () => {
    const { clock, journal, links, exchange } = memoryJournal();
    const batches: LiveBatch[] = [];
    await journal.live.subscribe({ q: 'is:request' }, (batch) => batches.push(batch));
    exchange(links.cs1, 'Heartbeat', {}, {});
    const before = journal.epoch;
    expect(await journal.query.clear()).toMatchObject({ count: 0, first: 3, head: 2 });
    expect(journal.epoch).not.toBe(before);
    const [seq] = exchange(links.cs1, 'Heartbeat', {}, {});
    await clock.runFor(200);
    expect(seq).toBe(3);
    expect(batches.at(-1)).toMatchObject({ resync: true, rows: [{ s: 3, f: 'CS-1' }] });
  });

  it('a clearing is taken back within a minute: messages, findings and notes, with what came in since', async () => {
    const { clock, journal, links, exchange } = memoryJournal();
    const finding = (seq: number) => {
      const said = {
        rule: 'r',
        severity: 'warning',
        axis: 'timing',
        party: 'CS-1',
        text: 'late',
        time: START_MS,
      } as const;
      journal.recorder.finding({ ...said, seq });
    };
    exchange(links.cs1, 'Heartbeat', {}, {});
    finding(1);
    await journal.query.annotate(1, { note: 'mine' });
    const before = journal.epoch;
    expect((await journal.query.clear()).undo).toMatchObject({ messages: 2 });
    exchange(links.cs2, 'StatusNotification', {}, {});
    finding(3);
    await clock.runFor(30_000);
    expect(await journal.query.undoClear()).toMatchObject({ epoch: before, count: 4, first: 1, head: 4 });
    expect(journal.epoch).toBe(before);
    const rows = (await journal.query.messages({ order: 'oldest' })).items;
    expect(rows.map((row) => [row.s, row.a, row.fd])).toEqual([
      [1, 'Heartbeat', [0, 1, 0]],
      [2, 'Heartbeat', undefined],
      [3, 'StatusNotification', [0, 1, 0]],
      [4, 'StatusNotification', undefined],
    ]);
    expect(await journal.query.message(1)).toMatchObject({ note: 'mine', partner: { seq: 2 } });
    expect((await journal.query.findings({})).items.map(({ id, seq }) => [id, seq])).toEqual([
      ['F-00002', 3],
      ['F-00001', 1],
    ]);
    await expect(journal.query.undoClear()).rejects.toMatchObject({ code: 'CONFLICT' });
    await journal.query.clear();
    await clock.runFor(61_000);
    await expect(journal.query.undoClear()).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await journal.query.info()).toMatchObject({ count: 0 });
  });
});

describe('import', () => {
  it('gives exported messages back: new numbers, original times, pairs, findings, notes', async () => {
    const source = memoryJournal();
    const [request] = source.exchange(
      source.links.cs2,
      'TransactionEvent',
      { eventType: 'Started' },
      { idTokenInfo: { status: 'Accepted' } },
      { trace: 'a'.repeat(32), hop: { id: 'b'.repeat(16), side: 'server', caller: {} }, detail: '{"http":"x"}' },
    );
    source.entry({ link: source.links.cs1, kind: 'event', action: 'opened', raw: new Uint8Array([0xff, 0, 1]) });
    source.journal.recorder.finding({
      rule: 'r',
      severity: 'warning',
      axis: 'timing',
      party: 'CS-2',
      seq: request,
      text: 'late',
      time: START_MS,
    });
    await source.journal.query.annotate(request, { note: 'n', marked: true });
    let text = '';
    for await (const page of source.journal.export()) text += page;

    const target = memoryJournal();
    for (let i = 0; i < 5; i++) target.exchange(target.links.cs1, 'Heartbeat', {}, {});
    const pieces = text.match(/[\s\S]{1,50}/g) ?? [];
    expect(await target.journal.import(pieces)).toEqual({ messages: 3, first: 11, last: 13, refused: 0, errors: [] });
    const [before, after] = await Promise.all([
      source.journal.query.message(request + 1),
      target.journal.query.message(12),
    ]);
    const { seq: _s, epoch: _e, partner: _p, origin: _o, flags: _f, transport: _t, ...same } = before;
    expect(after).toMatchObject({
      ...same,
      partner: { seq: 11, latencyMs: 12.5 },
      origin: { by: 'import' },
      flags: ['imported'],
    });
    expect(await target.journal.query.message(11)).toMatchObject({
      note: 'n',
      marked: true,
      findings: [{ rule: 'r', text: 'late' }],
      partner: { seq: 12 },
    });
    expect((await target.journal.query.message(13)).raw).toBe(Buffer.from([0xff, 0, 1]).toString('base64'));
    expect(seqs(await target.journal.query.messages({ q: 'is:imported source:import', order: 'oldest' }))).toEqual([
      11, 12, 13,
    ]);
  });

  it('goes on behind lines that do not fit, and tells which', async () => {
    const { journal } = memoryJournal();
    const result = await journal.import(['{}\nnot json\n', '\n[1]\n{"kind":"x"}\n']);
    expect(result).toMatchObject({ messages: 0, refused: 4 });
    expect(result.errors.map((error) => error.line)).toEqual([1, 2, 4, 5]);
  });
});

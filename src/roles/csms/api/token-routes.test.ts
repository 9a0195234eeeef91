import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testCsms } from '../../../../test/support/csms.ts';

describe('tokens over REST', () => {
  let csms: Awaited<ReturnType<typeof testCsms>>;
  beforeAll(async () => {
    csms = await testCsms({ tokens: [{ idToken: 'SEEDED', status: 'Blocked' }] });
  });
  afterAll(() => csms.end());

  it('creates with defaults, and once only', async () => {
    const made = await csms.call('POST', '/tokens', { idToken: '04A2B3', type: 'ISO14443', status: 'Accepted' });
    expect(made.status).toBe(201);
    expect(made.headers.get('location')).toBe('/api/v1/tokens/04A2B3');
    expect(made.body).toEqual({ idToken: '04A2B3', type: 'ISO14443', status: 'Accepted', concurrent: false });
    expect((await csms.call('POST', '/tokens', { idToken: '04a2b3' })).body).toMatchObject({
      status: 409,
      code: 'CONFLICT',
    });
  });

  it('names every wrong field', async () => {
    const { status, body } = await csms.call('POST', '/tokens', { idToken: '', status: 'Fine', colour: 1 });
    expect(status).toBe(400);
    expect(body.fields.map((field: { pointer: string }) => field.pointer).sort()).toEqual([
      '/colour',
      '/idToken',
      '/status',
    ]);
    expect((await csms.call('POST', '/tokens', { idToken: 'X', expiresAt: 'soon' })).body.fields[0].pointer).toBe(
      '/expiresAt',
    );
  });

  it('replaces with PUT, changes with PATCH, takes away with DELETE', async () => {
    await csms.call('POST', '/tokens', { idToken: 'Tok/1', groupId: 'G1', note: 'first' });
    const replaced = await csms.call('PUT', '/tokens/tok%2F1', { status: 'Blocked' });
    expect(replaced).toMatchObject({ status: 200, body: { idToken: 'Tok/1', status: 'Blocked' } });
    expect(replaced.body.groupId).toBeUndefined();
    const changed = await csms.call('PATCH', '/tokens/TOK%2F1', {
      groupId: 'G2',
      expiresAt: '2030-01-01T00:00:00+01:00',
    });
    expect(changed.body).toMatchObject({ status: 'Blocked', groupId: 'G2', expiresAt: '2029-12-31T23:00:00.000Z' });
    expect((await csms.call('PATCH', '/tokens/Tok%2F1', { expiresAt: null })).body.expiresAt).toBeUndefined();
    expect((await csms.call('PUT', '/tokens/Tok%2F1', { idToken: 'Other' })).body.fields[0].pointer).toBe('/idToken');
    expect((await csms.call('DELETE', '/tokens/Tok%2F1')).status).toBe(204);
    expect((await csms.call('GET', '/tokens/Tok%2F1')).body.code).toBe('NOT_FOUND');
    expect((await csms.call('PUT', '/tokens/Tok%2F1', {})).status).toBe(201);
  });

  it('lists by status, type and text', async () => {
    const listed = async (query: string) =>
      (await csms.call('GET', `/tokens?${query}`)).body.items.map((each: { idToken: string }) => each.idToken);
    expect(await listed('status=Blocked')).toEqual(['SEEDED']);
    expect(await listed('text=see')).toEqual(['SEEDED']);
    expect(await listed('type=eMAID')).toEqual([]);
  });

  it('is enforced: a created token charges, a blocked or deleted one does not', async () => {
    const station = await csms.station('CS-T', 'ocpp1.6');
    await station.boot();
    let n = 0;
    const authorize = (idTag: string) => station.ask(`[2,"a-${++n}","Authorize",{"idTag":"${idTag}"}]`);
    await csms.call('POST', '/tokens', { idToken: 'DRIVER', groupId: 'FLEET' });
    expect(await authorize('driver')).toBe('[3,"a-1",{"idTagInfo":{"status":"Accepted","parentIdTag":"FLEET"}}]');
    await csms.call('PATCH', '/tokens/DRIVER', { status: 'Blocked' });
    expect(await authorize('DRIVER')).toContain('"Blocked"');
    expect((await csms.call('GET', '/tokens/DRIVER/decision')).body).toMatchObject({
      status: 'Blocked',
      by: 'token list',
    });
    await csms.call('DELETE', '/tokens/DRIVER');
    expect(await authorize('DRIVER')).toContain('"Invalid"');
    expect((await csms.call('GET', '/tokens/DRIVER/decision')).body).toMatchObject({ status: 'Unknown', by: 'policy' });
  });
});

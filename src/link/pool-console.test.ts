import { describe, expect, it } from 'vitest';
import { CompoteError } from '../core/errors.ts';
import { POOL } from '../protocols/opcp/index.ts';
import type { PoolClient, PoolOutcome } from './pool-client.ts';
import { poolConsole, tokenRow } from './pool-console.ts';

/** A client that keeps what it is asked and says one thing. */
function client(outcome: object, token: string | readonly string[] = 'one') {
  const asked: unknown[] = [];
  const fake = {
    token: async () => token,
    call: async (operation: { name: string }, call: object) => {
      asked.push([operation.name, call]);
      return outcome as PoolOutcome<never>;
    },
  } as unknown as PoolClient;
  return { asked, demand: () => fake };
}

describe('console of the pools', () => {
  it('sends headers of an operation that stand in the query, and tells the status of an empty answer', async () => {
    const { asked, demand } = client({ ok: true, status: 200, value: undefined, fitsSchema: true });
    const [row] = poolConsole([{ operation: POOL.deleteSignedContractData, path: '/contracts/{emaid}' }], demand);
    const answer = await row?.call({
      params: { emaid: 'DE8AAC00000001' },
      query: { 'X-Skip-Revocation': 'true', xsdMsgDefNamespace: 'urn:iso:15118:2:2013:MsgDef' },
      body: undefined,
    });
    expect(answer).toEqual({ status: 200 });
    expect(asked).toEqual([
      [
        'deleteSignedContractData',
        {
          params: { emaid: 'DE8AAC00000001' },
          query: { xsdMsgDefNamespace: 'urn:iso:15118:2:2013:MsgDef' },
          headers: { 'X-Skip-Revocation': 'true' },
        },
      ],
    ]);
  });

  it('a refusal of the pool is a problem in its words, with its status', async () => {
    const { demand } = client({ ok: false, status: 403, messages: ['lookupContract is not for CPO.'], body: {} });
    const [row] = poolConsole([{ operation: POOL.lookupContract, path: '/contracts/{emaid}' }], demand);
    const refused = await row?.call({ params: { emaid: 'x' }, query: undefined, body: undefined }).catch((e) => e);
    expect(refused).toBeInstanceOf(CompoteError);
    expect(refused).toMatchObject({ code: 'CONFLICT', detail: 'lookupContract is not for CPO.' });
  });

  it('a signing request that cannot be read is told before anybody is asked', async () => {
    const { asked, demand } = client({ ok: true });
    const [row] = poolConsole([{ operation: POOL.simpleEnroll, path: '/enroll', ca: 'oem' }], demand);
    expect(row?.params).toBeUndefined();
    await expect(row?.call({ params: {}, query: {}, body: { csr: 'no request' } })).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
    });
    expect(asked).toEqual([]);
  });

  it('a token that is refused is told in the words of the token service', async () => {
    const { demand } = client({}, ['Unauthorized']);
    const asked = tokenRow(demand).call({ params: {}, query: {}, body: undefined });
    await expect(asked).rejects.toMatchObject({ code: 'PEER_UNREACHABLE', detail: 'Unauthorized' });
  });
});

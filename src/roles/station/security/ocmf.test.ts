import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { seededEntropy, systemEntropy } from '../../../core/entropy.ts';
import { Random } from '../../../core/random.ts';
import { plugIn, presentToken } from '../state/driver.ts';
import { HandCsms } from '../testing/hand-csms.ts';
import { pkiCrypto } from './pki-crypto.ts';

interface Signed {
  readonly signedMeterData: string;
  readonly signingMethod: string;
  readonly encodingMethod: string;
  readonly publicKey: string;
}

/** Every signed value of a message, wherever it stands. */
function signedIn(payload: unknown): Signed[] {
  if (Array.isArray(payload)) return payload.flatMap(signedIn);
  if (typeof payload !== 'object' || payload === null) return [];
  const record = payload as Record<string, unknown>;
  if (record['format'] === 'SignedData') return [JSON.parse(String(record['value'])) as Signed];
  if (record['signedMeterValue'] !== undefined) return [record['signedMeterValue'] as Signed];
  return Object.values(record).flatMap(signedIn);
}

/** Reads an OCMF text by hand and checks it with Node's own crypto. */
function check(signed: Signed, publicKey: string): { readonly ok: boolean; readonly payload: Ocmf } {
  const text = Buffer.from(signed.signedMeterData, 'base64').toString('utf8');
  const [, payload = '', signature = ''] = /^OCMF\|(\{.*\})\|(\{.*\})$/.exec(text) ?? [];
  const spki = Buffer.from(publicKey, 'base64').toString('utf8').replace('oca:base16:asn1:', '');
  const key = createPublicKey({ key: Buffer.from(spki, 'hex'), format: 'der', type: 'spki' });
  const { SA, SD } = JSON.parse(signature) as { SA: string; SD: string };
  expect(SA).toBe('ECDSA-secp256r1-SHA256');
  const bytes = Buffer.from(SD, 'hex');
  expect(verify('sha256', Buffer.from(payload.replace('"RV":', '"RV":1'), 'utf8'), key, bytes)).toBe(false);
  return { ok: verify('sha256', Buffer.from(payload, 'utf8'), key, bytes), payload: JSON.parse(payload) as Ocmf };
}

interface Ocmf {
  readonly MS: string;
  readonly ID?: string;
  readonly RD: readonly { readonly TM: string; readonly TX?: string; readonly RV: number }[];
}

const SWITCH_ON = {
  '1.6': [
    ['ChangeConfiguration', '{"key":"SampledDataSignReadings","value":"true"}'],
    ['ChangeConfiguration', '{"key":"StopTxnSampledData","value":"Energy.Active.Import.Register"}'],
  ],
  '2.0.1': [setVariable()],
  '2.1': [setVariable()],
} as const;

function setVariable(): readonly [string, string] {
  return [
    'SetVariables',
    '{"setVariableData":[{"component":{"name":"SampledDataCtrlr"},"variable":{"name":"SignReadings"},"attributeValue":"true"}]}',
  ];
}

describe.each(['1.6', '2.0.1', '2.1'] as const)('%s station: signed meter values', (version) => {
  async function session(entropy = systemEntropy, on = true): Promise<HandCsms> {
    const csms = new HandCsms({ version, crypto: pkiCrypto(entropy) });
    await csms.boot();
    if (on) for (const [action, payload] of SWITCH_ON[version]) await csms.result(action, payload);
    const card = { value: '04A2B3C4', type: version === '1.6' ? 'idTag' : 'ISO14443' };
    csms.act((core) => plugIn(core, 1, 1));
    csms.act((core) => presentToken(core, card));
    await csms.run(10 * 60_000);
    csms.act((core) => presentToken(core, card));
    await csms.run(10_000);
    return csms;
  }

  it('are OCMF texts whose signatures hold under the public key that came once with the transaction', async () => {
    const csms = await session();
    const all = csms.seen.flatMap((one) => signedIn(one.payload));
    expect(all.length).toBeGreaterThan(5);
    const keys = all.map((one) => one.publicKey).filter((one) => one !== '');
    expect(keys).toHaveLength(1);
    for (const one of all) {
      expect(one).toMatchObject({ encodingMethod: 'OCMF', signingMethod: '' });
      expect(check(one, keys[0] ?? '').ok).toBe(true);
    }
  });

  it('end with begin and end of the transaction, and the energy that the station says', async () => {
    const csms = await session();
    const all = csms.seen.flatMap((one) => signedIn(one.payload));
    const key = all.find((one) => one.publicKey !== '')?.publicKey ?? '';
    const last = check(
      all.at(-1) ?? { signedMeterData: '', signingMethod: '', encodingMethod: '', publicKey: '' },
      key,
    );
    expect(last.payload).toMatchObject({ MS: 'SIM-0001-1', ID: '04A2B3C4' });
    expect(last.payload.RD.map((one) => one.TX)).toEqual(['B', 'E']);
    expect(last.payload.RD[0]?.TM).toMatch(/^2026-03-02T\d\d:\d\d:\d\d,\d{3}\+0000 S$/);
    const energyWh = csms.happened.find((one) => one.what === 'transaction-ended')?.data['energyWh'];
    const [begin, end] = last.payload.RD;
    expect(Math.round(((end?.RV ?? 0) - (begin?.RV ?? 0)) * 1000)).toBe(energyWh);
  });

  it('are the same for the same seed, and are not there unless asked for', async () => {
    const [first, second] = [
      await session(seededEntropy(new Random('m'))),
      await session(seededEntropy(new Random('m'))),
    ];
    expect(JSON.stringify(first.seen)).toBe(JSON.stringify(second.seen));
    const plain = await session(systemEntropy, false);
    expect(plain.seen.flatMap((one) => signedIn(one.payload))).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { seededEntropy } from '../../../core/entropy.ts';
import { Random } from '../../../core/random.ts';
import {
  certificateProfile,
  EcPrivateKey,
  hashDataOf,
  issueCertificate,
  toPem,
  toPemChain,
} from '../../../protocols/iso15118/index.ts';
import { readSigningRequest } from '../../../protocols/iso15118/pki/csr.ts';
import { samplePki } from '../../../protocols/iso15118/testing/sample-pki.ts';
import { COMMANDS } from '../commands.ts';
import { HandCsms, START_MS } from '../testing/hand-csms.ts';
import { pkiCrypto } from './pki-crypto.ts';

const VENDOR = 'org.openchargealliance.iso15118pnc';
const EMAID = 'DE8AAC12345678D';
const pki = samplePki();
const der = (role: keyof typeof pki) => pki[role].certificate.der;
const pem = (role: keyof typeof pki) => toPem('CERTIFICATE', der(role));
const contractChain = toPemChain([der('contract'), der('mo-sub-ca-2'), der('mo-sub-ca-1')]);

async function booted(version: '1.6' | '2.0.1', replies: HandCsms['replies'] = {}) {
  const csms = new HandCsms({ version, crypto: pkiCrypto(seededEntropy(new Random('keys'))), replies });
  await csms.boot();
  /** A command by its inner name: wrapped for 1.6. */
  const command = async (action: string, inner: object): Promise<Record<string, unknown>> => {
    if (version === '2.0.1') return csms.result(action, JSON.stringify(inner));
    const data = JSON.stringify(inner);
    const answer = await csms.result('DataTransfer', JSON.stringify({ vendorId: VENDOR, messageId: action, data }));
    expect(answer['status']).toBe('Accepted');
    return JSON.parse(String(answer['data'])) as Record<string, unknown>;
  };
  /** What the station sent by an inner name. */
  const sent = (action: string): Record<string, unknown>[] =>
    version === '2.0.1'
      ? csms.of(action)
      : csms
          .of('DataTransfer')
          .filter((payload) => payload['vendorId'] === VENDOR && payload['messageId'] === action)
          .map((payload) => JSON.parse(String(payload['data'])) as Record<string, unknown>);
  const show = (chainPem = contractChain): Promise<number> => {
    COMMANDS['show-contract'].run(csms.station, { emaid: EMAID, chainPem });
    return csms.clock.runFor(500);
  };
  return { csms, command, sent, show };
}

/** Authorize of a contract as the CSMS answers it in each version. */
const authorizeReplies = (version: '1.6' | '2.0.1', status: string): HandCsms['replies'] =>
  version === '1.6'
    ? { DataTransfer: () => JSON.stringify({ status: 'Accepted', data: JSON.stringify({ idTokenInfo: { status } }) }) }
    : { Authorize: `{"idTokenInfo":{"status":"${status}"}}` };

describe.each(['1.6', '2.0.1'] as const)('%s station and Plug & Charge', (version) => {
  it('check 30: installs roots once, refuses garbage, lists and deletes them', async () => {
    const { command } = await booted(version);
    expect(await command('GetInstalledCertificateIds', {})).toMatchObject({ status: 'NotFound' });
    const install = { certificateType: 'V2GRootCertificate', certificate: pem('v2g-root') };
    expect(await command('InstallCertificate', install)).toMatchObject({ status: 'Accepted' });
    expect(await command('InstallCertificate', install)).toMatchObject({ status: 'Accepted' });
    expect(
      await command('InstallCertificate', { certificateType: 'MORootCertificate', certificate: 'garbage' }),
    ).toMatchObject({ status: 'Rejected' });
    const root = pki['v2g-root'].certificate;
    const hash = hashDataOf(root, root);
    expect(await command('GetInstalledCertificateIds', {})).toMatchObject({
      certificateHashDataChain: [{ certificateType: 'V2GRootCertificate', certificateHashData: hash }],
    });
    expect(await command('GetInstalledCertificateIds', { certificateType: ['MORootCertificate'] })).toMatchObject({
      status: 'NotFound',
    });
    expect(await command('DeleteCertificate', { certificateHashData: hash })).toMatchObject({ status: 'Accepted' });
    expect(await command('DeleteCertificate', { certificateHashData: hash })).toMatchObject({ status: 'NotFound' });
  });

  it('check 27, 31: takes the chain that it asked for under an installed root and tells it with its sub-CAs', async () => {
    const replies = {
      // What a responder says is DER that the station does not look into.
      DataTransfer: '{"status":"Accepted","data":"{\\"status\\":\\"Accepted\\",\\"ocspResult\\":\\"T0NTUA==\\"}"}',
      GetCertificateStatus: '{"status":"Accepted","ocspResult":"T0NTUA=="}',
    };
    const { csms, command, sent } = await booted(version, replies);
    await command('InstallCertificate', { certificateType: 'V2GRootCertificate', certificate: pem('v2g-root') });
    const signed = async (issuer: 'cpo-sub-ca-2' | 'oem-sub-ca-2', foreignKey = false) => {
      const trigger = version === '1.6' ? {} : { requestedMessage: 'SignV2GCertificate' };
      expect(await command('TriggerMessage', trigger)).toMatchObject({ status: 'Accepted' });
      await csms.run(200);
      const request = readSigningRequest(String(sent('SignCertificate').at(-1)?.['csr']));
      expect(request.isSignatureValid).toBe(true);
      expect(request.subject.find(({ type }) => type === 'DC')?.value).toBe('CPO');
      const stranger = EcPrivateKey.generate('secp256r1', seededEntropy(new Random('stranger')));
      const leaf = issueCertificate({
        profile: certificateProfile('secc'),
        subject: request.subject,
        publicKey: foreignKey ? stranger : (request.issuableKey ?? stranger),
        issuer: { certificate: pki[issuer].certificate, signer: pki[issuer].key },
        notBeforeMs: START_MS - 1_000,
        ocspUrl: 'http://localhost:8003/ocsp',
        entropy: seededEntropy(new Random('serial')),
      });
      const subCas =
        issuer === 'cpo-sub-ca-2'
          ? (['cpo-sub-ca-2', 'cpo-sub-ca-1'] as const)
          : (['oem-sub-ca-2', 'oem-sub-ca-1'] as const);
      const certificateChain = toPemChain([leaf.der, ...subCas.map(der)]);
      const answer = await command('CertificateSigned', {
        certificateChain,
        ...(version === '1.6' ? {} : { certificateType: 'V2GCertificate' }),
      });
      return answer['status'];
    };
    expect(await signed('oem-sub-ca-2')).toBe('Rejected');
    await csms.run(200);
    expect(csms.of('SecurityEventNotification').at(-1)?.['type']).toBe(
      version === '1.6' ? 'InvalidChargePointCertificate' : 'InvalidChargingStationCertificate',
    );
    expect(sent('GetCertificateStatus')).toEqual([]);
    expect(await signed('cpo-sub-ca-2', true)).toBe('Rejected');
    expect(await signed('cpo-sub-ca-2')).toBe('Accepted');
    // One question for the leaf and each sub-CA, and again after a week (M06.FR.06, FR.10).
    await csms.run(1_000);
    const asked = sent('GetCertificateStatus').map((one) => one['ocspRequestData'] as Record<string, unknown>);
    expect(asked).toHaveLength(3);
    expect(asked[1]).toEqual({
      ...hashDataOf(pki['cpo-sub-ca-2'].certificate, pki['cpo-sub-ca-1'].certificate),
      responderURL: 'http://localhost:8003/ocsp',
    });
    expect([...csms.station.machine.side.relay.ocsp.held.values()]).toEqual(['T0NTUA==', 'T0NTUA==', 'T0NTUA==']);
    await csms.run(7 * 86_400_000);
    expect(sent('GetCertificateStatus')).toHaveLength(6);
    const { certificateHashDataChain } = await command('GetInstalledCertificateIds', {
      certificateType: ['V2GCertificateChain'],
    });
    expect(certificateHashDataChain).toMatchObject([
      {
        certificateType: 'V2GCertificateChain',
        childCertificateHashData: [
          hashDataOf(pki['cpo-sub-ca-2'].certificate, pki['cpo-sub-ca-1'].certificate),
          hashDataOf(pki['cpo-sub-ca-1'].certificate, pki['v2g-root'].certificate),
        ],
      },
    ]);
  });

  it('relays the vehicle’s request as it is, and keeps the answer for the vehicle', async () => {
    const answer = { status: 'Accepted', exiResponse: 'gJgC' };
    const replies =
      version === '1.6'
        ? { DataTransfer: () => JSON.stringify({ status: 'Accepted', data: JSON.stringify(answer) }) }
        : { Get15118EVCertificate: JSON.stringify(answer) };
    const { csms, sent } = await booted(version, replies);
    COMMANDS['request-contract'].run(csms.station, { exiRequest: 'gJgB' });
    await csms.run(500);
    expect(sent('Get15118EVCertificate')).toEqual([
      { iso15118SchemaVersion: 'urn:iso:15118:2:2013:MsgDef', action: 'Install', exiRequest: 'gJgB' },
    ]);
    expect(csms.station.machine.side.relay.answers.get(1)).toEqual(answer);
  });

  it('shows a contract by hash data where it has the root, else by its chain; the transaction has the EMAID', async () => {
    const { csms, command, sent, show } = await booted(version, authorizeReplies(version, 'Accepted'));
    await show();
    expect(sent('Authorize').at(-1)).toMatchObject({ certificate: contractChain });
    expect(csms.of('Authorize').filter(({ idTag }) => idTag !== undefined)).toEqual([]);
    COMMANDS['stop-button'].run(csms.station, {});
    await csms.run(500);
    await command('InstallCertificate', { certificateType: 'MORootCertificate', certificate: pem('mo-root') }).catch(
      () => {
        // The hand-written CSMS answers every DataTransfer alike; only the station's answer counts.
      },
    );
    await show();
    const last = sent('Authorize').at(-1);
    expect(last?.['certificate']).toBeUndefined();
    expect(last?.['iso15118CertificateHashData']).toHaveLength(3);
    COMMANDS.plug.run(csms.station, {});
    await csms.run(2_000);
    const started =
      version === '1.6'
        ? csms.of('StartTransaction').at(-1)?.['idTag']
        : csms.of('TransactionEvent').find((event) => event['idToken'] !== undefined)?.['idToken'];
    expect(started).toEqual(version === '1.6' ? EMAID : { idToken: EMAID, type: 'eMAID' });
  });

  it('starts nothing when the CSMS refuses, or does not know Plug & Charge', async () => {
    const refusing = await booted(version, authorizeReplies(version, 'Invalid'));
    COMMANDS.plug.run(refusing.csms.station, {});
    await refusing.show();
    expect(refusing.csms.happened.filter(({ what }) => what === 'refused')).toHaveLength(1);
    expect(refusing.csms.station.machine.core.evses[0]?.authorization).toBeUndefined();
    if (version !== '1.6') return;
    const ignorant = await booted(version, { DataTransfer: '{"status":"UnknownVendorId"}' });
    await ignorant.show();
    expect(ignorant.csms.station.machine.core.evses[0]?.authorization).toBeUndefined();
  });

  it.each([
    // the local list has the account, LocalAuthorizeOffline, ContractValidationOffline: charges
    ['Accepted', true, true, true],
    ['Accepted', false, true, false],
    ['Accepted', true, false, false],
    ['Blocked', true, true, false],
  ] as const)(
    'check 37: offline, the local list says %s, LocalAuthorizeOffline %s, validation %s: charges %s',
    async (status, local, validates, charges) => {
      const { csms, command, show } = await booted(version);
      await command('InstallCertificate', { certificateType: 'MORootCertificate', certificate: pem('mo-root') });
      const settings = {
        LocalAuthorizeOffline: local,
        ContractValidationOffline: validates,
        AllowOfflineTxForUnknownId: false,
      };
      if (version === '1.6') {
        for (const [key, value] of Object.entries(settings)) {
          await csms.result('ChangeConfiguration', JSON.stringify({ key, value: String(value) }));
        }
        const localAuthorizationList = [{ idTag: EMAID, idTagInfo: { status } }];
        const list = { listVersion: 1, updateType: 'Full', localAuthorizationList };
        expect(await csms.result('SendLocalList', JSON.stringify(list))).toEqual({ status: 'Accepted' });
      } else {
        const data = (component: string, name: string, value: boolean) => ({
          component: { name: component },
          variable: { name },
          attributeValue: String(value),
        });
        const setVariableData = [
          data('AuthCtrlr', 'LocalAuthorizeOffline', local),
          data('AuthCtrlr', 'OfflineTxForUnknownIdEnabled', false),
          data('ISO15118Ctrlr', 'ContractValidationOffline', validates),
          data('LocalAuthListCtrlr', 'Enabled', true),
        ];
        await csms.result('SetVariables', JSON.stringify({ setVariableData }));
        const localAuthorizationList = [{ idToken: { idToken: EMAID, type: 'eMAID' }, idTokenInfo: { status } }];
        const list = { versionNumber: 1, updateType: 'Full', localAuthorizationList };
        expect(await csms.result('SendLocalList', JSON.stringify(list))).toMatchObject({ status: 'Accepted' });
      }
      csms.refuseConnections = true;
      csms.cut();
      await csms.run(200);
      await show();
      expect(csms.station.machine.core.evses[0]?.authorization !== undefined).toBe(charges);
    },
  );

  it.each([
    // ContractValidationOffline, root installed, unknown ids allowed offline, charges
    [false, true, true, false],
    [true, false, true, false],
    [true, true, false, false],
    [true, true, true, true],
  ])(
    'check 37: offline, validation %s, root %s, unknown ids %s: charges %s',
    async (validates, root, unknown, charges) => {
      const { csms, command, show } = await booted(version);
      if (root)
        await command('InstallCertificate', { certificateType: 'MORootCertificate', certificate: pem('mo-root') });
      const set = async (old: string, component: string, variable: string, value: boolean): Promise<void> => {
        if (version === '1.6') {
          await csms.result('ChangeConfiguration', JSON.stringify({ key: old, value: String(value) }));
          return;
        }
        const data = { component: { name: component }, variable: { name: variable }, attributeValue: String(value) };
        await csms.result('SetVariables', JSON.stringify({ setVariableData: [data] }));
      };
      await set('ContractValidationOffline', 'ISO15118Ctrlr', 'ContractValidationOffline', validates);
      await set('AllowOfflineTxForUnknownId', 'AuthCtrlr', 'OfflineTxForUnknownIdEnabled', unknown);
      csms.refuseConnections = true;
      csms.cut();
      await csms.run(200);
      await show();
      expect(csms.station.machine.core.evses[0]?.authorization !== undefined).toBe(charges);
    },
  );
});

describe.each(['1.6', '2.0.1'] as const)('%s station: certificates that do not come or do not go', (version) => {
  const accepted = '{"status":"Accepted"}';
  const replies = { DataTransfer: JSON.stringify({ status: 'Accepted', data: accepted }), SignCertificate: accepted };
  const set = (csms: HandCsms, name: string, value: string): Promise<Record<string, unknown>> =>
    version === '1.6'
      ? csms.result('ChangeConfiguration', JSON.stringify({ key: name, value }))
      : csms.result(
          'SetVariables',
          JSON.stringify({
            setVariableData: [{ component: { name: 'SecurityCtrlr' }, variable: { name }, attributeValue: value }],
          }),
        );

  it('check 28: without CertificateSigned it asks again after a wait, twice, four times as long, and then no more', async () => {
    const { csms, command, sent } = await booted(version, replies);
    expect(JSON.stringify(await set(csms, 'CertSigningWaitMinimum', '-1'))).toContain('Rejected');
    expect(JSON.stringify(await set(csms, 'CertSigningRepeatTimes', '-1'))).toContain('Rejected');
    await set(csms, 'CertSigningWaitMinimum', '60');
    await set(csms, 'CertSigningRepeatTimes', '2');
    await command('TriggerMessage', version === '1.6' ? {} : { requestedMessage: 'SignV2GCertificate' });
    await csms.run(1_000);
    const count = (): number => sent('SignCertificate').length;
    expect(count()).toBe(1);
    await csms.run(57_000);
    expect(count()).toBe(1);
    await csms.run(3_000);
    expect(count()).toBe(2);
    await csms.run(117_000);
    expect(count()).toBe(2);
    await csms.run(4_000);
    expect(count()).toBe(3);
    await csms.run(86_400_000);
    expect(count()).toBe(3);
    // Each with a fresh key.
    expect(new Set(sent('SignCertificate').map(({ csr }) => csr)).size).toBe(3);
  });

  it('check 28: no repetition at 0, and none after a refusal', async () => {
    const patient = await booted(version, replies);
    await set(patient.csms, 'CertSigningRepeatTimes', '0');
    const trigger = version === '1.6' ? {} : { requestedMessage: 'SignV2GCertificate' };
    await patient.command('TriggerMessage', trigger);
    await patient.csms.run(86_400_000);
    expect(patient.sent('SignCertificate')).toHaveLength(1);
    const rejected = '{"status":"Rejected"}';
    const refused = await booted(version, {
      DataTransfer: JSON.stringify({ status: 'Accepted', data: rejected }),
      SignCertificate: rejected,
    });
    await refused.command('TriggerMessage', trigger);
    await refused.csms.run(86_400_000);
    expect(refused.sent('SignCertificate')).toHaveLength(1);
  });

  it('check 27: an expired chain is Rejected, and a security event says so', async () => {
    const { csms, command, sent } = await booted(version, replies);
    await command('InstallCertificate', { certificateType: 'V2GRootCertificate', certificate: pem('v2g-root') });
    await command('TriggerMessage', version === '1.6' ? {} : { requestedMessage: 'SignV2GCertificate' });
    await csms.run(200);
    const request = readSigningRequest(String(sent('SignCertificate').at(-1)?.['csr']));
    const leaf = issueCertificate({
      profile: certificateProfile('secc'),
      subject: request.subject,
      publicKey: request.issuableKey ?? pki.secc.key,
      issuer: { certificate: pki['cpo-sub-ca-2'].certificate, signer: pki['cpo-sub-ca-2'].key },
      notBeforeMs: START_MS - 2 * 86_400_000,
      notAfterMs: START_MS - 86_400_000,
      entropy: seededEntropy(new Random('expired')),
    });
    const certificateChain = toPemChain([leaf.der, der('cpo-sub-ca-2'), der('cpo-sub-ca-1')]);
    const type = version === '1.6' ? {} : { certificateType: 'V2GCertificate' };
    expect((await command('CertificateSigned', { certificateChain, ...type }))['status']).toBe('Rejected');
    await csms.run(200);
    expect(csms.of('SecurityEventNotification').at(-1)?.['type']).toMatch(/^InvalidCharg\w+Certificate$/);
  });

  it('check 30: a full store refuses another root, and takes one again that it has', async () => {
    const { command } = await booted(version, replies);
    const root = (n: number): string => {
      const key = EcPrivateKey.generate('secp256r1', seededEntropy(new Random(`root ${n}`)));
      return toPem(
        'CERTIFICATE',
        issueCertificate({
          profile: certificateProfile('mo-root'),
          subject: [
            { type: 'O', value: 'MO' },
            { type: 'CN', value: `Root ${n}` },
          ],
          publicKey: key,
          issuer: { certificate: 'self', signer: key },
          notBeforeMs: START_MS - 1_000,
          entropy: seededEntropy(new Random(`serial ${n}`)),
        }).der,
      );
    };
    const install = async (n: number): Promise<unknown> =>
      (await command('InstallCertificate', { certificateType: 'MORootCertificate', certificate: root(n) }))['status'];
    let n = 0;
    while ((await install(n)) === 'Accepted') if (++n > 100) throw new Error('a store without an end');
    expect(n).toBeGreaterThan(0);
    expect(await install(n)).toBe('Rejected');
    expect(await install(0)).toBe('Accepted');
  });

  it('check 32: the chain that it serves with: kept in 1.6, given up in 2.x; an unknown one is not found', async () => {
    const { csms, command, sent } = await booted(version, replies);
    await command('InstallCertificate', { certificateType: 'V2GRootCertificate', certificate: pem('v2g-root') });
    await command('TriggerMessage', version === '1.6' ? {} : { requestedMessage: 'SignV2GCertificate' });
    await csms.run(200);
    const request = readSigningRequest(String(sent('SignCertificate').at(-1)?.['csr']));
    const leaf = issueCertificate({
      profile: certificateProfile('secc'),
      subject: request.subject,
      publicKey: request.issuableKey ?? pki.secc.key,
      issuer: { certificate: pki['cpo-sub-ca-2'].certificate, signer: pki['cpo-sub-ca-2'].key },
      notBeforeMs: START_MS - 1_000,
      entropy: seededEntropy(new Random('own')),
    });
    const certificateChain = toPemChain([leaf.der, der('cpo-sub-ca-2'), der('cpo-sub-ca-1')]);
    const type = version === '1.6' ? {} : { certificateType: 'V2GCertificate' };
    expect((await command('CertificateSigned', { certificateChain, ...type }))['status']).toBe('Accepted');
    const own = hashDataOf(leaf, pki['cpo-sub-ca-2'].certificate);
    // 2.x lists the chain of ISO 15118 and gives it up; only the station's TLS certificate is its own (M04.FR.06).
    expect((await command('DeleteCertificate', { certificateHashData: own }))['status']).toBe(
      version === '1.6' ? 'Failed' : 'Accepted',
    );
    const unknown = { ...own, serialNumber: 'abcdef' };
    expect((await command('DeleteCertificate', { certificateHashData: unknown }))['status']).toBe('NotFound');
  });
});

describe('1.6 wrapping at the station', () => {
  it('check 29, 40: unknown and malformed inner messages; the two worlds of certificates do not mix', async () => {
    const { csms } = await booted('1.6');
    const transfer = async (messageId: string, data: string): Promise<unknown> =>
      (await csms.result('DataTransfer', JSON.stringify({ vendorId: VENDOR, messageId, data })))['status'];
    expect(await transfer('Nonsense', '{}')).toBe('UnknownMessageId');
    expect(await transfer('InstallCertificate', '{"certificateType"')).toBe('Rejected');
    const wrong = JSON.stringify({ certificateType: 'CentralSystemRootCertificate', certificate: pem('v2g-root') });
    expect(await transfer('InstallCertificate', wrong)).toBe('Rejected');
    const unwrapped = JSON.stringify({ certificateType: 'MORootCertificate', certificate: pem('mo-root') });
    expect((await csms.call('InstallCertificate', unwrapped))[0]).toBe(4);
  });
});

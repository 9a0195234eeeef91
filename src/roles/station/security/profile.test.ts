import { expect, it } from 'vitest';
import { systemEntropy } from '../../../core/entropy.ts';
import { toPem } from '../../../protocols/iso15118/pki/pem.ts';
import { samplePki } from '../../../protocols/iso15118/testing/sample-pki.ts';
import { HandCsms } from '../testing/hand-csms.ts';
import { pkiCrypto } from './pki-crypto.ts';

it('1.6: a raised profile that does not work is left again after three attempts (whitepaper A05.FR.08)', async () => {
  const csms = new HandCsms({ version: '1.6', crypto: pkiCrypto(systemEntropy) });
  await csms.boot();
  const root = JSON.stringify(toPem('CERTIFICATE', samplePki()['v2g-root'].certificate.der));
  await csms.result('InstallCertificate', `{"certificateType":"CentralSystemRootCertificate","certificate":${root}}`);
  await csms.result('ChangeConfiguration', '{"key":"AuthorizationKey","value":"00112233445566778899aabbccddeeff"}');
  await csms.run(100);
  csms.refuseConnections = true;
  expect(await csms.result('ChangeConfiguration', '{"key":"SecurityProfile","value":"2"}')).toEqual({
    status: 'Accepted',
  });
  await csms.run(100);
  expect(csms.station.endpoint).toMatch(/^wss:/);
  await csms.run(120_000);
  expect(csms.happened.filter((one) => one.what === 'connect-failed').length).toBeGreaterThanOrEqual(3);
  expect(csms.station.endpoint).toMatch(/^ws:/);
  csms.refuseConnections = false;
  await csms.run(120_000);
  expect(await csms.result('GetConfiguration', '{"key":["SecurityProfile"]}')).toEqual({
    configurationKey: [{ key: 'SecurityProfile', readonly: false, value: '0' }],
  });
});

it('1.6: a profile that was accepted once stays, also when the line breaks later', async () => {
  const csms = new HandCsms({ version: '1.6', crypto: pkiCrypto(systemEntropy) });
  await csms.boot();
  await csms.result('ChangeConfiguration', '{"key":"AuthorizationKey","value":"00112233445566778899aabbccddeeff"}');
  await csms.run(100);
  await csms.result('ChangeConfiguration', '{"key":"SecurityProfile","value":"1"}');
  await csms.run(1_000);
  csms.refuseConnections = true;
  csms.cut();
  await csms.run(300_000);
  csms.refuseConnections = false;
  await csms.run(300_000);
  expect(await csms.result('GetConfiguration', '{"key":["SecurityProfile"]}')).toEqual({
    configurationKey: [{ key: 'SecurityProfile', readonly: false, value: '1' }],
  });
});

import { describe, expect, it } from 'vitest';
import { CsmsTestBench } from '../test-bench.ts';
import type { VehicleCertificates } from './vehicle-certificates.ts';

const HASH = '"hashAlgorithm":"SHA256","issuerNameHash":"aa","issuerKeyHash":"bb","serialNumber":"01"';
const plugAndCharge: VehicleCertificates = {
  contractStatus: ({ idToken, certificate }, done) =>
    done(certificate === 'revoked' ? 'CertificateRevoked' : idToken === 'SILENT' ? undefined : 'Accepted'),
  evCertificate: ({ request }, done) =>
    done({ status: 'Accepted', exiResponse: `answer to ${request.exiRequest}`, remainingContracts: 2 }),
  certificateStatus: ({ data }, done) => done({ status: 'Accepted', ocspResult: `ocsp of ${data.serialNumber}` }),
  chainStatus: ({ requests }, done) =>
    done(
      requests.map(({ certificateHashData, source }) => ({
        certificateHashData,
        source,
        status: 'Good',
        nextUpdate: '2026-01-08T00:00:00Z',
      })),
    ),
};

async function bench(version: '2.0.1' | '2.1') {
  const it = new CsmsTestBench({}, { vehicleCertificates: plugAndCharge });
  it.state.tokens.put({ idToken: 'CONTRACT', type: 'eMAID', status: 'Accepted', concurrent: false });
  it.state.tokens.put({ idToken: 'SILENT', type: 'eMAID', status: 'Accepted', concurrent: false });
  return { it, station: await it.station('CS1', version) };
}

describe('with Plug & Charge behind the CSMS', () => {
  it('a contract certificate is judged in Authorize (C07)', async () => {
    const { station } = await bench('2.0.1');
    const authorize = (token: string, certificate: string): Promise<unknown> =>
      station.ask('Authorize', `{"idToken":{"idToken":"${token}","type":"eMAID"},"certificate":"${certificate}"}`);
    expect(await authorize('CONTRACT', 'good')).toEqual({
      idTokenInfo: { status: 'Accepted' },
      certificateStatus: 'Accepted',
    });
    expect(await authorize('CONTRACT', 'revoked')).toEqual({
      idTokenInfo: { status: 'Invalid' },
      certificateStatus: 'CertificateRevoked',
    });
    expect(await authorize('SILENT', 'good')).toEqual({ idTokenInfo: { status: 'Accepted' } });
  });

  it('a car gets its certificate; only 2.1 can say how many contracts remain (M01)', async () => {
    const question = '{"iso15118SchemaVersion":"urn:iso:15118:2:2013:MsgDef","action":"Update","exiRequest":"gJg="}';
    const old = await bench('2.0.1');
    expect(await old.station.ask('Get15118EVCertificate', question)).toEqual({
      status: 'Accepted',
      exiResponse: 'answer to gJg=',
    });
    const { it, station } = await bench('2.1');
    expect(await station.ask('Get15118EVCertificate', question)).toEqual({
      status: 'Accepted',
      exiResponse: 'answer to gJg=',
      remainingContracts: 2,
    });
    expect(it.items('CS1', 'certificate-questions')).toMatchObject([
      { status: 'Accepted', value: { action: 'Update' } },
    ]);
  });

  it('certificates are looked up (M06, 2.1 M07)', async () => {
    const { it, station } = await bench('2.1');
    expect(
      await station.ask('GetCertificateStatus', `{"ocspRequestData":{${HASH},"responderURL":"http://ocsp.example"}}`),
    ).toEqual({ status: 'Accepted', ocspResult: 'ocsp of 01' });
    expect(
      await station.ask(
        'GetCertificateChainStatus',
        `{"certificateStatusRequests":[{"certificateHashData":{${HASH}},"source":"OCSP","urls":["http://ocsp.example"]}]}`,
      ),
    ).toMatchObject({ certificateStatus: [{ source: 'OCSP', status: 'Good' }] });
    expect(it.items('CS1', 'certificate-questions').map(({ status }) => status)).toEqual(['Accepted', 'Good']);
  });
});

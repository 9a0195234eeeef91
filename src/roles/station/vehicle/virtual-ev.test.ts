import { describe, expect, it } from 'vitest';
import { seededEntropy } from '../../../core/entropy.ts';
import { Random } from '../../../core/random.ts';
import {
  buildInstallationFailure,
  buildInstallationResponse,
  certificateProfile,
  encodeIso2,
  issueCertificate,
  readInstallationRequest,
  readSigningRequest,
  signContractData,
  toPem,
  toPemChain,
  wrapContractKeyIso2,
} from '../../../protocols/iso15118/index.ts';
import { SAMPLE_NOW_MS, samplePki } from '../../../protocols/iso15118/testing/sample-pki.ts';
import { VirtualEv } from './virtual-ev.ts';

const pki = samplePki();
const PCID = 'WMI12345671234567';
const EMAID = 'DE8AAC12345678D';
const der = (role: keyof typeof pki) => pki[role].certificate.der;

function vehicle(seed = 'ev', saved: { pem?: string } = {}) {
  const ev = new VirtualEv({
    pcid: PCID,
    keyFile: {
      load: () => saved.pem,
      save: (pem) => {
        saved.pem = pem;
      },
    },
    entropy: seededEntropy(new Random(seed)),
    nowMs: () => SAMPLE_NOW_MS,
  });
  const request = readSigningRequest(ev.signingRequest());
  if (request.issuableKey === undefined) throw new Error('no key');
  const leaf = issueCertificate({
    profile: certificateProfile('oem-provisioning'),
    subject: request.subject,
    publicKey: request.issuableKey,
    issuer: { certificate: pki['oem-sub-ca-2'].certificate, signer: pki['oem-sub-ca-2'].key },
    notBeforeMs: SAMPLE_NOW_MS - 1_000,
    entropy: seededEntropy(new Random('serial')),
  });
  ev.provision(toPemChain([leaf.der, der('oem-sub-ca-2'), der('oem-sub-ca-1')]), toPem('CERTIFICATE', der('v2g-root')));
  return { ev, publicPoint: request.issuableKey.publicPoint, saved };
}

interface Wrong {
  readonly vehiclePoint?: Uint8Array;
  readonly signer?: typeof pki.cps.key;
  readonly cps?: 'cps' | 'secc';
  readonly sessionId?: Uint8Array;
}

/** What a provisioning service answers to the request of the vehicle. */
function answer(request: Uint8Array, publicPoint: Uint8Array, wrong: Wrong = {}): Uint8Array {
  const { sessionId } = readInstallationRequest(request);
  const wrapped = wrapContractKeyIso2(
    pki.contract.key,
    wrong.vehiclePoint ?? publicPoint,
    seededEntropy(new Random('wrap')),
  );
  const cpsChain =
    wrong.cps === 'secc'
      ? ([der('secc'), der('cpo-sub-ca-2'), der('cpo-sub-ca-1')] as const)
      : ([der('cps'), der('cps-sub-ca-2'), der('cps-sub-ca-1')] as const);
  const signed = signContractData(
    { contractChain: [der('contract'), der('mo-sub-ca-2'), der('mo-sub-ca-1')], ...wrapped, emaid: EMAID },
    [...cpsChain],
    wrong.signer ?? (wrong.cps === 'secc' ? pki.secc.key : pki.cps.key),
  );
  return encodeIso2(buildInstallationResponse(signed, { action: 'Install', sessionId: wrong.sessionId ?? sessionId }));
}

describe('a virtual vehicle', () => {
  it('signs its request with its own key, opens the answer and shows the contract', () => {
    const { ev, publicPoint } = vehicle();
    const request = ev.installationRequest();
    expect(readInstallationRequest(request).signature.ok).toBe(true);
    expect(ev.receive(answer(request, publicPoint))).toMatchObject({ ok: true, contract: { emaid: EMAID } });
    expect(ev.contract?.chainPem.match(/BEGIN CERTIFICATE/g)).toHaveLength(3);
    expect(ev.signChallenge(Uint8Array.of(1, 2, 3))).toHaveLength(64);
  });

  it('keeps its key: after a restart it is the same vehicle', () => {
    const first = vehicle();
    const again = vehicle('other seed', first.saved);
    expect([...again.publicPoint]).toEqual([...first.publicPoint]);
  });

  it('refuses a contract that was encrypted for another vehicle, and keeps none of it', () => {
    const { ev } = vehicle();
    const other = vehicle('another vehicle');
    const outcome = ev.receive(answer(ev.installationRequest(), other.publicPoint));
    expect(outcome).toMatchObject({ ok: false, why: expect.stringContaining('another vehicle key') });
    expect(ev.contract).toBeUndefined();
  });

  it('refuses a wrong signature, a signer that is no provisioning service, another session, a refusal, and nonsense', () => {
    const { ev, publicPoint } = vehicle();
    const why = (wrong: Wrong): string => {
      const outcome = ev.receive(answer(ev.installationRequest(), publicPoint, wrong));
      return outcome.ok ? 'taken' : outcome.why;
    };
    expect(why({ signer: pki.secc.key })).toContain('signature');
    expect(why({ cps: 'secc' })).toContain('no provisioning service');
    expect(why({ sessionId: Uint8Array.of(9) })).toContain('another session');
    const { sessionId } = readInstallationRequest(ev.installationRequest());
    const failure = buildInstallationFailure({
      action: 'Install',
      sessionId,
      responseCode: 'FAILED_CertificateRevoked',
    });
    expect(ev.receive(encodeIso2(failure))).toMatchObject({ ok: false, responseCode: 'FAILED_CertificateRevoked' });
    for (const bytes of [new Uint8Array(), Uint8Array.of(0x80), new Uint8Array(200).fill(7)]) {
      expect(ev.receive(bytes).ok).toBe(false);
    }
    expect(ev.contract).toBeUndefined();
  });
});

import { seededEntropy } from '../../../../core/entropy.ts';
import { Random } from '../../../../core/random.ts';
import { parseTime } from '../../../../core/time.ts';
import {
  buildInstallationFailure,
  buildInstallationResponse,
  certificateProfile,
  encodeIso2,
  type Iso2Message,
  issueCertificate,
  toPem,
  toPemChain,
} from '../../../../protocols/iso15118/index.ts';
import { SESSION, sampleDialogueIso2 } from '../../../../protocols/iso15118/testing/sample-dialogue.ts';
import { describeRules } from '../../testing/rule-cases.ts';

const { pki, signed, installRequest, installResponse } = sampleDialogueIso2();
const der = (role: keyof typeof pki): Uint8Array => pki[role].certificate.der;
const pem = (role: keyof typeof pki): string => toPem('CERTIFICATE', der(role));
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const exi = (message: Iso2Message): string => base64(encodeIso2(message));
/** Another certificate of a role: of another time, or with another organisation. */
const issued = (role: 'secc' | 'contract', from: string, organisation = 'Compote'): Uint8Array => {
  const parent = pki[role === 'secc' ? 'cpo-sub-ca-2' : 'mo-sub-ca-2'];
  return issueCertificate({
    profile: certificateProfile(role, 'ISO15118-2'),
    subject: [
      { type: 'C', value: 'DE' },
      { type: 'O', value: organisation },
      { type: 'CN', value: role === 'secc' ? 'DE8AAE12345' : 'DE8AAC12345678D' },
    ],
    publicKey: pki[role].key,
    issuer: { certificate: parent.certificate, signer: parent.key },
    notBeforeMs: parseTime(from) ?? 0,
    entropy: seededEntropy(new Random(`${from} ${organisation}`)),
    ocspUrl: 'http://localhost:8003/ocsp',
  }).der;
};
const OLD = '2020-01-01T00:00:00Z';
/** Without its check character, as certificates have it. */
const EMAID = 'DE8AAC12345678';
const SCHEMA = 'urn:iso:15118:2:2013:MsgDef';
const OTHER_SESSION = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);

const V16 = '1.6\nopen\nboot\n';
const V201 = '2.0.1\nopen\nboot\n';
const wrapped = (name: string, inner: object): string =>
  `DataTransfer ${JSON.stringify({ vendorId: 'org.openchargealliance.iso15118pnc', messageId: name, data: JSON.stringify(inner) })}`;
const unwrapped = (inner: object): string => JSON.stringify({ status: 'Accepted', data: JSON.stringify(inner) });

/** A contract that is shown, and its answer, in both versions. */
const shown = (asked: object, answered: object): string[] => [
  `${V16}S> ${wrapped('Authorize', { idToken: EMAID, ...asked })} = ${unwrapped(answered)}`,
  `${V201}S> Authorize ${JSON.stringify({ idToken: { idToken: EMAID, type: 'eMAID' }, ...asked })} = ${JSON.stringify(answered)}`,
];
/** A contract that a car asks for. */
const asked = (exiRequest: string, answered: object): string[] => {
  const request = { iso15118SchemaVersion: SCHEMA, action: 'Install', exiRequest };
  return [
    `${V16}S> ${wrapped('Get15118EVCertificate', request)} = ${unwrapped(answered)}`,
    `${V201}S> Get15118EVCertificate ${JSON.stringify(request)} = ${JSON.stringify(answered)}`,
  ];
};
const toStation = (name: string, inner: object, answered: object): string =>
  `${V16}C> ${wrapped(name, inner)} = ${unwrapped(answered)}`;
const VALID = shown(
  { certificate: pem('contract') },
  { certificateStatus: 'Accepted', idTokenInfo: { status: 'Accepted' } },
);
const DELIVERED = asked(exi(installRequest), { status: 'Accepted', exiResponse: exi(installResponse) });
const OCSP = {
  hashAlgorithm: 'SHA256',
  issuerNameHash: 'a1',
  issuerKeyHash: 'b2',
  serialNumber: 'c3',
  responderURL: 'http://localhost:8003/ocsp',
};
const REFUSED = buildInstallationFailure({
  action: 'Install',
  sessionId: SESSION,
  responseCode: 'FAILED_NoCertificateAvailable',
});
const CHAIN = toPemChain([der('secc'), der('cpo-sub-ca-2'), der('cpo-sub-ca-1')]);
const SIGNED = toStation('CertificateSigned', { certificateChain: CHAIN }, { status: 'Accepted' });
const INSTALLED = toStation(
  'InstallCertificate',
  { certificateType: 'V2GRootCertificate', certificate: pem('v2g-root') },
  { status: 'Accepted' },
);

describeRules('Plug & Charge over OCPP', {
  'pnc.authorize.status': {
    passes: [
      ...VALID,
      ...shown(
        { certificate: pem('contract') },
        { certificateStatus: 'ContractCancelled', idTokenInfo: { status: 'Blocked' } },
      ),
      ...shown(
        { certificate: pem('contract') },
        { certificateStatus: 'CertificateExpired', idTokenInfo: { status: 'Expired' } },
      ),
    ],
    fails: [
      ...shown(
        { certificate: pem('contract') },
        { certificateStatus: 'CertificateRevoked', idTokenInfo: { status: 'Accepted' } },
      ),
      ...shown(
        { certificate: pem('contract') },
        { certificateStatus: 'CertificateExpired', idTokenInfo: { status: 'Invalid' } },
      ),
      ...shown({ certificate: pem('contract') }, { certificateStatus: 'Accepted', idTokenInfo: { status: 'Blocked' } }),
      ...shown({ certificate: pem('contract') }, { idTokenInfo: { status: 'Accepted' } }),
    ],
  },
  'pnc.authorize.foreign-certificate': {
    passes: VALID,
    fails: shown({ certificate: pem('secc') }, { certificateStatus: 'Accepted', idTokenInfo: { status: 'Accepted' } }),
    says: 'DE8AAE12345',
  },
  'pnc.authorize.expired-certificate': {
    passes: VALID,
    fails: shown(
      { certificate: toPem('CERTIFICATE', issued('contract', OLD)) },
      { certificateStatus: 'Accepted', idTokenInfo: { status: 'Accepted' } },
    ),
    says: '2020-01-01',
  },
  'pnc.authorize.check-character': {
    passes: shown({}, { idTokenInfo: { status: 'Accepted' } }),
    fails: shown({}, { idTokenInfo: { status: 'Accepted' } }).map((trace) =>
      trace.replaceAll(EMAID, 'DE8AAC12345678V'),
    ),
    says: 'D belongs to it',
  },
  'pnc.exi.size': {
    passes: DELIVERED,
    fails: asked(exi(installRequest), {
      status: 'Accepted',
      exiResponse: base64(Buffer.concat([encodeIso2(installResponse), Buffer.alloc(3_000)])),
    }).slice(0, 1),
    with: ['pnc.exi.unreadable'],
  },
  'pnc.exi.status': {
    passes: [...DELIVERED, ...asked(exi(installRequest), { status: 'Failed', exiResponse: '' })],
    fails: [
      ...asked(exi(installRequest), { status: 'Accepted', exiResponse: '' }),
      ...asked(exi(installRequest), { status: 'Failed', exiResponse: exi(installResponse) }),
    ],
  },
  'pnc.exi.session': {
    passes: DELIVERED,
    fails: asked(exi(installRequest), {
      status: 'Accepted',
      exiResponse: exi(buildInstallationResponse(signed, { action: 'Install', sessionId: OTHER_SESSION })),
    }),
    says: '0102030405060708',
  },
  'pnc.exi.refused': {
    passes: DELIVERED,
    fails: asked(exi(installRequest), { status: 'Accepted', exiResponse: exi(REFUSED) }),
    says: 'FAILED_NoCertificateAvailable',
  },
  'pnc.exi.unreadable': {
    passes: DELIVERED,
    fails: asked(base64(encodeIso2(installRequest).subarray(0, 40)), { status: 'Failed', exiResponse: '' }),
  },
  'pnc.chain.order': {
    passes: SIGNED,
    fails: [
      toStation(
        'CertificateSigned',
        { certificateChain: toPemChain([der('secc'), der('cpo-sub-ca-1'), der('cpo-sub-ca-2')]) },
        { status: 'Rejected' },
      ),
      toStation(
        'CertificateSigned',
        { certificateChain: toPemChain([der('cpo-sub-ca-1'), der('cpo-sub-ca-2'), der('secc')]) },
        { status: 'Rejected' },
      ),
      toStation('CertificateSigned', { certificateChain: `${CHAIN}${pem('v2g-root')}` }, { status: 'Rejected' }),
    ],
  },
  'pnc.chain.size': {
    passes: SIGNED,
    fails: toStation(
      'CertificateSigned',
      {
        certificateChain: toPemChain([
          issued('secc', '2026-02-28T00:00:00Z', 'A very long name of an organisation'.repeat(15)),
          der('cpo-sub-ca-2'),
        ]),
      },
      { status: 'Rejected' },
    ),
  },
  'pnc.chain.expired': {
    passes: [SIGNED, INSTALLED],
    fails: toStation(
      'CertificateSigned',
      { certificateChain: toPemChain([issued('secc', OLD), der('cpo-sub-ca-2')]) },
      { status: 'Rejected' },
    ),
  },
  'pnc.root.type': {
    passes: INSTALLED,
    fails: toStation(
      'InstallCertificate',
      { certificateType: 'V2GRootCertificate', certificate: pem('cpo-sub-ca-1') },
      { status: 'Rejected' },
    ),
  },
  'pnc.ocsp.result': {
    passes: `${V16}S> ${wrapped('GetCertificateStatus', { ocspRequestData: OCSP })} = ${unwrapped({ status: 'Accepted', ocspResult: 'AAAA' })}`,
    fails: [
      `${V16}S> ${wrapped('GetCertificateStatus', { ocspRequestData: OCSP })} = ${unwrapped({ status: 'Accepted' })}`,
      `${V16}S> ${wrapped('GetCertificateStatus', { ocspRequestData: OCSP })} = ${unwrapped({ status: 'Failed', ocspResult: 'AAAA' })}`,
    ],
  },
});

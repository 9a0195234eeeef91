import { seededEntropy } from '../../../../core/entropy.ts';
import { Random } from '../../../../core/random.ts';
import { parseTime } from '../../../../core/time.ts';
import {
  buildInstallationResponse,
  certificateProfile,
  createSigningRequest,
  encodeCertsOnly,
  encodeIso2,
  type Iso2Message,
  issueCertificate,
} from '../../../../protocols/iso15118/index.ts';
import { PCID, SESSION, sampleDialogueIso2 } from '../../../../protocols/iso15118/testing/sample-dialogue.ts';
import { describeExchangeRules } from '../../testing/exchange-cases.ts';

const { pki, signed, installRequest, installResponse } = sampleDialogueIso2();
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const der = (role: keyof typeof pki): string => base64(pki[role].certificate.der);
const exi = (message: Iso2Message): string => base64(encodeIso2(message));
const EMAID = 'DE8AAC12345678';
const NAMESPACE = 'urn:iso:15118:2:2013:MsgDef';

/** Another provisioning certificate: of another time, or of another name. */
const provisioning = (from: string, cn = PCID): string =>
  base64(
    issueCertificate({
      profile: certificateProfile('oem-provisioning', 'ISO15118-2'),
      subject: [
        { type: 'C', value: 'DE' },
        { type: 'O', value: 'Compote' },
        { type: 'CN', value: cn },
      ],
      publicKey: pki['oem-provisioning'].key,
      issuer: { certificate: pki['oem-sub-ca-2'].certificate, signer: pki['oem-sub-ca-2'].key },
      notBeforeMs: parseTime(from) ?? 0,
      entropy: seededEntropy(new Random(`${from} ${cn}`)),
      ocspUrl: 'http://localhost:8003/ocsp',
    }).der,
  );
const VEHICLE = {
  vehicleCertificate: der('oem-provisioning'),
  subCA2Certificate: der('oem-sub-ca-2'),
  subCA1Certificate: der('oem-sub-ca-1'),
};
const added = (vehicle: object, answer: string): string =>
  `EMP>POOL addOemProvCert method=PUT path=/v1/oem/provCerts ${JSON.stringify(vehicle)} = ${answer}`;
const contract = (emaid: string): string =>
  JSON.stringify({
    xsdMsgDefNamespace: NAMESPACE,
    pcid: PCID,
    emaid,
    contractData: { emaid, contractSignatureCertChain: { contractSignatureCertChainCertificate: der('contract') } },
  });
const generated = (begins: string, ends: string, answer: string): string =>
  `EMP>POOL generateSignedContractData method=PUT path=/v1/cps/generate/signedContractData {"contractBegins":"${begins}","contractEnds":"${ends}","emaid":"${EMAID}","pcid":"${PCID}","xsdMsgDefNamespace":"${NAMESPACE}"} = ${answer}`;
const GENERATED = generated('2026-03-01T00:00:00Z', '2027-03-01T00:00:00Z', '201');
const looked = (status: string): string =>
  `EMP>POOL lookupVehicle method=GET path=/v1/oem/provCerts/lookupVehicle/${PCID} = ${status}`;
const fetched = (answer: string, more = ''): string =>
  `CPO>POOL getSignedContractData ${more} path=/v1/ccp/signedContractData {"certificateInstallationReq":"${exi(installRequest)}","xsdMsgDefNamespace":"${NAMESPACE}"} = {"CCPResponse":{"emaidContent":[{"messageDef":{"certificateInstallationRes":"${answer}","emaid":"${EMAID}"}}]}}`;
const FETCHED = fetched(exi(installResponse));
const DELETED = `EMP>POOL deleteSignedContractData method=DELETE path=/v1/ccp/signedContractData/${EMAID} = 200`;

const request = (cn: string): string =>
  base64(
    createSigningRequest(
      [
        { type: 'C', value: 'DE' },
        { type: 'O', value: 'Compote' },
        ...(cn === '' ? [] : [{ type: 'CN', value: cn } as const]),
      ],
      pki.secc.key,
    ),
  );
const enrolled = (cn: string, answer: string): string =>
  `CPO>POOL simpleEnroll path=/.well-known/cpo/simpleenroll ${request(cn)} = ${answer}`;
const issued = (...roles: (keyof typeof pki)[]): string =>
  base64(encodeCertsOnly(roles.map((role) => pki[role].certificate.der)));

describeExchangeRules('the pools of Plug & Charge', {
  'pnc.pool.emaid': {
    passes: `EMP>POOL createSignedContractData method=PUT path=/v1/cps/signedContractData ${contract(EMAID)} = {}`,
    fails: `EMP>POOL createSignedContractData method=PUT path=/v1/cps/signedContractData ${contract('DE8AAC99999999')} = 400 {}`,
  },
  'pnc.pool.dates': {
    passes: [GENERATED, generated('2026-03-01T00:00:00Z', '2025-03-01T00:00:00Z', '400 {}')],
    fails: [
      generated('2024-03-01T00:00:00Z', '2025-03-01T00:00:00Z', '201'),
      generated('2028-03-01T00:00:00Z', '2027-03-01T00:00:00Z', '201'),
    ],
  },
  'pnc.pool.order': {
    passes: [GENERATED, `${looked('200')}\n${GENERATED}`, `${looked('404')}\n${added(VEHICLE, '{}')}\n${GENERATED}`],
    fails: `${looked('404')}\n${generated('2026-03-01T00:00:00Z', '2027-03-01T00:00:00Z', '400 {}')}`,
  },
  'pnc.pool.chain': {
    passes: added(VEHICLE, '{}'),
    fails: added(
      { ...VEHICLE, subCA2Certificate: der('oem-sub-ca-1'), subCA1Certificate: der('oem-sub-ca-2') },
      '400 {}',
    ),
  },
  'pnc.pool.expired': {
    passes: [
      added(VEHICLE, '{}'),
      added({ ...VEHICLE, vehicleCertificate: provisioning('2010-01-01T00:00:00Z') }, '400 {}'),
    ],
    fails: added({ ...VEHICLE, vehicleCertificate: provisioning('2010-01-01T00:00:00Z') }, '{}'),
  },
  'pnc.pool.pcid': {
    passes: added(VEHICLE, '{}'),
    fails: added({ ...VEHICLE, vehicleCertificate: provisioning('2026-02-28T00:00:00Z', 'CAR 7') }, '400 {}'),
    says: 'CAR 7',
  },
  'pnc.pool.session': {
    passes: FETCHED,
    fails: fetched(exi(buildInstallationResponse(signed, { action: 'Install', sessionId: Uint8Array.of(0) }))),
    says: Buffer.from(SESSION).toString('hex'),
  },
  'pnc.pool.exi-size': { passes: FETCHED, fails: fetched('A'.repeat(5_604)) },
  'pnc.pool.slow': { passes: FETCHED, fails: fetched(exi(installResponse), 'slow=6') },
  'pnc.pool.deleted': {
    passes: [`${FETCHED}\n${DELETED}`, `${DELETED}\n${GENERATED}\n${FETCHED}`],
    fails: `${DELETED}\n${FETCHED}`,
  },
  'pnc.pool.unauthorised': {
    passes: `${looked('401')}\n${looked('401')}`,
    fails: `${looked('401')}\n${looked('401')}\n${looked('401')}`,
  },
  'pnc.est.request': {
    passes: enrolled('DE8AAE12345', issued('secc')),
    fails: [enrolled('', '400'), 'CPO>POOL simpleEnroll path=/.well-known/cpo/simpleenroll AAAA = 400'],
  },
  'pnc.est.key': {
    passes: enrolled('DE8AAE12345', issued('secc')),
    fails: [
      enrolled('DE8AAE12345', issued('contract')),
      enrolled('DE8AAE12345', issued('secc', 'cpo-sub-ca-2')),
      enrolled('DE8AAE99999', issued('secc')),
      enrolled('DE8AAE12345', 'AAAA'),
    ],
  },
});

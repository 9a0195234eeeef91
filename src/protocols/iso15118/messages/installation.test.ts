import { describe, expect, it } from 'vitest';
import { decodeIso2, decodeIso20, encodeIso2, encodeIso20 } from '../exi/messages.ts';
import { unwrapContractKeyIso2, unwrapContractKeyIso20 } from '../keys/contract-key-transport.ts';
import { parseCertificate } from '../pki/certificate.ts';
import { isNamedBy } from '../pki/names.ts';
import { EMAID, SESSION, sampleDialogueIso2, sampleDialogueIso20 } from '../testing/sample-dialogue.ts';
import { fromContractXml, toContractXml } from './contract-xml.ts';
import {
  buildInstallationFailure,
  checkContractData,
  openInstallationResponse,
  readInstallationRequest,
  readInstallationResponse,
} from './installation-iso2.ts';
import { checkInstallationResponseIso20, readInstallationRequestIso20 } from './installation-iso20.ts';

const dialogue = sampleDialogueIso2();
const { pki } = dialogue;

describe('a certificate request of ISO 15118-2', () => {
  it.each(['Install', 'Update'] as const)('%s arrives with its session, certificate and a good signature', (action) => {
    const message = action === 'Install' ? dialogue.installRequest : dialogue.updateRequest;
    const request = readInstallationRequest(encodeIso2(message));
    const expected = action === 'Install' ? pki['oem-provisioning'] : pki.contract;
    expect(request).toMatchObject({ action, sessionId: SESSION, emaid: action === 'Install' ? undefined : EMAID });
    expect(Buffer.compare(request.certificate.der, expected.certificate.der)).toBe(0);
    expect(request.signature.ok).toBe(true);
    expect(isNamedBy(pki['v2g-root'].certificate.subject, request.roots[0]?.X509IssuerName ?? '')).toBe(true);
    expect(request.roots[0]?.X509SerialNumber).toBe(pki['v2g-root'].certificate.serialNumber);
  });

  it('is not accepted with other content, another signature, or none', () => {
    const { installRequest } = dialogue;
    const { CertificateInstallationReq } = installRequest.Body;
    if (CertificateInstallationReq === undefined) throw new Error('request expected');
    const roots = { RootCertificateID: [{ X509IssuerName: 'CN=Other', X509SerialNumber: 1n }] };
    const changed = {
      ...installRequest,
      Body: { CertificateInstallationReq: { ...CertificateInstallationReq, ListOfRootCertificateIDs: roots } },
    };
    expect(readInstallationRequest(encodeIso2(changed)).signature).toEqual({
      isSignatureValid: true,
      digests: [{ element: 'CertificateInstallationReq', verdict: 'mismatch' }],
      ok: false,
    });
    const { Signature } = installRequest.Header;
    if (Signature === undefined) throw new Error('signature expected');
    const { value } = Signature.SignatureValue;
    const forged = { ...Signature, SignatureValue: { value: value.with(9, (value[9] ?? 0) ^ 1) } };
    const forgedMessage = { ...installRequest, Header: { SessionID: SESSION, Signature: forged } };
    expect(readInstallationRequest(encodeIso2(forgedMessage)).signature).toMatchObject({
      isSignatureValid: false,
      ok: false,
    });
    const bare = { ...installRequest, Header: { SessionID: SESSION } };
    expect(readInstallationRequest(encodeIso2(bare)).signature).toEqual({
      isSignatureValid: false,
      digests: [{ element: 'CertificateInstallationReq', verdict: 'missing' }],
      ok: false,
    });
  });

  it('is refused with a typed error when it is an answer or holds no certificate', () => {
    expect(() => readInstallationRequest(encodeIso2(dialogue.installResponse))).toThrow(
      expect.objectContaining({ code: 'EXI_UNSUPPORTED' }),
    );
    const { CertificateInstallationReq: request } = dialogue.installRequest.Body;
    if (request === undefined) throw new Error('request expected');
    const nonsense = { ...request, OEMProvisioningCert: Uint8Array.of(1, 2, 3) };
    const message = { ...dialogue.installRequest, Body: { CertificateInstallationReq: nonsense } };
    expect(() => readInstallationRequest(encodeIso2(message))).toThrow(
      expect.objectContaining({ code: 'ASN1_INVALID' }),
    );
  });
});

describe('a certificate answer of ISO 15118-2', () => {
  it.each(['Install', 'Update'] as const)('%s gives the vehicle its contract key', (action) => {
    const message = action === 'Install' ? dialogue.installResponse : dialogue.updateResponse;
    const response = readInstallationResponse(encodeIso2(message));
    expect(response).toMatchObject({ action, sessionId: SESSION, responseCode: 'OK' });
    const { data } = response;
    if (data === undefined) throw new Error('data expected');
    expect(data).toEqual(dialogue.signed);
    expect(checkContractData(data, parseCertificate(data.cpsChain[0]).publicKey).ok).toBe(true);
    const contract = parseCertificate(data.contractChain[0]);
    const key = unwrapContractKeyIso2(data, pki['oem-provisioning'].key, contract.publicKeyBits);
    expect(key.publicPoint).toEqual(pki.contract.key.publicPoint);
    expect(() => unwrapContractKeyIso2(data, pki.secc.key, contract.publicKeyBits)).toThrow(
      expect.objectContaining({ code: 'KEY_MISMATCH' }),
    );
  });

  it('fits into the 5,600 characters that OCPP allows', () => {
    const text = Buffer.from(encodeIso2(dialogue.installResponse)).toString('base64');
    expect(text.length).toBeLessThan(5_600);
  });

  it.each(['contractChain', 'encryptedPrivateKey', 'dhPublicKey', 'emaid'] as const)(
    'is not accepted with another %s than the signed one',
    (field) => {
      const other = {
        contractChain: [pki.secc.certificate.der] as const,
        encryptedPrivateKey: new Uint8Array(48),
        dhPublicKey: new Uint8Array(65),
        emaid: 'DE8AAC12345679',
      };
      const changed = { ...dialogue.signed, [field]: other[field] };
      const check = checkContractData(changed, pki.cps.certificate.publicKey);
      expect(check.isSignatureValid).toBe(true);
      expect(check.digests.filter(({ verdict }) => verdict === 'mismatch')).toHaveLength(1);
      expect(check.ok).toBe(false);
    },
  );

  it('is not accepted from another signer', () => {
    expect(checkContractData(dialogue.signed, pki.secc.certificate.publicKey).isSignatureValid).toBe(false);
    expect(checkContractData(dialogue.signed, undefined).ok).toBe(false);
  });

  it('refuses in the published shape', () => {
    const order = { action: 'Install', sessionId: SESSION, responseCode: 'FAILED_CertificateRevoked' } as const;
    const message = buildInstallationFailure(order);
    expect(encodeIso2(message).length).toBeLessThan(64);
    expect(decodeIso2(encodeIso2(message))).toEqual(message);
    expect(openInstallationResponse(message)).toEqual({ ...order, data: undefined });
    expect(message.Header.Notification?.FaultMsg).toBe('CPO certInstall status');
  });
});

describe('signed contract data as XML', () => {
  it('comes back from XML as the same message', () => {
    const xml = toContractXml(dialogue.installResponse);
    expect(fromContractXml(xml)).toEqual(dialogue.installResponse);
    expect(xml).toContain('<body:eMAID dt:Id="id4">DE8AAC12345678D</body:eMAID>');
    expect(xml).toContain('<hdr:SessionID>1122334455667788</hdr:SessionID>');
  });

  it('is read with other prefixes, white space, comments and entities', () => {
    const xml = `<?xml version="1.0"?>
      <a:V2G_Message xmlns:a="urn:iso:15118:2:2013:MsgDef" xmlns="urn:iso:15118:2:2013:MsgBody">
        <a:Header><SessionID>00</SessionID></a:Header><!-- here -->
        <a:Body><CertificateUpdateReq t:Id='x&amp;&#x79;' xmlns:t="urn:t">
          <ContractSignatureCertChain><Certificate> AQ
           I= </Certificate></ContractSignatureCertChain>
          <eMAID>DE8</eMAID>
          <ListOfRootCertificateIDs><RootCertificateID><X509IssuerName>CN=R &lt;1&gt;</X509IssuerName>
            <X509SerialNumber>5</X509SerialNumber></RootCertificateID></ListOfRootCertificateIDs>
        </CertificateUpdateReq></a:Body>
      </a:V2G_Message>`;
    expect(fromContractXml(xml)).toEqual({
      Header: { SessionID: Uint8Array.of(0) },
      Body: {
        CertificateUpdateReq: {
          Id: 'x&y',
          ContractSignatureCertChain: { Certificate: Uint8Array.of(1, 2) },
          eMAID: 'DE8',
          ListOfRootCertificateIDs: { RootCertificateID: [{ X509IssuerName: 'CN=R <1>', X509SerialNumber: 5n }] },
        },
      },
    });
  });

  it.each([
    ['a document type', '<!DOCTYPE x [<!ENTITY a "b">]><V2G_Message/>'],
    ['an entity of its own', '<V2G_Message><Header><SessionID>&a;</SessionID></Header></V2G_Message>'],
    ['another root', '<Envelope/>'],
    ['two roots', '<V2G_Message/><V2G_Message/>'],
    ['an open element', '<V2G_Message><Header>'],
    ['a crossed element', '<V2G_Message><Header></V2G_Message></Header>'],
    ['a missing header', '<V2G_Message><Body/></V2G_Message>'],
    ['a stray element', '<V2G_Message><Header><SessionID>00</SessionID><X/></Header><Body/></V2G_Message>'],
    ['a deep nest', '<a>'.repeat(40)],
    ['a long text', `<V2G_Message>${' '.repeat(70_000)}</V2G_Message>`],
    ['bad hex', '<V2G_Message><Header><SessionID>0g</SessionID></Header><Body/></V2G_Message>'],
  ])('%s is refused', (_, xml) => {
    expect(() => fromContractXml(xml)).toThrow(expect.objectContaining({ code: 'XML_INVALID' }));
  });
});

describe('the dialogue of ISO 15118-20', () => {
  const iso20 = sampleDialogueIso20();

  it('the request arrives signed, and its answer gives the vehicle its contract key', () => {
    const request = readInstallationRequestIso20(
      encodeIso20({ name: 'CertificateInstallationReq', value: iso20.request }),
    );
    expect(request).toMatchObject({ sessionId: SESSION, maximumContracts: 1, prioritizedEmaids: [EMAID] });
    expect(request.signature.ok).toBe(true);
    expect(request.subCas).toHaveLength(2);
    const exi = encodeIso20({ name: 'CertificateInstallationRes', value: iso20.response });
    const answer = decodeIso20(exi);
    if (answer.name !== 'CertificateInstallationRes') throw new Error('answer expected');
    const { SignedInstallationData: data } = answer.value;
    expect(checkInstallationResponseIso20(answer.value, iso20.pki.cps.certificate.publicKey).ok).toBe(true);
    const key = unwrapContractKeyIso20(
      { dhPublicKey: data.DHPublicKey, encryptedPrivateKey: data.SECP521_EncryptedPrivateKey ?? new Uint8Array() },
      iso20.pki['oem-provisioning'].key,
      iso20.context,
      iso20.pki.contract.certificate.publicKeyBits,
    );
    expect(key.publicPoint).toEqual(iso20.pki.contract.key.publicPoint);
  });

  it('an answer with other contract data is not accepted', () => {
    const { response } = iso20;
    const changed = {
      ...response,
      SignedInstallationData: { ...response.SignedInstallationData, DHPublicKey: new Uint8Array(133) },
    };
    const check = checkInstallationResponseIso20(changed, iso20.pki.cps.certificate.publicKey);
    expect(check).toMatchObject({ isSignatureValid: true, ok: false });
  });
});

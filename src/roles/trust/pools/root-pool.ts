import { isoTime } from '../../../core/time.ts';
import {
  type Certificate,
  fingerprint,
  nameText,
  nameValue,
  poolNamespace,
  readCertificate,
  serialNumberHex,
} from '../../../protocols/iso15118/index.ts';
import { ROOT_TYPES, type RootCertificate } from '../../../protocols/opcp/index.ts';
import type { RootRecord } from '../records.ts';
import { empty, json, type PoolHandlers, PoolRefusal, type PoolWorld } from './pool-call.ts';
import { certificateIn, editionByKey } from './trust-path.ts';

const NOT_FOUND = 'Root certificate with the given ID is not found';

/** Puts a root into the pool; the same certificate of the same type stays what it is. */
export function addRoot(
  world: Pick<PoolWorld, 'state' | 'ids'>,
  rootType: RootRecord['rootType'],
  certificate: Certificate,
  nowMs: number,
  authority?: string,
): { readonly root: RootRecord; readonly isNew: boolean } {
  const print = fingerprint(certificate);
  const [known] = world.state.roots.list({ where: { fingerprint: print, rootType }, limit: 1 }).items;
  if (known !== undefined) return { root: known, isNew: false };
  const root: RootRecord = {
    id: world.ids.uuid(),
    rootType,
    certificate: Buffer.from(certificate.der).toString('base64'),
    fingerprint: print,
    addedAtMs: nowMs,
    ...(authority === undefined ? {} : { authority }),
  };
  world.state.roots.put(root);
  return { root, isNew: true };
}

export function rootView({ id, rootType, certificate: base64 }: RootRecord): RootCertificate {
  const certificate = readCertificate(base64);
  const keyId = certificate.authorityKeyId ?? certificate.subjectKeyId;
  const commonName = nameValue(certificate.subject, 'CN');
  const organizationName = nameValue(certificate.subject, 'O');
  return {
    rootCertificateId: id,
    distinguishedName: nameText(certificate.subject),
    rootType,
    caCertificate: base64,
    ...(commonName === undefined ? {} : { commonName }),
    ...(keyId === undefined
      ? {}
      : {
          rootAuthorityKeyIdentifier: Buffer.from(keyId).toString('base64'),
          rootAuthorityKeyIdentifierHex: Buffer.from(keyId).toString('hex'),
        }),
    rootIssuerSerialNumber: serialNumberHex(certificate.serialNumber),
    validFrom: isoTime(certificate.notBeforeMs),
    validTo: isoTime(certificate.notAfterMs),
    ...(organizationName === undefined ? {} : { organizationName }),
    fingerprint: fingerprint(certificate),
    fingerprintSha1: fingerprint(certificate, 'sha1'),
    xsdMsgDefNamespace: poolNamespace(editionByKey(certificate)),
    signatureAlgorithm: certificate.keyKind,
  };
}

export function rootPool(
  world: PoolWorld,
): PoolHandlers<'getAllRootCerts' | 'getRootCert' | 'saveRootCa' | 'deleteRootCa' | 'getTrustList'> {
  const found = (id: string): RootRecord => {
    const root = world.state.roots.get(id);
    if (root === undefined) throw new PoolRefusal(404, NOT_FOUND);
    return root;
  };
  return {
    getAllRootCerts({ query }) {
      const wanted = query['rootType']?.toUpperCase();
      const rootType = ROOT_TYPES.find((each) => each === wanted);
      if (wanted !== undefined && rootType === undefined) {
        throw new PoolRefusal(400, 'rootType : must be one of mo, v2g, oem, pe');
      }
      const roots = [...world.state.roots.all(rootType === undefined ? undefined : { rootType })];
      return json({ RootCertificateCollection: { rootCertificates: roots.map(rootView) } });
    },
    getRootCert: ({ params }) => json({ RootResponse: rootView(found(params.rootCertificateId)) }),
    saveRootCa({ body, nowMs }) {
      const certificate = certificateIn('caCertificate', body.caCertificate);
      const { root, isNew } = addRoot(world, body.rootType, certificate, nowMs);
      if (isNew) world.events.root('root.cert.added', root, nowMs);
      return empty();
    },
    deleteRootCa({ params, nowMs }) {
      const root = found(params.rootCertificateId);
      world.state.roots.delete(root.id);
      // Provisioning certificates and contracts below it stay: the published text leaves that to people.
      world.events.root('root.cert.revoked', root, nowMs);
      return empty();
    },
    getTrustList() {
      throw new PoolRefusal(404, 'There is no certificate trust list.');
    },
  };
}

import {
  certificateProfile,
  type Edition,
  EXTENDED_KEY_USAGE,
  editionOf,
  Iso15118Error,
  lintSigningRequest,
  nameValue,
  parseCertificate,
  REVOCATION_REASONS,
  type RevocationReason,
  readSigningRequest,
  type SigningRequest,
} from '../../../protocols/iso15118/index.ts';
import {
  type CallerClaims,
  type CaName,
  EMAID_PATTERN,
  ownsEmaid,
  ownsOperatorId,
  ownsPcid,
  PCID_PATTERN,
} from '../../../protocols/opcp/index.ts';
import type { AuthorityRole } from '../pki/authorities.ts';
import { LEAF_ISSUERS, type LeafRole } from '../pki/registrar.ts';
import {
  demandOwner,
  empty,
  json,
  type PoolCall,
  type PoolHandlers,
  PoolRefusal,
  type PoolReply,
  type PoolWorld,
} from './pool-call.ts';
import { certificateIn } from './trust-path.ts';

/** What each authority of the enrolment paths issues. */
const ROLE_OF_CA: Readonly<Record<CaName, LeafRole>> = {
  cpo: 'secc',
  mo: 'contract',
  oem: 'oem-provisioning',
  veh: 'vehicle',
  cps: 'cps',
};

/** What a request of the operator gets: a TLS certificate when it asks for that usage, else one for ISO 15118. */
function roleOf(request: SigningRequest, ca: CaName): LeafRole {
  const { extendedKeyUsage } = request.wishes;
  if (ca !== 'cpo') return ROLE_OF_CA[ca];
  if (extendedKeyUsage.includes(EXTENDED_KEY_USAGE.serverAuth)) return 'csms-server';
  if (extendedKeyUsage.includes(EXTENDED_KEY_USAGE.clientAuth)) return 'station-client';
  return ROLE_OF_CA[ca];
}

/** Common names of stations: an EVSE id, or a SECC id. */
const EVSE_ID = /^[A-Za-z]{2}\*?\w{3}\*?E[\w*]{1,30}$/;
const SECC_ID = /^[a-zA-Z]{2}-?[a-zA-Z0-9]{3}-?S-?[a-zA-Z0-9]{32,59}-?[a-zA-Z0-9]?$/;

const FORM_OF_CA: Readonly<Record<CaName, readonly RegExp[]>> = {
  cpo: [EVSE_ID, SECC_ID],
  mo: [new RegExp(EMAID_PATTERN)],
  oem: [new RegExp(PCID_PATTERN)],
  veh: [],
  cps: [],
};

function ownsName(ca: CaName, claims: CallerClaims, name: string): { prefixes: readonly string[]; owns: boolean } {
  if (ca === 'cpo') return { prefixes: claims.operators, owns: ownsOperatorId(claims, name) };
  if (ca === 'mo') return { prefixes: claims.providers, owns: ownsEmaid(claims, name) };
  if (ca === 'oem') return { prefixes: claims.wmis, owns: ownsPcid(claims, name) };
  return { prefixes: [], owns: true };
}

function editionOfCall(params: { iso?: string | undefined } | undefined, query: PoolCall['query']): Edition {
  const named = params?.iso ?? query['iso15118Version'] ?? query['xsdMsgDefNamespace'];
  if (named === undefined) return 'ISO15118-2';
  const edition = editionOf(named) ?? editionOf(named.toUpperCase());
  if (edition === undefined) throw new PoolRefusal(400, `The edition ${named.slice(0, 60)} is not known.`);
  return edition;
}

function readRequest(body: unknown): SigningRequest {
  try {
    return readSigningRequest(body instanceof Uint8Array ? body : '');
  } catch (cause) {
    if (cause instanceof Iso15118Error) {
      throw new PoolRefusal(400, `The body is not base64 of a PKCS#10 in DER: ${cause.message}`);
    }
    throw cause;
  }
}

export function enrolment(
  world: PoolWorld,
): PoolHandlers<
  'simpleEnroll' | 'simpleReenroll' | 'caCerts' | 'revokeCertificate' | 'registerEndEntity' | 'listEndEntities'
> {
  /** Refuses what no profile takes; what only the published text forbids is refused in the strict profile. */
  const checkRequest = (request: SigningRequest, ca: CaName, edition: Edition): string => {
    const role = roleOf(request, ca);
    const problems = lintSigningRequest(request, certificateProfile(role, edition).curve);
    if (problems.length > 0) throw new PoolRefusal(400, [...problems]);
    const name = nameValue(request.subject, 'CN') ?? '';
    // Only certificates of ISO 15118 are named by an identifier; those of -20 name TLS usages too.
    const forms = role === 'csms-server' || role === 'station-client' ? [] : FORM_OF_CA[ca];
    if (world.strict && forms.length > 0 && !forms.some((form) => form.test(name))) {
      throw new PoolRefusal(400, `The common name "${name}" is not of the form that ${ca} certificates have.`);
    }
    return name;
  };

  const issue = (request: SigningRequest, ca: CaName, edition: Edition, owner: string): PoolReply => {
    const { subject, issuableKey } = request;
    if (issuableKey === undefined)
      throw new PoolRefusal(400, `No certificate is issued for a key of kind ${request.keyKind}.`);
    const { certificate } = world.registrar.issueLeaf({
      role: roleOf(request, ca),
      edition,
      subject,
      publicKey: issuableKey,
      owner,
      ...(request.wishes.dnsNames.length === 0 ? {} : { dnsNames: request.wishes.dnsNames }),
    });
    return { kind: 'certificates', certificates: [certificate.der] };
  };

  return {
    simpleEnroll({ params, query, body, claims, ca = 'cpo' }) {
      const edition = editionOfCall(params, query);
      const request = readRequest(body);
      const name = checkRequest(request, ca, edition);
      const { prefixes, owns } = ownsName(ca, claims, name);
      const isIdentifier = FORM_OF_CA[ca].some((form) => form.test(name));
      if (isIdentifier) demandOwner(world, claims, prefixes, owns, `The common name ${name}`);
      if (ca === 'cpo' && world.requireRegistration && world.state.endEntities.get(name.toUpperCase()) === undefined) {
        throw new PoolRefusal(403, `The common name ${name} is not registered.`);
      }
      return issue(request, ca, edition, claims.clientId);
    },

    simpleReenroll({ params, query, body, clientCertificate, ca = 'cpo', nowMs }) {
      const shown = clientCertificate && parseCertificate(clientCertificate);
      const record = shown && world.registrar.recordOf(shown);
      if (shown === undefined || record === undefined) {
        throw new PoolRefusal(401, 'The TLS client certificate was not issued here.');
      }
      if (record.revoked !== undefined || shown.notAfterMs <= nowMs) {
        throw new PoolRefusal(403, 'The TLS client certificate is revoked or has expired.');
      }
      const edition = editionOfCall(params, query);
      const request = readRequest(body);
      const name = checkRequest(request, ca, edition);
      if (name !== nameValue(shown.subject, 'CN')) {
        throw new PoolRefusal(403, 'The request names another subject than the certificate to renew.');
      }
      return issue(request, ca, edition, record.owner ?? '');
    },

    caCerts({ params, query, ca = 'cpo' }) {
      const edition = editionOfCall(params, query);
      const issuerRole: AuthorityRole = LEAF_ISSUERS[ROLE_OF_CA[ca]];
      const chain = world.authorities.chainOf(world.authorities.of(issuerRole, edition));
      return { kind: 'certificates', certificates: chain.map(({ certificate }) => certificate.der) };
    },

    revokeCertificate({ body, claims }) {
      const record = world.registrar.recordOf(certificateIn('certificate', body.certificate));
      if (record === undefined) throw new PoolRefusal(404, 'The certificate was not issued here.');
      if (record.owner !== claims.clientId && !claims.callers.includes('ADMIN')) {
        throw new PoolRefusal(403, `The certificate was not issued to ${claims.clientId}.`);
      }
      const reasons = Object.keys(REVOCATION_REASONS) as readonly RevocationReason[];
      const reason =
        body.revocationReason === undefined ? 'unspecified' : reasons.find((each) => each === body.revocationReason);
      if (reason === undefined) throw new PoolRefusal(400, `revocationReason : must be one of ${reasons.join(', ')}`);
      world.registrar.revoke(record, reason);
      return empty();
    },

    registerEndEntity({ body, claims }) {
      const { commonName } = body;
      if (FORM_OF_CA.cpo.some((form) => form.test(commonName))) {
        demandOwner(
          world,
          claims,
          claims.operators,
          ownsOperatorId(claims, commonName),
          `The common name ${commonName}`,
        );
      }
      world.state.endEntities.put({ commonName: commonName.toUpperCase(), owner: claims.clientId, entity: body });
      return empty();
    },

    listEndEntities({ claims }) {
      return json([...world.state.endEntities.all({ owner: claims.clientId })].map(({ entity }) => entity));
    },
  };
}

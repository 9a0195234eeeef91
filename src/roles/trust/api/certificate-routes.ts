import Type from 'typebox';
import { CompoteError } from '../../../core/errors.ts';
import { parseTime } from '../../../core/time.ts';
import { Content, created } from '../../../platform/http/answers.ts';
import { pageOf, pageQuery } from '../../../platform/http/paging.ts';
import { type Route, route } from '../../../platform/http/route.ts';
import { oneOf } from '../../../platform/schema/words.ts';
import {
  CERTIFICATE_ROLES,
  certificateProfile,
  EcPrivateKey,
  Iso15118Error,
  REVOCATION_REASONS,
  type RevocationReason,
  readCertificate,
  readSigningRequest,
} from '../../../protocols/iso15118/index.ts';
import type { Authority } from '../pki/authorities.ts';
import { LEAF_ISSUERS, type LeafRole } from '../pki/registrar.ts';
import type { IssuedRecord } from '../records.ts';
import type { Trust } from '../trust.ts';
import { certificateDetail, certificateView, standing } from './views.ts';

const LEAF_ROLES = Object.keys(LEAF_ISSUERS) as LeafRole[];
const REASONS = Object.keys(REVOCATION_REASONS) as RevocationReason[];
const EDITIONS = ['ISO15118-2', 'ISO15118-20'] as const;

const Entry = Type.Record(Type.String(), Type.Unknown());
const Id = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64, description: 'SHA-256 over the DER, hex.' }) });

/** Leaves in the tree; the list has all. */
const MAX_LEAVES = 500;

interface TreeNode {
  readonly name: string;
  readonly role: string;
  readonly edition: string;
  readonly origin: string;
  readonly canIssue: boolean;
  readonly certificate: Record<string, unknown>;
  readonly children: TreeNode[];
  readonly leaves: Record<string, unknown>[];
}

export function certificateRoutes(trust: Trust): Route[] {
  const { world } = trust;
  const now = () => trust.nowMs();
  const found = (id: string): IssuedRecord => {
    const record = world.state.issued.get(id.toLowerCase());
    if (record === undefined) throw new CompoteError('NOT_FOUND', { detail: `no certificate with the id ${id}` });
    return record;
  };
  const authorityOf = (record: IssuedRecord): Authority | undefined =>
    world.authorities
      .loaded()
      .find(({ certificate }) => Buffer.from(certificate.der).toString('base64') === record.certificate);

  const treeOf = (): TreeNode[] => {
    const authorities = world.authorities.loaded();
    const { items } = world.state.issued.list({
      by: 'issuedAtMs',
      order: 'descending',
      limit: MAX_LEAVES,
      where: { role: LEAF_ROLES.filter((role) => role !== 'cps') },
    });
    const node = (authority: Authority): TreeNode => {
      const record = world.registrar.recordOf(authority.certificate);
      return {
        name: authority.name,
        role: authority.role,
        edition: authority.edition,
        origin: authority.origin,
        canIssue: authority.key !== undefined,
        certificate: record === undefined ? {} : certificateView(record, now()),
        children: authorities.filter((each) => each.parent === authority).map(node),
        leaves: items.filter((each) => each.issuer === authority.name).map((each) => certificateView(each, now())),
      };
    };
    return authorities.filter(({ parent }) => parent === undefined).map(node);
  };

  return [
    route({
      method: 'GET',
      path: '/pnc/tree',
      summary: 'The hierarchies: authorities with what they issued',
      tags: ['Certificates'],
      response: Type.Object({ roots: Type.Array(Entry) }),
      handler: () => ({ roots: treeOf() }),
    }),
    route({
      method: 'GET',
      path: '/pnc/certificates',
      summary: 'Certificates that were issued here, the newest first',
      tags: ['Certificates'],
      query: Type.Object({
        ...pageQuery,
        role: Type.Optional(oneOf(CERTIFICATE_ROLES as readonly string[], { description: 'Only this role.' })),
        state: Type.Optional(
          oneOf(['valid', 'soon', 'expired', 'revoked', 'not-yet'], { description: 'Only this state.' }),
        ),
      }),
      response: pageOf(Entry),
      handler: ({ query: { cursor, limit = 100, role, state } }) => {
        const page = world.state.issued.list({
          by: 'issuedAtMs',
          order: 'descending',
          limit,
          ...(cursor === undefined ? {} : { after: cursor }),
          ...(role === undefined ? {} : { where: { role } }),
        });
        const items = page.items.filter((each) => state === undefined || standing(each, now()) === state);
        return {
          items: items.map((each) => certificateView(each, now())),
          ...(page.next === undefined ? {} : { next: page.next }),
        };
      },
    }),
    route({
      method: 'GET',
      path: '/pnc/certificates/{id}',
      summary: 'Everything about one certificate: extensions, hash data, profile, PEM with chain',
      tags: ['Certificates'],
      params: Id,
      response: Entry,
      problems: ['NOT_FOUND'],
      handler: ({ params }) => certificateDetail(world, found(params.id), now()),
    }),
    route({
      method: 'GET',
      path: '/pnc/certificates/{id}/crl',
      summary: 'The revocation list of an authority, DER',
      tags: ['Certificates'],
      access: 'public',
      params: Id,
      produces: 'application/pkix-crl',
      problems: ['NOT_FOUND'],
      handler: ({ params }) => {
        const authority = authorityOf(found(params.id));
        if (authority?.key === undefined) {
          throw new CompoteError('NOT_FOUND', { detail: `${params.id} is no authority whose key is here` });
        }
        return new Content('application/pkix-crl', Buffer.from(world.registrar.crlOf(authority)));
      },
    }),
    route({
      method: 'POST',
      path: '/pnc/certificates',
      summary: 'Issue a certificate: for a signing request, or with a key that is made here and told once',
      tags: ['Certificates'],
      status: 201,
      body: Type.Object({
        role: oneOf(LEAF_ROLES, { description: 'What it is for.' }),
        edition: Type.Optional(oneOf(EDITIONS, { default: 'ISO15118-2' })),
        commonName: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
        organization: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
        csr: Type.Optional(Type.String({ maxLength: 20_000, description: 'PKCS#10 as PEM or base64.' })),
        dnsNames: Type.Optional(Type.Array(Type.String({ maxLength: 255 }), { maxItems: 20 })),
        validFrom: Type.Optional(Type.String({ description: 'RFC 3339.' })),
        validTo: Type.Optional(Type.String({ description: 'RFC 3339.' })),
      }),
      response: Entry,
      handler: ({ body }) => {
        const { role, edition = 'ISO15118-2', commonName, organization, csr, dnsNames } = body;
        const notBeforeMs = timeOf('validFrom', body.validFrom);
        const notAfterMs = timeOf('validTo', body.validTo);
        const request = csr === undefined ? undefined : requestOf(csr);
        if (request === undefined && commonName === undefined) {
          throw new CompoteError('INVALID_REQUEST', {
            fields: [{ pointer: '/commonName', msg: 'is required without a csr' }],
          });
        }
        const key =
          request === undefined
            ? EcPrivateKey.generate(certificateProfile(role, edition).curve, world.entropy)
            : undefined;
        const publicKey = request?.issuableKey ?? key;
        if (publicKey === undefined) {
          throw new CompoteError('INVALID_REQUEST', {
            fields: [
              { pointer: '/csr', msg: `has a key of kind ${request?.keyKind ?? '?'}; P-256 or P-521 is needed` },
            ],
          });
        }
        const subject = [
          { type: 'O', value: organization ?? 'Compote' },
          { type: 'CN', value: commonName ?? '' },
        ];
        const { certificate } = world.registrar.issueLeaf({
          role,
          edition,
          subject: request !== undefined && commonName === undefined ? request.subject : subject,
          publicKey,
          owner: 'api',
          ...(dnsNames === undefined ? {} : { dnsNames }),
          ...(notBeforeMs === undefined ? {} : { notBeforeMs }),
          ...(notAfterMs === undefined ? {} : { notAfterMs }),
        });
        const record = world.registrar.recordOf(certificate);
        if (record === undefined) throw new CompoteError('INTERNAL', { detail: 'what was issued was not kept' });
        return created(`/api/v1/pnc/certificates/${record.id}`, {
          ...certificateDetail(world, record, now()),
          ...(key === undefined ? {} : { keyPem: key.exportPem() }),
        });
      },
    }),
    route({
      method: 'POST',
      path: '/pnc/certificates/{id}/revoke',
      summary: 'Revoke a certificate',
      tags: ['Certificates'],
      params: Id,
      body: Type.Object({ reason: Type.Optional(oneOf(REASONS, { default: 'unspecified' })) }),
      bodyOptional: true,
      response: Entry,
      problems: ['NOT_FOUND'],
      handler: ({ params, body }) =>
        certificateView(world.registrar.revoke(found(params.id), body?.reason ?? 'unspecified'), now()),
    }),
    route({
      method: 'POST',
      path: '/pnc/certificates/{id}/renew',
      summary: 'Issue it again with the same subject and key',
      tags: ['Certificates'],
      status: 201,
      params: Id,
      response: Entry,
      problems: ['NOT_FOUND', 'CONFLICT'],
      handler: ({ params }) => {
        const record = found(params.id);
        const authority = authorityOf(record);
        const certificate =
          authority === undefined ? renewLeaf(trust, record) : world.authorities.renew(authority).certificate;
        const renewed = world.registrar.recordOf(certificate);
        if (renewed === undefined) throw new CompoteError('INTERNAL', { detail: 'what was renewed was not kept' });
        return created(`/api/v1/pnc/certificates/${renewed.id}`, certificateDetail(world, renewed, now()));
      },
    }),
  ];
}

function renewLeaf({ world }: Trust, record: IssuedRecord): ReturnType<typeof readCertificate> {
  const role = LEAF_ROLES.find((each) => each === record.role);
  if (role === undefined) throw new CompoteError('CONFLICT', { detail: `${record.role} is not renewed like a leaf` });
  const old = readCertificate(record.certificate);
  const curve = old.keyKind === 'secp521r1' ? 'secp521r1' : 'secp256r1';
  const { certificate } = world.registrar.issueLeaf({
    role,
    edition: record.edition,
    subject: old.subject,
    publicKey: { curve, publicPoint: old.publicKeyBits },
    ...(record.owner === undefined ? {} : { owner: record.owner }),
  });
  return certificate;
}

function timeOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = parseTime(text);
  if (ms !== undefined) return ms;
  throw new CompoteError('INVALID_REQUEST', { fields: [{ pointer: `/${name}`, msg: 'is not a date and time' }] });
}

function requestOf(csr: string): ReturnType<typeof readSigningRequest> {
  try {
    const request = readSigningRequest(csr);
    if (request.isSignatureValid) return request;
  } catch (cause) {
    if (!(cause instanceof Iso15118Error)) throw cause;
    throw new CompoteError('INVALID_REQUEST', { fields: [{ pointer: '/csr', msg: cause.message }], cause });
  }
  throw new CompoteError('INVALID_REQUEST', {
    fields: [{ pointer: '/csr', msg: 'is not signed by the key it asks a certificate for' }],
  });
}

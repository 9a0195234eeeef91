import Type from 'typebox';
import type { Entropy } from '../../../core/entropy.ts';
import { CompoteError } from '../../../core/errors.ts';
import { DAY_MS } from '../../../core/time.ts';
import type { PoolClient } from '../../../link/pool-client.ts';
import { type ConsoleEntry, poolConsole, tokenRow } from '../../../link/pool-console.ts';
import { created } from '../../../platform/http/answers.ts';
import { consoleRoutes } from '../../../platform/http/console-routes.ts';
import { type ApiDocument, type Route, route } from '../../../platform/http/route.ts';
import { oneOf } from '../../../platform/schema/words.ts';
import { EMAID_PATTERN, PCID_PATTERN, POOL } from '../../../protocols/opcp/index.ts';
import type { Emp } from '../emp.ts';
import { PncContracts } from './contracts.ts';
import { OwnPki } from './own-pki.ts';
import type { PncSection } from './section.ts';

/** Every operation that the access matrix gives to a mobility operator, and enrolment below its authority. */
export const EMP_OPERATIONS: readonly ConsoleEntry[] = [
  { operation: POOL.getAllRootCerts, path: '/root-certificates' },
  { operation: POOL.getRootCert, path: '/root-certificates/{rootCertificateId}' },
  { operation: POOL.getTrustList, path: '/trust-list' },
  { operation: POOL.getOEMProvCert, path: '/provisioning-certificates/{pcid}' },
  { operation: POOL.lookupVehicle, path: '/vehicles/{pcid}' },
  { operation: POOL.getAllCpsSigners, path: '/signers' },
  { operation: POOL.generateSignedContractData, path: '/contract-data/generate' },
  { operation: POOL.signContractData, path: '/contract-data/sign' },
  { operation: POOL.createSignedContractData, path: '/contract-data/create-signed' },
  { operation: POOL.createAndForwardSignedContractData, path: '/contract-data/create-and-forward' },
  { operation: POOL.lookupContract, path: '/contract-data/{emaid}' },
  { operation: POOL.deleteSignedContractData, path: '/contract-data/{emaid}' },
  { operation: POOL.simpleEnroll, path: '/enroll', ca: 'mo' },
  { operation: POOL.caCerts, path: '/ca-certificates', ca: 'mo' },
  { operation: POOL.revokeCertificate, path: '/revoke-certificate' },
  { operation: POOL.addWebhook, path: '/webhooks' },
  { operation: POOL.getWebhooks, path: '/webhooks' },
  { operation: POOL.getWebhook, path: '/webhooks/{id}' },
  { operation: POOL.updateWebhook, path: '/webhooks/{id}' },
  { operation: POOL.deleteWebhook, path: '/webhooks/{id}' },
];

export interface EmpPnc {
  readonly emp: Emp;
  readonly settings: PncSection;
  readonly client: PoolClient | undefined;
  readonly entropy: Entropy;
  readonly nowMs: () => number;
  readonly changed: (id: string) => void;
}

const DEFAULT_DRIVER = 'plug-and-charge';

/** Documented at `/pnc_api/docs`: everything that a mobility operator does with a Plug & Charge environment. */
export function pncConsole(pnc: EmpPnc): ApiDocument {
  const demand = (): PoolClient => {
    if (pnc.client !== undefined) return pnc.client;
    throw new CompoteError('NOT_AVAILABLE', {
      detail: 'the EMP works with no Plug & Charge environment',
      hint: 'Start the trust service, or give emp.pnc.url.',
    });
  };
  return {
    title: 'Plug & Charge console of the EMP',
    description:
      'Contracts from birth to revocation, and every operation of a mobility operator at a Plug & Charge environment.',
    prefix: '/pnc_api',
    docsPath: '/pnc_api/docs',
    tags: [
      { name: 'Contracts', description: 'In the pools and in the EMP’s own books at once.' },
      { name: 'Token', description: 'Access to the pools.' },
      { name: 'RCP', description: 'Root certificates.' },
      { name: 'PCP', description: 'Provisioning certificates of vehicles.' },
      { name: 'CPS', description: 'Signing of contract data.' },
      { name: 'CCP', description: 'Contract data in the pool.' },
      { name: 'EST', description: 'Enrolment.' },
      { name: 'Webhook', description: 'Events.' },
    ],
    routes: [
      ...contractRoutes(pnc, demand),
      ...consoleRoutes([tokenRow(demand), ...poolConsole(EMP_OPERATIONS, demand)]),
    ],
  };
}

function contractRoutes({ emp, settings, entropy, nowMs, changed }: EmpPnc, demand: () => PoolClient): Route[] {
  const contracts = new PncContracts({ state: emp.state, nowMs, changed });
  const own = new OwnPki({ entropy, nowMs, authority: settings.authority });
  return [
    route({
      method: 'POST',
      path: '/contracts',
      summary: 'Make a contract for a vehicle and put it into the pool; the driver may charge with it from now on',
      description:
        '`environment`: the environment makes key and certificate. `own`: the key is made here, the certificate comes from `emp.pnc.authority` or by enrolment, the key is encrypted for the vehicle here.',
      tags: ['Contracts'],
      status: 201,
      body: Type.Object({
        emaid: Type.String({ pattern: EMAID_PATTERN, description: 'E-mobility account identifier.' }),
        pcid: Type.String({ pattern: PCID_PATTERN, description: 'The vehicle.' }),
        pki: Type.Optional(oneOf(['environment', 'own'], { default: 'environment' })),
        edition: Type.Optional(oneOf(['ISO15118-2', 'ISO15118-20'], { default: 'ISO15118-2' })),
        validDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 730, default: 365 })),
        driver: Type.Optional(
          Type.String({ minLength: 1, maxLength: 200, description: 'Whose contract it is; added when unknown.' }),
        ),
      }),
      response: Type.Object({
        emaid: Type.String(),
        evcoId: Type.String({ description: 'As the hub asks for it: with check character.' }),
      }),
      problems: ['NOT_AVAILABLE', 'PEER_UNREACHABLE', 'CONFLICT', 'NOT_FOUND'],
      handler: async ({ body }) => {
        const { emaid, pcid, pki = 'environment', edition = 'ISO15118-2', validDays = 365 } = body;
        const made = await contracts.provision(demand(), own, {
          emaid,
          pcid: pcid.toUpperCase(),
          pki,
          edition,
          driver: body.driver ?? DEFAULT_DRIVER,
          validForMs: validDays * DAY_MS,
        });
        return created(`/api/v1/emp/contracts/${encodeURIComponent(made.evcoId)}`, made);
      },
    }),
    route({
      method: 'DELETE',
      path: '/contracts/{emaid}',
      summary: 'End a contract: deleted and revoked in the pool, and locked here',
      tags: ['Contracts'],
      params: Type.Object({ emaid: Type.String({ pattern: EMAID_PATTERN }) }),
      query: Type.Object({
        skipRevocation: Type.Optional(
          Type.Boolean({ default: false, description: 'Its certificate stays good: OCSP does not tell.' }),
        ),
      }),
      problems: ['NOT_AVAILABLE', 'PEER_UNREACHABLE', 'CONFLICT', 'NOT_FOUND'],
      handler: ({ params: { emaid }, query: { skipRevocation = false } }) =>
        contracts.end(demand(), emaid, skipRevocation),
    }),
  ];
}

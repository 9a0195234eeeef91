import { CompoteError } from '../../../core/errors.ts';
import type { PoolClient } from '../../../link/pool-client.ts';
import { type ConsoleEntry, poolConsole, tokenRow } from '../../../link/pool-console.ts';
import { consoleRoutes } from '../../../platform/http/console-routes.ts';
import type { ApiDocument } from '../../../platform/http/route.ts';
import { POOL } from '../../../protocols/opcp/index.ts';

/** Every operation that the access matrix gives to a manufacturer, and enrolment below its authority. */
export const OEM_OPERATIONS: readonly ConsoleEntry[] = [
  { operation: POOL.getAllRootCerts, path: '/root-certificates' },
  { operation: POOL.getRootCert, path: '/root-certificates/{rootCertificateId}' },
  { operation: POOL.getTrustList, path: '/trust-list' },
  { operation: POOL.addOemProvCert, path: '/provisioning-certificates' },
  { operation: POOL.getOEMProvCert, path: '/provisioning-certificates/{pcid}' },
  { operation: POOL.deleteOemProvCert, path: '/provisioning-certificates/{pcid}' },
  { operation: POOL.lookupVehicle, path: '/vehicles/{pcid}' },
  { operation: POOL.getContracts, path: '/vehicles/{pcid}/contracts' },
  { operation: POOL.provideSignedContractData, path: '/vehicles/{pcid}/contracts/{emaid}' },
  { operation: POOL.setDefaultContract, path: '/vehicles/{pcid}/contracts/{emaid}/default' },
  { operation: POOL.getAllCpsSigners, path: '/signers' },
  { operation: POOL.simpleEnroll, path: '/enroll', ca: 'oem' },
  { operation: POOL.caCerts, path: '/ca-certificates', ca: 'oem' },
  { operation: POOL.revokeCertificate, path: '/revoke-certificate' },
  { operation: POOL.addWebhook, path: '/webhooks' },
  { operation: POOL.getWebhooks, path: '/webhooks' },
  { operation: POOL.getWebhook, path: '/webhooks/{id}' },
  { operation: POOL.updateWebhook, path: '/webhooks/{id}' },
  { operation: POOL.deleteWebhook, path: '/webhooks/{id}' },
];

/** Documented at `/pnc_api/docs`: what the manufacturer of the vehicle does with a Plug & Charge environment. */
export function oemConsole(client: PoolClient | undefined): ApiDocument {
  const demand = (): PoolClient => {
    if (client !== undefined) return client;
    throw new CompoteError('NOT_AVAILABLE', {
      detail: 'the adapter works with no Plug & Charge environment',
      hint: 'Start the trust service, or give everest.pnc.url.',
    });
  };
  return {
    title: 'Plug & Charge console of the OEM',
    description: 'Every operation of a vehicle’s manufacturer at a Plug & Charge environment.',
    prefix: '/pnc_api',
    docsPath: '/pnc_api/docs',
    tags: [
      { name: 'Token', description: 'Access to the pools.' },
      { name: 'RCP', description: 'Root certificates.' },
      { name: 'PCP', description: 'Provisioning certificates of vehicles.' },
      { name: 'CCP', description: 'Contracts of vehicles.' },
      { name: 'CPS', description: 'Signers of contract data.' },
      { name: 'EST', description: 'Enrolment.' },
      { name: 'Webhook', description: 'Events.' },
    ],
    routes: consoleRoutes([tokenRow(demand), ...poolConsole(OEM_OPERATIONS, demand)]),
  };
}

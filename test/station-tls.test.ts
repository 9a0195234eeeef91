import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemEntropy } from '../src/core/entropy.ts';
import { SystemClock } from '../src/core/system-clock.ts';
import { httpOptions } from '../src/platform/prepare-service.ts';
import { isConnected } from '../src/roles/csms/state/csms-state.ts';
import {
  type CreateStationOptions,
  createStation,
  type StationEvent,
  type StationHandle,
} from '../src/roles/station/create-station.ts';
import { startStations } from '../src/roles/station/index.ts';
import { type StationSection, stationSection } from '../src/roles/station/section.ts';
import { pkiCrypto } from '../src/roles/station/security/pki-crypto.ts';
import { BUILT_IN } from '../src/roles/station/templates.ts';
import { authority, hasOpenssl, type Identity } from './support/authority.ts';
import { testCsms } from './support/csms.ts';
import { testRuntime } from './support/runtime.ts';

/** Stations that change their security profile by command, against the CSMS, with real TLS sockets. */

type TestCsms = Awaited<ReturnType<typeof testCsms>>;
const open: TestCsms[] = [];
const stations: StationHandle[] = [];
let ca: ReturnType<typeof authority>;
let server: Identity;
let own: Identity;

beforeAll(() => {
  if (!hasOpenssl && process.env['CI'] === 'true') throw new Error('openssl is missing');
  if (!hasOpenssl) return;
  ca = authority('StationTls');
  server = ca.issue('localhost');
  own = ca.issue('SN-1');
});
afterEach(async () => {
  for (const one of stations.splice(0)) one.stop();
  for (const one of open.splice(0)) await one.end();
});

const tls = (clientCertificate: 'no' | 'ask' | 'demand') => ({
  cert: server.cert,
  key: server.key,
  clientCa: [ca.pem],
  clientCertificate,
});

async function csms(config: Record<string, unknown>): Promise<TestCsms> {
  const started = await testCsms(config);
  open.push(started);
  return started;
}

const endpointOf = (one: TestCsms): string =>
  `${one.base.replace(/^http/, 'ws').replace('127.0.0.1', 'localhost')}/ocpp`;

const QUICK = BUILT_IN['ac-22-duo'];
const template = {
  ...QUICK,
  timing: { ...QUICK.timing, softResetMs: 50, hardResetMs: 50 },
  variables: {
    ...QUICK.variables,
    'OCPPCommCtrlr.RetryBackOffWaitMinimum': '0',
    'OCPPCommCtrlr.RetryBackOffRandomRange': '0',
  },
};

function station(options: Pick<CreateStationOptions, 'version' | 'endpoint' | 'password' | 'certificates'>) {
  const events: StationEvent[] = [];
  const handle = createStation({
    identity: 'CS1',
    serialNumber: 'SN-1',
    template,
    clock: new SystemClock(),
    crypto: pkiCrypto(systemEntropy),
    onEvent: (event) => events.push(event),
    ...options,
  });
  stations.push(handle);
  handle.start();
  return { handle, events };
}

const profileAt = (one: TestCsms): number | undefined => one.csms.state.stations.get('CS1')?.securityProfile;
const online = (one: TestCsms): boolean => {
  const known = one.csms.state.stations.get('CS1');
  return known !== undefined && isConnected(known);
};
const send = (one: TestCsms, action: string, payload: object): Promise<unknown> =>
  new Promise((resolve, reject) => {
    one.csms.command('CS1', action, payload, {}, (outcome) => {
      if (outcome.kind === 'result') resolve(outcome.payload);
      else reject(new Error(`${action}: ${JSON.stringify(outcome)}`));
    });
  });

describe.skipIf(!hasOpenssl)('a station and TLS', () => {
  it('does not talk to a server whose root it does not know, and keeps a security event for later', async () => {
    const one = await csms({ tls: tls('no') });
    const { events } = station({ version: '2.0.1', endpoint: endpointOf(one), password: 'correct-horse-battery' });
    await one.until(() => events.some((event) => event.what === 'connect-failed'));
    expect(events.find((event) => event.what === 'security-event')?.data).toMatchObject({
      type: 'InvalidCsmsCertificate',
    });
    expect(online(one)).toBe(false);
  });

  it('as a service: roots, certificate and key come from files of the configuration', async () => {
    const one = await csms({ tls: tls('demand') });
    const root = join(dirname(own.cert), 'root-for-stations.pem');
    writeFileSync(root, ca.pem);
    // The common name is the serial number, and a station of the service has its identity for that (A00.FR.404).
    const { cert: certificate, key } = ca.issue('CS1');
    const definition = { id: 'CS1', version: '2.0.1', template: 'ac-22-duo', certificate, key };
    const made = testRuntime<StationSection>({
      service: 'station',
      section: stationSection,
      config: { csms: endpointOf(one), csmsRoots: root, stations: [definition] },
    });
    const started = await startStations(made.runtime, made.settings, httpOptions(made.runtime, made.settings));
    await one.until(() => one.csms.state.stations.get('CS1')?.boot.status === 'Accepted');
    expect(profileAt(one)).toBe(3);
    await started.stop();
    const broken = { ...made.settings, csmsRoots: own.key };
    await expect(startStations(made.runtime, broken, httpOptions(made.runtime, broken))).rejects.toThrow(
      /station\.csmsRoots/,
    );
    await made.close(true);
  });

  it('2.0.1: a network profile leads it from ws with a password to wss with its certificate (A05, B09, B10)', async () => {
    const plain = await csms({ stations: [{ id: 'CS1', password: 'correct-horse-battery' }] });
    const secure = await csms({ tls: tls('demand') });
    const { handle } = station({
      version: '2.0.1',
      endpoint: endpointOf(plain),
      password: 'correct-horse-battery',
      certificates: {
        certificate: { chain: readFileSync(own.cert, 'utf8'), privateKey: readFileSync(own.key, 'utf8') },
      },
    });
    await plain.until(() => online(plain) && handle.view().registration === 'Accepted');
    expect(profileAt(plain)).toBe(1);
    const connectionData = {
      ocppVersion: 'OCPP20',
      ocppTransport: 'JSON',
      ocppCsmsUrl: endpointOf(secure),
      messageTimeout: 30,
      securityProfile: 3,
      ocppInterface: 'Wired0',
    };
    const priority = {
      setVariableData: [
        {
          component: { name: 'OCPPCommCtrlr' },
          variable: { name: 'NetworkConfigurationPriority' },
          attributeValue: '2,1',
        },
      ],
    };
    expect(await send(plain, 'SetNetworkProfile', { configurationSlot: 2, connectionData })).toMatchObject({
      status: 'Accepted',
    });
    // Without the CSMS's root the slot cannot come first (A05.FR.02).
    expect(JSON.stringify(await send(plain, 'SetVariables', priority))).toContain('InvalidCertificate');
    const root = { certificateType: 'CSMSRootCertificate', certificate: ca.pem };
    expect(await send(plain, 'InstallCertificate', root)).toMatchObject({ status: 'Accepted' });
    expect(JSON.stringify(await send(plain, 'SetVariables', priority))).toContain('RebootRequired');
    expect(await send(plain, 'Reset', { type: 'Immediate' })).toMatchObject({ status: 'Accepted' });
    await secure.until(() => online(secure) && handle.view().registration === 'Accepted');
    expect(profileAt(secure)).toBe(3);
    expect(handle.station.endpoint).toBe(endpointOf(secure));
    // The way back to the lower profile is gone (A05.FR.06).
    const asked = {
      getVariableData: [{ component: { name: 'OCPPCommCtrlr' }, variable: { name: 'NetworkConfigurationPriority' } }],
    };
    expect(JSON.stringify(await send(secure, 'GetVariables', asked))).toContain('"attributeValue":"2"');
  });

  it('2.0.1: a slot that cannot be reached is given up for the next one, and the station boots there (B10.FR.03, FR.10)', async () => {
    const plain = await csms({});
    const { handle, events } = station({ version: '2.0.1', endpoint: endpointOf(plain) });
    await plain.until(() => handle.view().registration === 'Accepted');
    const connectionData = {
      ocppVersion: 'OCPP20',
      ocppTransport: 'JSON',
      ocppCsmsUrl: 'ws://127.0.0.1:1/nowhere',
      messageTimeout: 30,
      securityProfile: 1,
      ocppInterface: 'Wired0',
    };
    await send(plain, 'SetNetworkProfile', { configurationSlot: 2, connectionData });
    const variable = (name: string, attributeValue: string) => ({
      component: { name: 'OCPPCommCtrlr' },
      variable: { name },
      attributeValue,
    });
    await send(plain, 'SetVariables', {
      setVariableData: [
        variable('NetworkConfigurationPriority', '2,1'),
        variable('NetworkProfileConnectionAttempts', '2'),
      ],
    });
    await send(plain, 'Reset', { type: 'Immediate' });
    await plain.until(() => events.filter((event) => event.what === 'network-slot').length === 2);
    await plain.until(() => handle.view().registration === 'Accepted');
    expect(events.filter((event) => event.what === 'network-slot').map((event) => event.data['slot'])).toEqual([2, 1]);
    expect(events.filter((event) => event.what === 'connect-failed')).toHaveLength(2);
  });

  it('1.6: SecurityProfile 3 reconnects with the certificate and without the password (whitepaper A05)', async () => {
    const key = '00112233445566778899aabbccddeeff';
    const one = await csms({ tls: tls('ask'), stations: [{ id: 'CS1', password: key }] });
    const { handle, events } = station({
      version: '1.6',
      endpoint: endpointOf(one),
      password: key,
      certificates: { csmsRoots: [ca.pem] },
    });
    await one.until(() => handle.view().registration === 'Accepted');
    expect(profileAt(one)).toBe(2);
    const raise = { key: 'SecurityProfile', value: '3' };
    expect(await send(one, 'ChangeConfiguration', raise)).toMatchObject({ status: 'Rejected' });
    // What CertificateSigned would have left in the vault.
    const { side } = handle.station.machine;
    if (!('vault' in side)) throw new Error('a 1.6 station has a vault');
    (side.vault as { preload(type: string, pem: string, key: string): void }).preload(
      'ChargePointCertificate',
      readFileSync(own.cert, 'utf8'),
      readFileSync(own.key, 'utf8'),
    );
    expect(await send(one, 'ChangeConfiguration', raise)).toMatchObject({ status: 'Accepted' });
    await one.until(() => events.filter((event) => event.what === 'connected').length === 2);
    await one.until(() => profileAt(one) === 3);
    // A mere reconnect: no second boot.
    expect(events.filter((event) => event.what === 'boot')).toHaveLength(1);
  });
});

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemEntropy } from '../../core/entropy.ts';
import { CompoteError } from '../../core/errors.ts';
import {
  describeCertificate,
  isSelfIssued,
  parseCertificateChainPem,
  poolNamespace,
  readCertificate,
  toPem,
  toPemChain,
} from '../../protocols/iso15118/index.ts';
import { VirtualEv } from '../../roles/station/vehicle/virtual-ev.ts';
import { type Demo, type DemoWorld, type Stage, waitFor } from './demo.ts';
import {
  act,
  charged,
  type DemoStation,
  ended,
  leaveFree,
  newest,
  occupied,
  onStage,
  type Page,
} from './station-scenes.ts';

interface SimStation {
  readonly evses: readonly {
    readonly vehicleAnswer?: { readonly status: string; readonly exiResponse: string };
    readonly transaction?: object;
  }[];
}

interface Certificates {
  readonly certificatesPem: string;
}
interface RootAnswer {
  readonly answer: {
    readonly RootCertificateCollection: { readonly rootCertificates: readonly { readonly caCertificate: string }[] };
  };
}

/** A station, its vehicle and the account of its driver. */
interface Cast {
  readonly station: DemoStation;
  readonly version: string;
  readonly pcid: string;
  readonly emaid: string;
}

const CASTS: readonly Cast[] = [
  { station: 'CS-DEMO-1', version: '1.6', pcid: 'WMIDEMO0000000001', emaid: 'DEDCBC00000001' },
  { station: 'CS-DEMO-2', version: '2.0.1', pcid: 'WMIDEMO0000000002', emaid: 'DEDCBC00000002' },
];

const STATIONS: readonly DemoStation[] = CASTS.map(({ station }) => station);

/** Plug & Charge from empty pools to a charged vehicle, then a revoked contract that is refused. */
export const plugAndCharge: Demo = {
  id: 'pnc',
  title: 'Plug & Charge',
  summary: 'Plug & Charge with OCPP 1.6 and 2.0.1: certificates, contract, charging, revocation',
  // The pools first: everybody asks where they are.
  services: ['trust', 'hub', 'emp', 'csms', 'everest', 'station'],
  settings: [
    'emp.demoData=false',
    // Nobody looks for stations here: the EMP answers for its driver and asks for nothing.
    ...['evseDataS', 'evseDataFullS', 'statusS', 'pricesS', 'cdrsS'].map((pull) => `emp.pulls.${pull}=0`),
    // The adapter is there for the console of the manufacturer only.
    'everest.broker.look=false',
    'everest.broker.embeddedPort=0',
  ],
  shows: 'proto:ocpp or proto:oicp',
  steps: [
    { id: 'roots', title: 'Roots', says: 'The roots of the certificate hierarchies stand in the root pool.' },
    ...CASTS.map(({ station, version }) => ({
      id: station,
      title: `OCPP ${version}`,
      says: `${station} gets its certificate, a vehicle its contract; it charges without a card, and is refused once the contract is revoked.`,
    })),
  ],
  missing: (world) => occupied(world, STATIONS),
  async run(world, stage) {
    await stage.step('roots', async () => {
      const { items: roots } = (await world.call('trust', 'GET', '/pnc/pools/roots')) as Page<{ commonName: string }>;
      const { items: vehicles } = (await world.call('trust', 'GET', '/pnc/vehicles')) as Page<object>;
      stage.tell(
        'trust',
        `${roots.length} roots: ${roots.map(({ commonName }) => commonName).join(', ')}. ${vehicles.length} vehicles.`,
      );
      await onStage(world, stage, STATIONS);
    });
    for (const cast of CASTS) await stage.step(cast.station, () => play(world, stage, cast));
  },
  tidy: (world) => leaveFree(world, STATIONS),
};

async function play(world: DemoWorld, stage: Stage, cast: Cast): Promise<void> {
  const { station, version, emaid } = cast;
  stage.tell(station, `The operator installs the roots of the root pool (OCPP ${version}).`);
  await world.call('csms', 'POST', `/pnc_api/stations/${station}/roots`);
  await stationCertificate(world, stage, station);

  const ev = await factory(world, stage, cast);
  stage.tell(
    'provider',
    `The contract ${emaid} is made for ${cast.pcid}: key encrypted for the vehicle, signed, in the pool.`,
  );
  const { evcoId } = (await world.call('emp', 'POST', '/pnc_api/contracts', {
    emaid,
    pcid: cast.pcid,
    driver: `driver of ${cast.pcid}`,
  })) as { evcoId: string };
  stage.tell('provider', `The hub will ask for ${evcoId}: the account with its check character.`);

  const before = await newest(world, station);
  stage.tell(station, 'The vehicle is plugged in and asks for its contract (CertificateInstallationReq).');
  await act(world, station, { type: 'plug' });
  const contract = await installed(world, stage, cast, ev);

  stage.tell(station, `The vehicle shows its contract ${contract.emaid}: nobody shows a card.`);
  await act(world, station, { type: 'show-contract', ...contract });
  await charged(world, stage, station, before);
  await act(world, station, { type: 'stop-button' });
  await ended(world, stage, station, before);
  await act(world, station, { type: 'unplug' });

  stage.tell('provider', `The contract ${emaid} is deleted and its certificate revoked.`);
  await world.call('emp', 'DELETE', `/pnc_api/contracts/${emaid}`);
  stage.tell(station, 'The vehicle comes again and shows the same contract: it must be refused.');
  await act(world, station, { type: 'plug' });
  await act(world, station, { type: 'show-contract', ...contract });
  await refused(world, station);
  stage.tell(station, 'Refused: CertificateRevoked. Nothing was started.');
  await act(world, station, { type: 'unplug' });
}

async function stationCertificate(world: DemoWorld, stage: Stage, station: string): Promise<void> {
  stage.tell(station, 'The operator asks for a signing request; the station makes a key; the pool’s enrolment signs.');
  await world.call('csms', 'POST', `/pnc_api/stations/${station}/trigger`);
  await waitFor(
    world,
    `the certificate of ${station}`,
    async () =>
      (await world.call('csms', 'GET', `/stations/${station}/certificates`)) as Page<{
        status: string;
        value: { certificateChain?: string };
      }>,
    ({ items }) => items.some(({ status }) => status === 'Signed'),
  ).then(({ items }) => {
    const chain = items.find(({ status }) => status === 'Signed')?.value.certificateChain ?? '';
    stage.tell(station, `The station has its certificate:\n${listed(chain)}`);
  });
}

function listed(chainPem: string): string {
  return parseCertificateChainPem(chainPem)
    .map((certificate, depth) => `    ${'  '.repeat(depth)}${describeCertificate(certificate)}`)
    .join('\n');
}

/** The vehicle makes its key, which stays in its own file; the manufacturer has it signed and puts it into the pool. */
async function factory(world: DemoWorld, stage: Stage, { pcid }: Cast): Promise<VirtualEv> {
  mkdirSync(world.folder, { recursive: true, mode: 0o700 });
  const path = join(world.folder, `vehicle-${pcid}.key.pem`);
  const ev = new VirtualEv({
    pcid,
    keyFile: {
      load: () => (existsSync(path) ? readFileSync(path, 'utf8') : undefined),
      save: (pem) => writeFileSync(path, pem, { mode: 0o600 }),
    },
    entropy: systemEntropy,
    nowMs: () => world.clock.now(),
  });
  const enrolled = (await world.call('everest', 'POST', '/pnc_api/enroll', {
    csr: ev.signingRequest(),
  })) as Certificates;
  const cas = (await world.call('everest', 'GET', '/pnc_api/ca-certificates')) as Certificates;
  const subCas = parseCertificateChainPem(cas.certificatesPem).filter((each) => !isSelfIssued(each));
  const [leaf, subCa2, subCa1] = [...parseCertificateChainPem(enrolled.certificatesPem), ...subCas].map(({ der }) =>
    Buffer.from(der).toString('base64'),
  );
  await world.call('everest', 'PUT', '/pnc_api/provisioning-certificates', {
    vehicleCertificate: leaf,
    subCA2Certificate: subCa2,
    subCA1Certificate: subCa1,
    xsdMsgDefNamespace: poolNamespace('ISO15118-2'),
  });
  const certificatePem = enrolled.certificatesPem + toPemChain(subCas.map(({ der }) => der));
  const { answer } = (await world.call('everest', 'GET', '/pnc_api/root-certificates?rootType=v2g')) as RootAnswer;
  const v2gRoots = answer.RootCertificateCollection.rootCertificates.map(({ caCertificate }) =>
    toPem('CERTIFICATE', readCertificate(caCertificate).der),
  );
  ev.provision(certificatePem, v2gRoots.join(''));
  stage.tell('factory', `The vehicle ${pcid} has its provisioning certificate:\n${listed(certificatePem)}`);
  return ev;
}

async function installed(world: DemoWorld, stage: Stage, { station }: Cast, ev: VirtualEv) {
  const exiRequest = Buffer.from(ev.installationRequest()).toString('base64');
  await act(world, station, { type: 'request-contract', exiRequest });
  const { evses } = await waitFor(
    world,
    'the answer for the vehicle',
    async () => (await world.call('station', 'GET', `/sim/stations/${station}`)) as SimStation,
    (seen) => seen.evses[0]?.vehicleAnswer !== undefined,
  );
  const exi = Buffer.from(evses[0]?.vehicleAnswer?.exiResponse ?? '', 'base64');
  const outcome = ev.receive(exi);
  if (!outcome.ok) throw new CompoteError('CONFLICT', { detail: `the vehicle refused its contract: ${outcome.why}` });
  stage.tell(
    'vehicle',
    `Signature, chain and session checked, key decrypted; the contract:\n${listed(outcome.contract.chainPem)}`,
  );
  return outcome.contract;
}

async function refused(world: DemoWorld, station: string): Promise<void> {
  const q = new URLSearchParams({ q: `station:${station} text:"CertificateRevoked"` });
  await waitFor(
    world,
    'the refusal',
    async () => (await world.call('csms', 'GET', `/messages?${q}`)) as Page<unknown>,
    ({ items }) => items.length > 0,
  );
  const { evses } = (await world.call('station', 'GET', `/sim/stations/${station}`)) as SimStation;
  if (evses.some(({ transaction }) => transaction !== undefined)) {
    throw new CompoteError('CONFLICT', { detail: 'a transaction began with a revoked contract' });
  }
}

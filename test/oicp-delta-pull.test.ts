import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SeededIds } from '../src/core/ids.ts';
import { Random } from '../src/core/random.ts';
import { VirtualClock } from '../src/core/virtual-clock.ts';
import { openMemoryJournal } from '../src/journal/index.ts';
import { bytesOf } from '../src/link/http-port.ts';
import { InProcessNetwork } from '../src/link/in-process-port.ts';
import { Emp } from '../src/roles/emp/emp.ts';
import { pullEvseData } from '../src/roles/emp/outbound/pulls.ts';
import { Hub } from '../src/roles/hub/hub.ts';
import { usualContracts } from '../src/roles/hub/seed.ts';
import { partnerOf } from '../src/roles/hub/state/partner-input.ts';
import { CommitGroup } from '../src/storage/commit-group.ts';
import { Database } from '../src/storage/database.ts';

/** Hub and EMP as they are, in virtual time; an operator pushes whatever comes, at any moment. */
const NOON = 1_748_779_200_000;
const DATA = '/api/oicp/evsepush/v23/operators/DE*ABC/data-records';
const record = (evse: number, name: string): string =>
  `{"EvseID":"DE*ABC*E${evse}","ChargingStationNames":[{"lang":"en","value":"${name}"}],"Address":{"Country":"DEU","City":"Berlin","Street":"Teststr.","PostalCode":"10829","HouseNum":"22"},"GeoCoordinates":{"Google":{"Coordinates":"52.480495 13.356465"}},"Plugs":["Type 2 Outlet"],"ChargingFacilities":[{"PowerType":"AC_3_PHASE","Power":22}],"RenewableEnergy":true,"CalibrationLawDataAvailability":"Local","AuthenticationModes":["REMOTE"],"PaymentOptions":["Contract"],"ValueAddedServices":["Reservation"],"Accessibility":"Free publicly accessible","HotlinePhoneNumber":"+49301234567","IsOpen24Hours":true,"IsHubjectCompatible":true,"DynamicInfoAvailable":"true"}`;

function world() {
  const clock = VirtualClock.install(NOON);
  const network = new InProcessNetwork(clock, 5);
  const defect = (_where: string, thrown: unknown): void => {
    throw thrown;
  };
  const common = (name: string) => {
    const group = new CommitGroup(clock, (cause) => defect('commit', cause));
    const ids = new SeededIds(new Random(name));
    return {
      database: new Database({ path: ':memory:', group }),
      clock,
      ids,
      random: new Random(name),
      recorder: openMemoryJournal({ clock, group, ids }).recorder,
      port: network.port(),
      afterCommit: (task: () => void) => group.afterCommit(task),
      log: () => {},
      defect,
      changed: () => {},
    };
  };
  const hub = new Hub({
    ...common('hub'),
    config: {
      profile: 'observed',
      content: 'strict',
      callers: { modes: new Set(['path']), trustedOnly: false },
      strictIdSpelling: false,
      evseVersions: 50,
      deadlines: { authorizeMs: 8_000, remoteMs: 60_000, cdrMs: 30_000, notificationMs: 10_000 },
      cdrForwarding: { attempts: 50, firstMs: 2_000, maxMs: 60_000 },
      rateLimits: { enabled: false, perMinute: {} },
    },
    addressOf: (key) => `http://${key}`,
    isOurs: () => true,
  });
  for (const [key, input] of Object.entries({ csms: { operatorIds: ['DE*ABC'] }, emp: { providerIds: ['DE-DCB'] } })) {
    const partner = partnerOf(key, input);
    hub.state.partners.save(partner);
    for (const contract of usualContracts(partner)) hub.state.partners.saveContract(contract);
  }
  network.listen('http://hub', (request) => hub.server.serve(request));
  const emp = new Emp({
    ...common('emp'),
    config: { providerId: 'DE-DCB', content: 'lenient', geoFormat: 'Google', remoteMs: 65_000, otherMs: 30_000 },
    hubUrl: () => 'http://hub',
    hubIsOurs: () => true,
  });
  const port = network.port();
  const push = (action: string, records: string): void => {
    const text = `{"ActionType":"${action}","OperatorEvseData":{"OperatorID":"DE*ABC","OperatorName":"ABC","EvseDataRecord":[${records}]}}`;
    const headers = { 'content-type': 'application/json' };
    // Some cannot be executed (009): then nothing changes at the hub.
    void port.exchange(
      { method: 'POST', url: `http://hub${DATA}`, headers, body: bytesOf(text) },
      { timeoutMs: 5_000 },
    );
  };
  const atHub = () =>
    hub.state.evseData
      .pull({ ProviderID: 'DE-DCB', GeoCoordinatesResponseFormat: 'Google' }, () => true, { page: 0, size: 100 })
      .content.map(({ EvseID, ChargingStationNames }) => `${EvseID} ${ChargingStationNames?.[0]?.value}`)
      .sort();
  const atEmp = () =>
    [...emp.state.evses.all()]
      .map(({ record: each }) => `${each.EvseID} ${each.ChargingStationNames?.[0]?.value}`)
      .sort();
  return { clock, emp, push, atHub, atEmp };
}

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      action: fc.constantFrom('fullLoad', 'insert', 'update', 'delete'),
      evses: fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }),
      name: fc.constantFrom('a', 'b'),
    }),
  },
  { weight: 3, arbitrary: fc.constant('pull' as const) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 12_000 }) },
);

it('EMP-PD-02: whatever is pushed and whenever, after a pull of changes the EMP has the hub’s set', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const { clock, emp, push, atHub, atEmp } = world();
      for (const each of [...steps, 'pull' as const]) {
        if (typeof each === 'number') await clock.runFor(each);
        else if (each === 'pull') {
          const pulled = pullEvseData(emp, 'delta');
          await clock.runFor(100);
          expect((await pulled).done).toBe(true);
          expect(atEmp()).toEqual(atHub());
        } else {
          push(each.action, each.evses.map((evse) => record(evse, each.name)).join(','));
          await clock.runFor(20);
        }
      }
    }),
    { numRuns: 60 },
  );
});

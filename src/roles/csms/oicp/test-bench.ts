import { SeededIds } from '../../../core/ids.ts';
import { Random } from '../../../core/random.ts';
import { bytesOf, type HttpPort, type HttpServer, textOf } from '../../../link/http-port.ts';
import { InProcessNetwork } from '../../../link/in-process-port.ts';
import type { OcppVersion } from '../../../protocols/ocpp/versions.ts';
import type { Database } from '../../../storage/database.ts';
import type { Csms } from '../csms.ts';
import type { VehicleCertificates } from '../ocpp/vehicle-certificates.ts';
import { CsmsTestBench, type Script, type ScriptedStation } from '../test-bench.ts';
import { Cpo } from './cpo.ts';
import type { CpoConfig } from './cpo-context.ts';

/** A request as the hub got it. */
export interface HubHeard {
  /** The last two parts of the path. */
  readonly what: string;
  readonly path: string;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies member by member
  readonly body: any;
  readonly atMs: number;
}

/** What the hub says: a JSON text, a status with a text, or nothing for so long. */
export type HubSays =
  | string
  | { readonly status: number; readonly text?: string }
  | { readonly afterMs: number; readonly text: string };

export const SESSION = 'f98efba4-02d8-4fa0-b810-9a9d50d2c527';
export const OK =
  '{"Result":true,"StatusCode":{"Code":"000","Description":null,"AdditionalInfo":null},"SessionID":null}';
export const AUTHORIZED = `{"SessionID":"${SESSION}","CPOPartnerSessionID":null,"EMPPartnerSessionID":"emp-1","ProviderID":"DE-DCB","AuthorizationStatus":"Authorized","StatusCode":{"Code":"000","Description":null},"AuthorizationStopIdentifications":null,"Unknown":1}`;

/** Stations that accept what a hub may have asked for. */
export const ACCEPT_16: Script = {
  RemoteStartTransaction: '{"status":"Accepted"}',
  RemoteStopTransaction: '{"status":"Accepted"}',
  ReserveNow: '{"status":"Accepted"}',
  CancelReservation: '{"status":"Accepted"}',
};
export const ACCEPT_2X: Script = {
  RequestStartTransaction: '{"status":"Accepted"}',
  RequestStopTransaction: '{"status":"Accepted"}',
  ReserveNow: '{"status":"Accepted"}',
  CancelReservation: '{"status":"Accepted"}',
  GetBaseReport: '{"status":"Accepted"}',
};
/** The status code of an answer to the hub. */
export const codeOf = (answer: unknown): string => (answer as { StatusCode: { Code: string } }).StatusCode.Code;

const CONFIG: CpoConfig = {
  enabled: true,
  operatorId: 'DE*ABC',
  operatorName: 'ABC',
  content: 'lenient',
  authorizeMs: 12_000,
  lateAnswerMs: 48_000,
  otherMs: 30_000,
  pendingS: 180,
  withoutCar: 'refuse',
  reservationMinutes: 15,
  notifications: true,
  retry: { firstMs: 2_000, maxMs: 60_000 },
  site: {
    street: 'Test Street',
    houseNumber: '1',
    postalCode: '10115',
    city: 'Berlin',
    country: 'DEU',
    timeZone: 'UTC+01:00',
    latitude: 52.520008,
    longitude: 13.404954,
    hotline: '+49301234567',
    plugs: ['Type 2 Outlet'],
    powerType: 'AC_3_PHASE',
    powerKW: 22,
  },
};

/** An operator in virtual time: scripted stations on one side, a scripted hub on the other, texts by hand on both. */
export class CpoTestBench {
  readonly csms: CsmsTestBench;
  readonly cpo: Cpo;
  readonly heard: HubHeard[] = [];
  /** By the last two parts of the path; what is absent is answered {@link OK}. */
  readonly says: Record<string, HubSays> = {};
  readonly #network: InProcessNetwork;
  readonly #port: HttpPort;

  constructor(config: Partial<CpoConfig> = {}, database?: Database, vehicleCertificates?: VehicleCertificates) {
    this.csms = new CsmsTestBench(
      {},
      {
        askRoaming: (question, done) => this.cpo.askRoaming(question, done),
        ...(database === undefined ? {} : { database }),
        ...(vehicleCertificates === undefined ? {} : { vehicleCertificates }),
      },
    );
    const { clock, recorder, afterCommit } = this.csms;
    this.#network = new InProcessNetwork(clock);
    this.#network.listen('http://hub', this.#hub);
    this.#port = this.#network.port();
    const csms: Csms = this.csms.csms;
    this.cpo = new Cpo({
      config: { ...CONFIG, ...config },
      csms,
      database: this.csms.database,
      clock,
      ids: new SeededIds(new Random('cpo')),
      random: new Random('backoff'),
      recorder,
      port: this.#port,
      hubUrl: () => 'http://hub',
      hubIsOurs: () => false,
      afterCommit,
      log: () => {},
      defect: (where, thrown) => void this.csms.defects.push(`${where}: ${String(thrown)}`),
      changed: () => {},
    });
    this.#network.listen('http://csms', (request) => this.cpo.hub.server.serve(request));
    this.cpo.start();
  }

  /** A booted station whose EVSE 1 has this status; the pushes of its EVSE are over. */
  async station(version: OcppVersion, status: string, script: Script = {}, id = 'CS1'): Promise<ScriptedStation> {
    const station = await this.csms.station(id, version, script);
    await this.status(station, version, status);
    await this.run(1_000);
    return station;
  }

  async status(station: ScriptedStation, version: OcppVersion, status: string, evse = 1): Promise<void> {
    await station.ask(
      'StatusNotification',
      version === '1.6'
        ? `{"connectorId":${evse},"errorCode":"NoError","status":"${status}"}`
        : `{"timestamp":"2026-01-01T12:00:00Z","evseId":${evse},"connectorId":1,"connectorStatus":"${status}"}`,
    );
  }

  /** Requests of one kind, for example `authorize/start`. */
  of(what: string): HubHeard[] {
    return this.heard.filter((each) => each.what === what);
  }

  async run(ms: number): Promise<void> {
    await this.csms.clock.runFor(ms);
  }

  unplugHub(): void {
    this.#network.unplug('http://hub');
  }

  plugHub(): void {
    this.#network.listen('http://hub', this.#hub);
  }

  /** Calls the operator as the hub does; resolves with the answer's body. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers member by member
  async oicp(path: string, text: string): Promise<any> {
    let answered: { status: number; body: unknown } | undefined;
    const request = {
      method: 'POST',
      url: `http://csms/api/oicp${path}`,
      headers: { 'content-type': 'application/json;charset=UTF-8' },
      body: bytesOf(text),
    };
    this.#port.exchange(request, { timeoutMs: 120_000 }).then((outcome) => {
      if (outcome.kind !== 'answered') throw new Error(outcome.text);
      const { status, body } = outcome.response;
      answered = { status, body: JSON.parse(textOf(body) ?? '') };
    });
    await this.csms.clock.settle();
    if (answered === undefined) await this.run(60_000);
    if (answered?.status !== 200) throw new Error(`answered ${JSON.stringify(answered)}`);
    return answered.body;
  }

  remoteStart(evseId = 'DE*ABC*ECS1*1', session = SESSION): Promise<unknown> {
    return this.oicp(
      '/charging/v21/providers/DE-DCB/authorize-remote/start',
      `{"SessionID":"${session}","CPOPartnerSessionID":null,"EMPPartnerSessionID":"emp-1","ProviderID":"DE-DCB","EvseID":"${evseId}","Identification":{"RFIDMifareFamilyIdentification":null,"QRCodeIdentification":null,"PlugAndChargeIdentification":null,"RemoteIdentification":{"EvcoID":"DE-DCB-C12345678-X"},"RFIDIdentification":null},"PartnerProductID":null,"Extra":true}`,
    );
  }

  remoteStop(evseId = 'DE*ABC*ECS1*1', session = SESSION): Promise<unknown> {
    return this.oicp(
      '/charging/v21/providers/DE-DCB/authorize-remote/stop',
      `{"SessionID":"${session}","ProviderID":"DE-DCB","EvseID":"${evseId}"}`,
    );
  }

  reservationStart(session = SESSION, provider = 'DE-DCB'): Promise<unknown> {
    return this.oicp(
      `/reservation/v11/providers/${provider}/reservation-start-request`,
      `{"SessionID":"${session}","ProviderID":"${provider}","EvseID":"DE*ABC*ECS1*1","Identification":{"RemoteIdentification":{"EvcoID":"DE-DCB-C12345678-X"}},"Duration":15}`,
    );
  }

  reservationStop(session = SESSION): Promise<unknown> {
    return this.oicp(
      '/reservation/v11/providers/DE-DCB/reservation-stop-request',
      `{"SessionID":"${session}","ProviderID":"DE-DCB","EvseID":"DE*ABC*ECS1*1"}`,
    );
  }

  readonly #hub: HttpServer = async ({ url, body }) => {
    const text = textOf(body) ?? '';
    const what = url.split('/').slice(-2).join('/').replaceAll('%2A', '*');
    this.heard.push({ what, path: url, text, body: JSON.parse(text), atMs: this.csms.clock.now() });
    const said = this.says[what] ?? OK;
    const headers = { 'content-type': 'application/json;charset=UTF-8', 'process-id': 'a-process' };
    if (typeof said === 'string') return { status: 200, headers, body: bytesOf(said) };
    if ('afterMs' in said) {
      await this.csms.clock.sleep(said.afterMs);
      return { status: 200, headers, body: bytesOf(said.text) };
    }
    return { status: said.status, headers, body: bytesOf(said.text ?? '') };
  };
}

import { SystemIds } from '../../core/ids.ts';
import { Random } from '../../core/random.ts';
import { OcppSchemaSet } from '../../protocols/ocpp/schemas.ts';
import type { LookAlikeOptions } from '../../roles/everest/look-alike-port.ts';
import type { Command } from '../../roles/station/commands.ts';
import { plainLinkWorld, type StationHandle, stationHandle } from '../../roles/station/create-station.ts';
import { webSocketDialer } from '../../roles/station/dialer.ts';
import { loadTemplate } from '../../roles/station/templates.ts';
import { FleetTimers } from '../../roles/station/timers.ts';
import { NO_FILES } from '../../roles/station/transfer.ts';
import type { Token } from './evse.ts';

/** What the station engine tells the look-alike. */
export interface OcppTelling {
  authorized(n: number, token: Token): void;
  refused(n: number): void;
  lapsed(n: number): void;
  /** The CSMS (or the engine by itself) ended the transaction. */
  ended(n: number, reason: string): void;
  transaction(n: number, what: 'Started' | 'Updated' | 'Ended', transactionId: string | undefined): void;
  connected(on: boolean): void;
  /** The session that a new transaction belongs to: OCPP 2.x uses its id. */
  sessionWithoutTransaction(): string | undefined;
}

export interface Reading {
  readonly energyWh: number;
  readonly powerW: number;
  readonly currentA: readonly number[];
  readonly voltageV: readonly number[];
  readonly offeredA: number | null;
}

/** The look-alike's OCPP: our station engine, driven by what happens at the simulated EVSEs. */
export class OcppSide {
  readonly #handle: StationHandle;
  readonly #tell: OcppTelling;
  readonly #numbers = new Map<number, string>();
  readonly #version: string;

  constructor(options: LookAlikeOptions, tell: OcppTelling) {
    const { ocpp, clock, socketClock, connectors, log } = options;
    if (ocpp === undefined) throw new RangeError('No OCPP is configured');
    this.#tell = tell;
    this.#version = ocpp.version;
    const ids = new SystemIds();
    const one = loadTemplate('ac-22-duo');
    const [evse] = one.evses;
    if (evse === undefined) throw new RangeError('The template has no EVSE');
    this.#handle = stationHandle(
      {
        clock,
        ids: { uuid: () => tell.sessionWithoutTransaction() ?? ids.uuid() },
        timers: new FleetTimers(clock),
        link: {
          ...plainLinkWorld(socketClock, ids),
          recorder: ocpp.recorder,
          defect: (where, thrown) => log.error({ err: thrown }, where),
        },
        schemas: new OcppSchemaSet(),
        dialer: webSocketDialer(),
        files: NO_FILES,
        csms: { id: 'csms', role: 'csms' },
        validation: 'lenient',
        store: undefined,
        crypto: undefined,
        observe: (_station, what, data) => this.#happened(what, data),
      },
      {
        identity: ocpp.identity,
        version: ocpp.version,
        template: {
          ...one,
          name: 'everest-look-alike',
          model: 'LookAlike',
          evses: Array.from({ length: connectors }, () => evse),
          stationLimit: { currentA: 32 * connectors, powerW: Number.POSITIVE_INFINITY },
        },
        endpoint: ocpp.endpoint,
        random: Random.unseeded(),
        followCsmsClock: clock === socketClock,
      },
    );
  }

  start(): void {
    this.#handle.start();
  }
  stop(): void {
    this.#handle.stop();
  }

  plug(n: number, amps: number, phases: 1 | 3): void {
    this.#handle.plug({
      evseId: n,
      car: {
        name: 'look-alike',
        capacityWh: 60_000,
        maxAcCurrentA: amps,
        acPhases: phases,
        iso15118: true,
        reactionMs: 500,
      },
      soCPercent: 30,
    });
    this.#handle.do({ type: 'pause-car', evseId: n });
  }
  unplug(n: number): void {
    if (this.#evse(n)?.connectors.some(({ plug }) => plug === 'ev') === true)
      this.#handle.unplug({ evseId: n, side: 'ev' });
  }
  drawing(n: number, on: boolean): void {
    if (this.#evse(n)?.connectors.some(({ plug }) => plug === 'ev') !== true) return;
    this.#handle.do({ type: on ? 'resume-car' : 'pause-car', evseId: n });
  }
  present(n: number, token: Token): void {
    this.#handle.swipe(token.value, { evseId: n, tokenType: token.type });
  }
  stopTransaction(n: number): void {
    if (this.#evse(n)?.transaction !== undefined) this.#handle.do({ type: 'stop-button', evseId: n });
  }
  fault(n: number, on: boolean): void {
    // The table of commands types this union's code as `never`; its validator checks it.
    const fault = {
      type: 'fault',
      evseId: n,
      code: 'OtherError',
      info: 'evse_manager/Inoperative',
    } as unknown as Command;
    this.#handle.do(on ? fault : { type: 'repair', evseId: n });
  }
  /** EVSE-side pause and local limits: OCPP 2.x knows them as an external limit of the whole station. */
  limit(amps: number | undefined): void {
    if (this.#version === '1.6') return;
    this.#handle.do({ type: 'external-limit', unit: 'A', ...(amps === undefined ? {} : { limit: amps }) });
  }

  reading(n: number): Reading | undefined {
    const evse = this.#evse(n);
    if (evse === undefined) return undefined;
    // The 1.6 number comes with the answer of the CSMS.
    const number = evse.transaction?.number;
    const known = this.#numbers.get(n);
    if (number !== undefined && known !== String(number)) {
      this.#numbers.set(n, String(number));
      this.#tell.transaction(n, 'Updated', String(number));
    }
    return {
      energyWh: evse.meterWh,
      powerW: evse.powerW,
      currentA: evse.currentA,
      voltageV: evse.voltageV,
      offeredA: evse.offeredA,
    };
  }

  #evse(n: number) {
    return this.#handle.view().evses.find(({ id }) => id === n);
  }

  #happened(what: string, data: Readonly<Record<string, unknown>>): void {
    const n = typeof data['evseId'] === 'number' ? data['evseId'] : 1;
    switch (what) {
      case 'connected':
        return this.#tell.connected(true);
      case 'disconnected':
        return this.#tell.connected(false);
      case 'authorized': {
        const authorization = this.#handle.station.machine.core.evse(n)?.authorization;
        const { value = '', type = '' } = authorization?.token ?? {};
        const remote = data['source'] === 'remote' || authorization?.remoteStartId !== undefined;
        const contract = type === 'eMAID';
        return this.#tell.authorized(n, {
          value,
          type: type === 'idTag' ? 'ISO14443' : type,
          authorizationType: remote ? 'OCPP' : contract ? 'PlugAndCharge' : 'RFID',
        });
      }
      case 'refused':
        return this.#tell.refused(n);
      case 'authorization-lapsed':
        return this.#tell.lapsed(n);
      case 'transaction-started':
        // 1.6: the id is the number that the CSMS gives later.
        return this.#tell.transaction(
          n,
          'Started',
          this.#version === '1.6' ? undefined : String(data['transactionId']),
        );
      case 'transaction-ended':
        this.#tell.transaction(
          n,
          'Ended',
          this.#version === '1.6' ? this.#numbers.get(n) : String(data['transactionId']),
        );
        this.#numbers.delete(n);
        return this.#tell.ended(n, typeof data['reason'] === 'string' ? data['reason'] : 'Other');
      default:
    }
  }
}

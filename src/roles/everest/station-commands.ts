import { CompoteError } from '../../core/errors.ts';
import { isoTime } from '../../core/time.ts';
import { type Encoded, type EvseCommand, encode, type Publish } from '../../protocols/everest/encode.ts';
import type { Dialect } from '../../protocols/everest/releases.ts';
import type { EverestStation } from './everest-station.ts';

export interface Sent {
  readonly published: readonly Publish[];
  readonly dialect: Dialect;
  readonly warnings: readonly string[];
  /** What dialect E answered. */
  readonly reply?: unknown;
}

/** Says a command in the station's dialect. @throws FORBIDDEN, NOT_AVAILABLE, NOT_SUPPORTED, PEER_TIMEOUT */
export async function sendCommand(
  station: EverestStation,
  command: EvseCommand,
  n: number,
  via?: Dialect,
): Promise<Sent> {
  demandCommand(station);
  const encoded = encodedFor(station, command, n, via);
  if ('unsupported' in encoded)
    throw new CompoteError('NOT_SUPPORTED', { detail: `${station.id}: ${encoded.unsupported}` });
  const { dialect, publish, asks, warning } = encoded;
  const warnings = warning === undefined ? [] : [warning];
  if (asks !== true) {
    await station.publish(publish.topic, publish.payload, 'user');
    return { published: [publish], dialect, warnings };
  }
  const { reply, sent } = await station.ask(publish.topic, publish.payload, 'user');
  return { published: [sent], dialect, warnings, reply };
}

/** How a command would be said, without saying it. */
export function encodedFor(station: EverestStation, command: EvseCommand, n: number, via?: Dialect): Encoded {
  const configured = station.settings.connectors.find((one) => one.n === n);
  return encode(
    command,
    {
      dialects: station.dialects,
      release: station.settings.release,
      n,
      evse: configured?.evseModule ?? station.modules.evseModuleOf(n),
      api: {
        evse: configured?.apiModule ?? station.modules.apiModuleOf(n),
        token: station.modules.first('auth_token_provider'),
        limits: station.modules.first('external_energy_limits_consumer'),
      },
      tokenTopic: station.settings.tokenTopic,
    },
    via,
  );
}

/** @throws FORBIDDEN when the station is only watched, NOT_AVAILABLE when nobody would hear it */
export function demandCommand(station: EverestStation): void {
  if (!station.settings.control) {
    throw new CompoteError('FORBIDDEN', {
      detail: `${station.id} is only watched (\`control: false\`)`,
      hint: 'Set `control: true` of this station, if its commands may move contactors.',
    });
  }
  if (!station.brokerConnected) throw station.noBroker();
  if (station.lastHeardMs === undefined && station.settings.dialects.length === 0) {
    throw new CompoteError('NOT_AVAILABLE', {
      detail: `The broker is connected, but nothing has been heard from EVerest (prefix "${station.settings.externalPrefix}")`,
      hint: 'Start EVerest (it takes up to a minute), check that it uses this broker, and its `mqtt_external_prefix`.',
    });
  }
  if (station.silent) {
    throw new CompoteError('NOT_AVAILABLE', {
      detail: `EVerest is silent since ${isoTime(station.lastHeardMs ?? 0)}: it has stopped, or lost its broker`,
      hint: 'Look whether its manager still runs; a wrong car command can end it.',
    });
  }
}

import type { Journal } from '../journal/index.ts';
import { type AccessScope, halfOf } from '../platform/http/halves.ts';
import type { ServiceName } from '../platform/service.ts';
import type { Forwarder } from './forward.ts';
import { partyOfService } from './parties.ts';
import { isUp, type Services } from './services.ts';
import { type RatePart, STATIONS, type StationPart, type Topology, topologyOf } from './topology.ts';

const MAX_STATIONS = 500;
const MAX_FINDINGS = 1_000;

interface Page<T> {
  readonly items: readonly T[];
  readonly total?: number;
}

interface EverestPart {
  readonly lookAlike: boolean;
  readonly stations: readonly { readonly id: string }[];
}

/** The look-alike plays the first station, under its id. */
function lookAlikes({ lookAlike, stations }: EverestPart): string[] {
  return lookAlike ? stations.slice(0, 1).map(({ id }) => id) : [];
}

/** Asks the services and the merged journal for the parts that the picture of the world is made of. A part that does not answer is left out. */
export async function readWorld({
  forwarder,
  services,
  journal,
  rates,
  aliases,
  replaced,
  token,
}: {
  readonly forwarder: Forwarder;
  readonly services: Services;
  readonly journal: Journal;
  readonly rates: readonly RatePart[];
  readonly aliases: ReadonlyMap<string, string>;
  readonly replaced: ReadonlyMap<string, string>;
  readonly token: string | undefined;
}): Promise<Topology> {
  const { states } = services;
  const ask = async <T>(service: ServiceName, path: string, otherwise: T): Promise<T> => {
    if (!isUp(services.healthOf(service))) return otherwise;
    return forwarder.get(service, path, token).then(
      (answer) => answer as T,
      () => otherwise,
    );
  };
  const none: Page<never> = { items: [] };
  const [stations, simulated, everest, findings, statistics] = await Promise.all([
    ask<Page<StationPart>>('csms', `stations?limit=${MAX_STATIONS}`, none),
    ask<Page<{ readonly identity: string }>>('station', `sim/stations?limit=${MAX_STATIONS}`, none),
    ask<EverestPart>('everest', 'everest', { lookAlike: false, stations: [] }),
    journal.query.findings({ severity: 'error', status: 'open', limit: MAX_FINDINGS }),
    journal.query.statistics(),
  ]);
  const byParty = new Map<string, number>();
  for (const { party } of findings.items) byParty.set(party, (byParty.get(party) ?? 0) + 1);
  // Counted by role, as the list behind the number is asked for: a station that was forgotten has its findings still.
  byParty.set(STATIONS, findings.items.filter(({ fault }) => fault === 'cs').length);
  return topologyOf({
    services: states,
    stations: stations.items,
    stationCount: stations.total ?? stations.items.length,
    routes: statistics.byRoute,
    rates,
    aliases,
    replaced,
    simulated: new Set([...simulated.items.map((station) => station.identity), ...lookAlikes(everest)]),
    findings: byParty,
  });
}

/** The picture without the parties of the half that somebody does not see. */
export function halfOfWorld(world: Topology, scope: AccessScope): Topology {
  if (scope === 'all') return world;
  const hidden = new Set(
    world.nodes.map(({ id }) => id).filter((id) => (halfOf(id === 'stations' ? 'station' : id) ?? scope) !== scope),
  );
  return {
    nodes: world.nodes.filter(({ id }) => !hidden.has(id)),
    edges: world.edges.filter(({ a, b }) => !hidden.has(a) && !hidden.has(b)),
  };
}

/** Services of this configuration ask pools under a client id: it is the party, and nobody else's. */
const POOL_CLIENTS = ['csms', 'emp', 'everest'] as const;

export function poolClients(all: Readonly<Record<string, unknown>>): Map<string, string> {
  const aliases = new Map<string, string>();
  for (const service of POOL_CLIENTS) {
    const { pnc } = (all[service] ?? {}) as { readonly pnc?: { readonly clientId?: string } };
    if (pnc?.clientId !== undefined && !aliases.has(pnc.clientId))
      aliases.set(pnc.clientId, partyOfService(service).id);
  }
  return aliases;
}

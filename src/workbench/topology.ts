import { partyOfService } from './parties.ts';
import type { ServiceState } from './services.ts';

/** The parts of a service's answers that the picture of the world is made of. */
export interface StationPart {
  readonly id: string;
  readonly link: string;
  readonly version?: string;
  readonly connection?: { readonly facts: Readonly<Record<string, string>> };
  readonly evses: readonly {
    readonly id: number;
    readonly status: string;
    readonly transaction?: string;
    readonly powerW?: number;
  }[];
}

export interface RoutePart {
  readonly a: string;
  readonly b: string;
  readonly proto: string;
  readonly messages: number;
  readonly errors: number;
}

export interface RatePart {
  readonly a: string;
  readonly b: string;
  readonly proto: string;
  readonly rate: number;
}

export interface World {
  readonly services: readonly ServiceState[];
  readonly stations: readonly StationPart[];
  /** How many there are, when not all are listed. */
  readonly stationCount: number;
  readonly routes: readonly RoutePart[];
  readonly rates: readonly RatePart[];
  /** Ids of stations that are simulated by us, the EVerest look-alike among them. */
  readonly simulated: ReadonlySet<string>;
  /** Names under which services call others, with the party that it is: the client ids of pools. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Parties that are somebody else's systems, with the address at which our services call them. */
  readonly replaced: ReadonlyMap<string, string>;
  /** Errors found, by party at fault; those of all stations under {@link STATIONS}. */
  readonly findings: ReadonlyMap<string, number>;
}

export interface Node {
  readonly id: string;
  readonly role: string;
  readonly name: string;
  readonly mode: 'simulated' | 'real' | 'off';
  readonly health: 'ok' | 'degraded' | 'down' | 'off';
  readonly why?: string;
  readonly endpoint?: string;
  readonly rate: number;
  readonly findings: number;
  readonly children?: readonly {
    readonly id: string;
    readonly state: string;
    readonly version?: string;
    readonly simulated: boolean;
    readonly connectors: readonly string[];
  }[];
  readonly count?: Readonly<Record<string, number>>;
  /** Of stations: how many are somebody else's. */
  readonly real?: number;
}

export interface Edge {
  readonly a: string;
  readonly b: string;
  readonly proto: string;
  readonly rate: number;
  readonly messages: number;
  readonly errors: number;
  /** The filter that shows its messages. */
  readonly q: string;
}

export interface Topology {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
}

const LISTED_STATIONS = 6;
/** Node of all stations together. */
export const STATIONS = 'stations';

/** Who there is and who talks to whom. Only what exists: a service that never ran has no node. */
export function topologyOf(world: World): Topology {
  const stationIds = new Set(world.stations.map((station) => station.id));
  const party = (id: string): string => (stationIds.has(id) ? STATIONS : (world.aliases.get(id) ?? id));
  const nodes = [
    ...world.services
      .filter((service) => service.name !== 'station' && (service.health !== 'off' || isReplaced(service, world)))
      .map((service) => serviceNode(service, world)),
    stationsNode(world),
  ];
  const known = new Set(nodes.map((node) => node.id));
  const edges = new Map<string, Edge>();
  const add = (
    a: string,
    b: string,
    proto: string,
    change: Partial<Pick<Edge, 'rate' | 'messages' | 'errors'>>,
  ): void => {
    const [from, to] = [party(a), party(b)];
    if (from === to) return;
    // Whoever calls whom: two parties with one protocol have one link.
    const key = `${[from, to].sort().join(' ')} ${proto}`;
    const q = `proto:${proto} ${endOf(from, world)} ${endOf(to, world)}`;
    const edge = edges.get(key) ?? { a: from, b: to, proto, rate: 0, messages: 0, errors: 0, q };
    edges.set(key, {
      ...edge,
      rate: edge.rate + (change.rate ?? 0),
      messages: edge.messages + (change.messages ?? 0),
      errors: edge.errors + (change.errors ?? 0),
    });
  };
  for (const route of world.routes) add(route.a, route.b, route.proto, route);
  for (const rate of world.rates) add(rate.a, rate.b, rate.proto, { rate: rate.rate });
  if (known.has('csms')) add(STATIONS, 'csms', 'ocpp', {});
  const all = [...edges.values()];
  const foreign = [...new Set(all.flatMap((edge) => [edge.a, edge.b]))].filter((id) => !known.has(id));
  return {
    nodes: [...nodes, ...foreign.map((id) => foreignNode(id, world))],
    edges: all,
  };
}

/** What of a filter finds the messages of a node, under all its names. */
function endOf(node: string, { aliases }: World): string {
  if (node === STATIONS) return 'role:cs';
  const names = [node, ...[...aliases].filter(([, party]) => party === node).map(([name]) => name)];
  return names.length === 1 ? `party:${node}` : `(${names.map((name) => `party:${name}`).join(' or ')})`;
}

function serviceNode(service: ServiceState, world: World): Node {
  const { id, role, name } = partyOfService(service.name);
  const elsewhere = world.replaced.get(id);
  const common = {
    id,
    role,
    name,
    rate: rateOf(world, (party) => (world.aliases.get(party) ?? party) === id),
    findings: world.findings.get(id) ?? 0,
  };
  // Somebody else's system is not watched: what is said to it and what it answers stands at its links.
  if (elsewhere !== undefined) return { ...common, mode: 'real', health: 'ok', endpoint: elsewhere };
  return {
    ...common,
    mode: 'simulated',
    health: service.health,
    ...(service.why === undefined ? {} : { why: service.why }),
    ...(service.url === undefined ? {} : { endpoint: service.url }),
  };
}

function isReplaced({ name }: ServiceState, { replaced }: World): boolean {
  return replaced.has(partyOfService(name).id);
}

function stationsNode(world: World): Node {
  const { stations } = world;
  const count: Record<string, number> = {};
  for (const station of stations) count[station.link] = (count[station.link] ?? 0) + 1;
  const real = stations.filter((station) => !world.simulated.has(station.id)).length;
  const ids = new Set(stations.map((station) => station.id));
  const down = stations.filter((station) => station.link === 'disconnected').length;
  return {
    id: STATIONS,
    role: 'cs',
    name: `Stations (${world.stationCount})`,
    mode: stations.length === 0 ? 'off' : real > 0 ? 'real' : 'simulated',
    health: stations.length === 0 ? 'off' : down === stations.length ? 'down' : down > 0 ? 'degraded' : 'ok',
    rate: rateOf(world, (party) => ids.has(party)),
    findings: world.findings.get(STATIONS) ?? 0,
    children: stations.slice(0, LISTED_STATIONS).map((station) => ({
      id: station.id,
      state: station.link,
      ...(station.version === undefined ? {} : { version: station.version }),
      simulated: world.simulated.has(station.id),
      connectors: station.evses.filter((evse) => evse.id > 0).map(stateOf),
    })),
    count,
    real,
  };
}

/** A party that only the journal knows: somebody else's system, or a station that was forgotten. */
function foreignNode(id: string, world: World): Node {
  return {
    id,
    role: 'ext',
    name: id,
    mode: 'real',
    health: 'ok',
    rate: rateOf(world, (party) => party === id),
    findings: world.findings.get(id) ?? 0,
  };
}

function rateOf(world: World, is: (party: string) => boolean): number {
  return world.rates.filter((rate) => is(rate.a) || is(rate.b)).reduce((sum, rate) => sum + rate.rate, 0);
}

/** A connector of 2.x only says Occupied: whether it charges, its transaction says. */
function stateOf({ status, transaction, powerW = 0 }: StationPart['evses'][number]): string {
  return status === 'Occupied' && transaction !== undefined && powerW > 0 ? 'Charging' : status;
}

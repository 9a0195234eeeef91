import type { Me, Station } from '../../api/shapes.ts';
import type { Scope } from '../../app/entry-settings.ts';

/** Who can be made to say something, and what two of them speak with each other. */

export interface ComposeWorld {
  readonly stations: readonly Station[];
  /** Services that answer, by name. */
  readonly services: readonly string[];
  readonly simulated: ReadonlySet<string>;
  readonly scope: Scope;
  readonly me: Me | undefined;
}

export type Pair =
  | { readonly proto: 'ocpp'; readonly station: string; readonly towardsStation: boolean }
  | { readonly proto: 'oicp' }
  | { readonly proto: undefined; readonly why: string };

/** Parties that are no station. */
const SERVICES: Readonly<Record<string, string>> = { csms: 'CSMS', hub: 'Hub', emp: 'EMP' };

export interface Choice {
  readonly id: string;
  readonly label: string;
}

export function partiesOf({ stations, services }: ComposeWorld): Choice[] {
  const known = Object.entries(SERVICES).map(([id, label]) => ({
    id,
    label: id === 'csms' || services.includes(id) ? label : `${label} (does not run)`,
  }));
  return [...known, ...stations.map(({ id }) => ({ id, label: id }))];
}

/** The half that a party belongs to; the hub belongs to none. */
const halfOf = (id: string): Scope => (id === 'hub' ? 'all' : id === 'emp' ? 'emp' : 'cpo');

/** Why one may not speak as a party here; the servers refuse it too. */
export function mayNotSpeak(from: string, mode: string, { scope, me }: ComposeWorld): string | undefined {
  if (me?.role === 'viewer') return `${me.name} looks on: sending asks for the role operator.`;
  return outOfHalf(from, mode, scope);
}

/** Why a party belongs to somebody else than the half that is seen. */
export function outOfHalf(from: string, mode: string, scope: Scope): string | undefined {
  if (scope === 'all') return undefined;
  const half = halfOf(from);
  if (half === scope || (half === 'all' && mode === 'inbound')) return undefined;
  return half === 'all'
    ? 'The hub belongs to neither half: only who sees both may send as the hub.'
    : `${SERVICES[from] ?? from} belongs to the other half: here is the ${scope === 'emp' ? 'provider' : 'operator'}’s.`;
}

export function pairOf(from: string, to: string): Pair {
  const isStation = (id: string): boolean => !Object.hasOwn(SERVICES, id);
  if (from === to) return { proto: undefined, why: 'is the sender' };
  if (isStation(from) && isStation(to)) return { proto: undefined, why: 'stations speak to the CSMS' };
  if (from === 'csms' && isStation(to)) return { proto: 'ocpp', station: to, towardsStation: true };
  if (to === 'csms' && isStation(from)) return { proto: 'ocpp', station: from, towardsStation: false };
  if (isStation(from) || isStation(to)) return { proto: undefined, why: 'stations speak to the CSMS' };
  if (from === 'hub' || to === 'hub') return { proto: 'oicp' };
  return { proto: undefined, why: 'CSMS and EMP speak through the hub' };
}

/** The first party that `from` can speak to. */
export function partnerOf(from: string, world: ComposeWorld): string {
  const connected = world.stations.find((station) => station.link !== 'disconnected') ?? world.stations[0];
  if (from === 'csms') return connected?.id ?? 'hub';
  return from === 'emp' ? 'hub' : 'csms';
}

/** One sentence that is always shown and always true. */
export function howItIsSent(state: {
  readonly pair: Pair;
  readonly mode: string;
  readonly from: string;
  readonly to: string;
  readonly disconnected: boolean;
  readonly isSimulated: boolean;
}): string {
  const { pair, mode, from, to, disconnected, isSimulated } = state;
  const [sender, receiver] = [SERVICES[from] ?? from, SERVICES[to] ?? to];
  if (to === '') return 'No station is known: connect or simulate one first.';
  if (pair.proto === undefined) return `${receiver}: ${pair.why}.`;
  if (pair.proto === 'oicp')
    return mode === 'inbound'
      ? `Nothing is sent. The ${receiver} handles it as if the ${sender} had called; the message is marked SYN.`
      : `POST to the ${receiver} as the ${sender}, over HTTP.`;
  if (pair.towardsStation)
    return disconnected
      ? `${pair.station} is not connected: nothing can be sent to it now.`
      : `Goes out on the open WebSocket of ${pair.station}.`;
  if (mode === 'wire') return `The simulated ${pair.station} sends it on its own WebSocket.`;
  return `Nothing is sent. The CSMS handles it as if ${pair.station} had sent it; the message is marked SYN.${
    isSimulated ? '' : ` ${pair.station} is not simulated here, so nobody can send for it on the wire.`
  }`;
}

import { part } from '../../api/client.ts';
import type { TopologyEdge, TopologyNode } from '../../api/shapes.ts';
import { ENTRY } from '../../app/entry-settings.ts';

/** Where the parts of the picture lead to. A number leads to a list of just so many rows. */

const PAGES: Readonly<Record<string, string>> = {
  stations: '/stations',
  csms: '/stations',
  emp: '/emp',
  hub: '/hub',
  pnc: '/pnc',
  everest: '/everest',
};

export function hasPage({ id }: TopologyNode): boolean {
  return PAGES[id] !== undefined;
}

/** Where a party is looked at; what is not ours has its traffic only. */
export function pageOf(party: TopologyNode): string {
  return PAGES[party.id] ?? trafficOf(party);
}

export function trafficOf({ id }: TopologyNode): string {
  return `/traffic?q=${part(id === 'stations' ? 'role:cs' : `party:${id}`)}`;
}

/** The errors that stand against a party: all stations together are a role. */
export function findingsOf({ id }: TopologyNode): string {
  const who = id === 'stations' ? 'fault=cs' : `party=${part(id)}`;
  return `/findings?by=each&severity=error&status=open&${who}`;
}

export function messagesOf({ q }: TopologyEdge): string {
  return `/traffic?view=frames&q=${part(q)}`;
}

export function errorsOf({ q }: TopologyEdge): string {
  return `/traffic?view=frames&q=${part(`${q} kind:error`)}`;
}

/** Parties that send messages of their own, each to the parties that it speaks to over a protocol. */
const SENDERS: ReadonlySet<string> = new Set(['csms', 'hub', 'emp']);

export function isSender({ id }: TopologyNode): boolean {
  return SENDERS.has(id);
}

const REPLACEABLE: ReadonlySet<string> = new Set(['csms', 'hub', 'emp', 'pnc', 'everest']);

/** Whether somebody else's system can be called in its place: the workbench tells our services. */
export function isReplaceable({ id }: TopologyNode): boolean {
  return ENTRY.scope === 'all' && REPLACEABLE.has(id);
}

export interface ComposeTarget {
  readonly from: string;
  readonly to: string;
}

/** What can be composed on a link: both ways, a station each by its name. */
export function composeTargets(
  { a, b, proto }: TopologyEdge,
  stations: readonly { readonly id: string }[],
): readonly ComposeTarget[] {
  if (proto === 'ocpp')
    return stations.flatMap(({ id }) => [
      { from: 'csms', to: id },
      { from: id, to: 'csms' },
    ]);
  if (proto !== 'oicp' || !SENDERS.has(a) || !SENDERS.has(b)) return [];
  return [
    { from: a, to: b },
    { from: b, to: a },
  ];
}

export function composeAt({ from, to }: ComposeTarget): string {
  return `/compose?from=${part(from)}&to=${part(to)}`;
}

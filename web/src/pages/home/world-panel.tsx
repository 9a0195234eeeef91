import { useMemo, useState } from 'react';
import { useLiveEvent } from '../../api/live.ts';
import { useStations, useTopology } from '../../api/queries.ts';
import type { Topology } from '../../api/shapes.ts';
import { HealthMark, ProtoTag } from '../../parts/atoms.tsx';
import { Loaded } from '../../parts/states.tsx';
import { type Hops, useHops } from './hops.ts';
import { localTopology } from './local-topology.ts';
import { WorldDiagram } from './world-diagram.tsx';
import { WorldList } from './world-list.tsx';

interface Rates {
  readonly byEdge: readonly { readonly a: string; readonly b: string; readonly proto: string; readonly rate: number }[];
}

/** The picture of the world with what passes through it now, or the same as tables. */
export function World({ asList }: { readonly asList: boolean }) {
  const asked = useTopology();
  const stations = useStations();
  // A service that stands alone has no picture of the world: it is made of its stations.
  const alone = asked.error !== null && stations.data !== undefined;
  const query = alone ? { data: localTopology(stations.data), error: null, refetch: asked.refetch } : asked;
  const [rates, setRates] = useState<Rates['byEdge']>([]);
  useLiveEvent('rates', (data) => setRates((data as Rates).byEdge));
  const hops = useHops();
  return (
    <Loaded query={query} what="the picture of the world">
      {(topology) => <Shown topology={topology} rates={rates} hops={hops} asList={asList} />}
    </Loaded>
  );
}

function Shown({
  topology,
  rates,
  hops,
  asList,
}: {
  readonly topology: Topology;
  readonly rates: Rates['byEdge'];
  readonly hops: Hops;
  readonly asList: boolean;
}) {
  const now = useMemo<Topology>(() => {
    const ids = new Set(topology.nodes.map((node) => node.id));
    const node = (id: string): string => (ids.has(id) ? id : 'stations');
    return {
      ...topology,
      edges: topology.edges.map((edge) => ({
        ...edge,
        rate: rates
          .filter((rate) => rate.proto === edge.proto && isBetween(edge, node(rate.a), node(rate.b)))
          .reduce((sum, rate) => sum + rate.rate, 0),
      })),
    };
  }, [topology, rates]);
  if (asList) return <WorldList topology={now} />;
  return (
    <>
      <WorldDiagram topology={now} hops={hopsOf(now, hops)} />
      <div className="legend">
        {[...new Set(now.edges.map(({ proto }) => proto))].map((proto) => (
          <ProtoTag key={proto} protocol={proto} />
        ))}
        <HealthMark health="ok">runs</HealthMark>
        <HealthMark health="degraded">partly</HealthMark>
        <HealthMark health="down">down</HealthMark>
        <HealthMark health="off">none</HealthMark>
      </div>
    </>
  );
}

/** A link stands once, whichever way its messages go. */
function isBetween({ a, b }: Topology['edges'][number], from: string, to: string): boolean {
  return (a === from && b === to) || (a === to && b === from);
}

/** The same between the nodes of the picture: all stations are one. */
function hopsOf(topology: Topology, hops: Hops): Hops {
  const ids = new Set(topology.nodes.map((node) => node.id));
  const node = (id: string): string => (ids.has(id) ? id : 'stations');
  const between = new Map<string, string>();
  for (const [hop, action] of hops) {
    const [from = '', to = '', proto = ''] = hop.split(' ');
    between.set(`${node(from)} ${node(to)} ${proto}`, action);
    between.set(`${node(to)} ${node(from)} ${proto}`, action);
  }
  return between;
}

import {
  Background,
  BaseEdge,
  Controls,
  type Edge,
  EdgeLabelRenderer,
  type EdgeProps,
  getBezierPath,
  Position,
  ReactFlow,
  useNodesState,
} from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useMemo, useRef } from 'react';
import type { Topology, TopologyEdge } from '../../api/shapes.ts';
import { preferences, setPreferences } from '../../app/preferences.ts';
import { AppLink, go } from '../../app/router.tsx';
import { count, partyName, protocolName } from '../../parts/format.ts';
import { errorsOf, pageOf, trafficOf } from './addresses.ts';
import { EdgeMenu } from './edge-menu.tsx';
import './world.css';
import type { Hops } from './hops.ts';
import { PartyCard, type PartyNode } from './party-card.tsx';
import { placesOf } from './world-layout.ts';

type LinkEdge = Edge<
  {
    readonly link: TopologyEdge;
    readonly hop: string | undefined;
    readonly stations: readonly { readonly id: string }[];
  },
  'link'
>;

/** The parties and the links between them. Places are fixed or the person's own; nothing moves by itself. */
export function WorldDiagram({ topology, hops }: { readonly topology: Topology; readonly hops: Hops }) {
  const scheme = useComputedColorScheme('light');
  const wanted = useMemo<PartyNode[]>(() => {
    const places = placesOf(topology.nodes);
    const own = preferences().positions;
    return topology.nodes.map((party) => ({
      id: party.id,
      type: 'party',
      position: own[party.id] ?? places.get(party.id) ?? { x: 0, y: 0 },
      data: { party },
      ariaLabel: `${party.name}, ${party.health}, ${party.mode}`,
    }));
  }, [topology]);
  const [nodes, setNodes, onNodesChange] = useNodesState<PartyNode>(wanted);
  useEffect(() => {
    setNodes((before) =>
      wanted.map((node) => {
        const known = before.find((other) => other.id === node.id);
        return known === undefined ? node : { ...known, data: node.data, ariaLabel: node.ariaLabel ?? '' };
      }),
    );
  }, [wanted, setNodes]);
  const edges = useMemo<LinkEdge[]>(() => {
    const stations = topology.nodes.find(({ id }) => id === 'stations')?.children ?? [];
    const at = new Map(nodes.map((node) => [node.id, node.position]));
    return topology.edges.map((link) => {
      const [source, target] = sidesOf(at.get(link.a), at.get(link.b));
      return {
        id: `${link.a} ${link.b} ${link.proto}`,
        source: link.a,
        target: link.b,
        sourceHandle: `s-${source}`,
        targetHandle: `t-${target}`,
        type: 'link',
        data: { link, stations, hop: hops.get(`${link.a} ${link.b} ${link.proto}`) },
        focusable: false,
      };
    });
  }, [topology, nodes, hops]);
  // The strip above comes and goes: the picture stays whole, until somebody moves it.
  const frame = useRef<HTMLDivElement>(null);
  const fit = useRef<() => void>(undefined);
  const moved = useRef(false);
  useEffect(() => {
    const observer = new ResizeObserver(() => moved.current || fit.current?.());
    if (frame.current !== null) observer.observe(frame.current);
    return () => observer.disconnect();
  }, []);
  return (
    <ReactFlow
      ref={frame}
      nodes={nodes}
      edges={edges}
      nodeTypes={NODE_TYPES}
      edgeTypes={EDGE_TYPES}
      onNodesChange={onNodesChange}
      onNodeDragStop={(_event, node) =>
        setPreferences({ positions: { ...preferences().positions, [node.id]: node.position } })
      }
      onNodeDoubleClick={(_event, node) => go(pageOf(node.data.party))}
      colorMode={scheme}
      fitView
      fitViewOptions={FIT}
      onInit={(flow) => {
        fit.current = () => void flow.fitView(FIT);
      }}
      onMoveStart={(event) => {
        if (event !== null) moved.current = true;
      }}
      minZoom={0.4}
      maxZoom={1.6}
      nodesConnectable={false}
      deleteKeyCode={null}
      onKeyDown={(event) => {
        const id = (event.target as Element).closest<HTMLElement>('.react-flow__node')?.dataset['id'];
        const party = topology.nodes.find((node) => node.id === id);
        // Links and buttons in a node keep their own keys.
        if (party === undefined || (event.target as Element).closest('a,button') !== null) return;
        if (event.key === 'Enter') go(pageOf(party));
        else if (event.key === 't') go(trafficOf(party));
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
      proOptions={{ hideAttribution: true }}
      aria-label="The parties and their links"
    >
      <Background gap={22} size={1} color="var(--s-line)" />
      <Controls showInteractive={false} position="bottom-right" />
    </ReactFlow>
  );
}

type Place = { readonly x: number; readonly y: number } | undefined;

/** The sides at which a link leaves and arrives: those that look at each other. */
function sidesOf(a: Place, b: Place): [Position, Position] {
  const [dx, dy] = [(b?.x ?? 0) - (a?.x ?? 0), (b?.y ?? 0) - (a?.y ?? 0)];
  if (Math.abs(dx) > 240 || Math.abs(dx) >= Math.abs(dy))
    return dx >= 0 ? [Position.Right, Position.Left] : [Position.Left, Position.Right];
  return dy >= 0 ? [Position.Bottom, Position.Top] : [Position.Top, Position.Bottom];
}

const FIT = { padding: 0.12, maxZoom: 1.1 };
const NODE_TYPES = { party: PartyCard };
const EDGE_TYPES = { link: Link };

function Link({ id, sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, data }: EdgeProps<LinkEdge>) {
  const link = data?.link;
  const [path, labelX, labelY] = getBezierPath({ sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition });
  if (link === undefined) return null;
  const width = link.rate === 0 ? 1.5 : link.rate < 20 ? 2.5 : 4;
  const moving =
    link.rate > 0 && preferences().motion !== 'off' && !matchMedia('(prefers-reduced-motion: reduce)').matches;
  return (
    <g data-proto={link.proto}>
      <BaseEdge
        id={id}
        path={path}
        style={{
          stroke: 'var(--proto)',
          strokeWidth: width,
          opacity: link.messages + link.rate > 0 ? 1 : 0.45,
          ...(link.proto === 'mqtt' ? { strokeDasharray: '5 5' } : {}),
        }}
      />
      {moving && (
        <circle r="4" className="edge-dot">
          <animateMotion dur="1.2s" repeatCount="indefinite" path={path} />
        </circle>
      )}
      <EdgeLabelRenderer>
        <div
          className="edge-label nodrag nopan"
          data-proto={link.proto}
          style={{ transform: `translate(-50%, -50%) translate(${labelX}px, ${labelY}px)` }}
        >
          <EdgeMenu edge={link} stations={data?.stations ?? []}>
            <button type="button" data-testid="edge" data-edge={`${link.a}-${link.b}`}>
              {protocolName(link.proto)}
              <i>{link.rate > 0 ? `${count(link.rate)}/s` : `${count(link.messages)}`}</i>
              <span className="visually-hidden">
                between {partyName(link.a)} and {partyName(link.b)}
              </span>
              {data?.hop !== undefined && <span className="edge-hop">{data.hop}</span>}
            </button>
          </EdgeMenu>
          {link.errors > 0 && (
            <AppLink className="bad" to={errorsOf(link)} title="Only errors">
              ✗ {count(link.errors)}
            </AppLink>
          )}
        </div>
      </EdgeLabelRenderer>
    </g>
  );
}

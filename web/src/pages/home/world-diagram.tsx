import {
  Background,
  BaseEdge,
  Controls,
  type Edge,
  EdgeLabelRenderer,
  type EdgeProps,
  getBezierPath,
  Handle,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
  useNodesState,
} from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useMemo, useRef } from 'react';
import { part } from '../../api/client.ts';
import type { Topology, TopologyEdge, TopologyNode } from '../../api/shapes.ts';
import { preferences, setPreferences } from '../../app/preferences.ts';
import { AppLink, go } from '../../app/router.tsx';
import { HealthMark, SeverityMark, Tag } from '../../parts/atoms.tsx';
import { ConnectorGlyph } from '../../parts/connector-glyph.tsx';
import { count, protocolName } from '../../parts/format.ts';
import './home.css';
import type { Hops } from './hops.ts';
import { placesOf } from './world-layout.ts';

type PartyNode = Node<{ readonly party: TopologyNode }, 'party'>;
type LinkEdge = Edge<{ readonly link: TopologyEdge; readonly hop: string | undefined }, 'link'>;

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
        data: { link, hop: hops.get(`${link.a} ${link.b} ${link.proto}`) },
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

/** Where a party is looked at. */
export function pageOf(party: TopologyNode): string {
  if (party.id === 'stations') return '/stations';
  return `/traffic?q=${part(`party:${party.id}`)}`;
}

function PartyCard({ data }: NodeProps<PartyNode>) {
  const { party } = data;
  const more = party.id === 'stations' ? (total(party) ?? 0) - (party.children?.length ?? 0) : 0;
  return (
    <article
      className="party"
      data-testid="party-node"
      data-party={party.id}
      data-health={party.health}
      data-mode={party.mode}
      data-role={party.role}
    >
      {[Position.Left, Position.Right, Position.Top, Position.Bottom].map((side) => (
        <span key={side}>
          <Handle type="source" position={side} id={`s-${side}`} isConnectable={false} />
          <Handle type="target" position={side} id={`t-${side}`} isConnectable={false} />
        </span>
      ))}
      <header>
        <HealthMark health={party.health} />
        <b>{party.name}</b>
        <span className="push" />
        {party.findings > 0 && (
          <AppLink to={`/findings?party=${part(party.id === 'stations' ? '' : party.id)}`} className="nodrag">
            <SeverityMark severity="error">{party.findings}</SeverityMark>
          </AppLink>
        )}
      </header>
      <div className="facts-line">
        <Tag>{party.health === 'off' ? 'none yet' : party.mode}</Tag>
        <span>{WORDS[party.health]}</span>
        {party.endpoint !== undefined && <span className="mono">:{new URL(party.endpoint).port}</span>}
      </div>
      {party.why !== undefined && <div className="facts-line bad">{party.why}</div>}
      {party.id === 'stations' && (
        <ul>
          {party.children?.map((child) => (
            <li key={child.id}>
              <AppLink to={`/stations/${part(child.id)}`} className="nodrag">
                <HealthMark
                  health={child.state === 'connected' ? 'ok' : child.state === 'disconnected' ? 'down' : 'degraded'}
                >
                  <span className="mono">{child.id}</span>
                </HealthMark>
                <span className="muted">{child.version}</span>
                <span className="push">
                  {child.connectors.map((status, index) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: a connector is its place
                    <ConnectorGlyph key={index} status={status} />
                  ))}
                </span>
              </AppLink>
            </li>
          ))}
          {more > 0 && (
            <li>
              <AppLink to="/stations" className="nodrag muted">
                and {count(more)} more
              </AppLink>
            </li>
          )}
          {(party.children?.length ?? 0) === 0 && (
            <li className="muted" style={{ padding: '2px 12px 6px' }}>
              No stations yet
            </li>
          )}
        </ul>
      )}
    </article>
  );
}

const WORDS = { ok: 'runs', degraded: 'partly', down: 'does not answer', off: '' } as const;

export function total(party: TopologyNode): number | undefined {
  return party.count === undefined ? undefined : Object.values(party.count).reduce((sum, value) => sum + value, 0);
}

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
        <button
          type="button"
          className="edge-label nodrag nopan"
          data-testid="edge"
          data-edge={`${link.a}-${link.b}`}
          data-proto={link.proto}
          style={{ transform: `translate(-50%, -50%) translate(${labelX}px, ${labelY}px)` }}
          onClick={() => go(`/traffic?q=${part(edgeFilter(link))}`)}
          title="Show its traffic"
        >
          {protocolName(link.proto)}
          <i>{link.rate > 0 ? `${count(link.rate)}/s` : `${count(link.messages)}`}</i>
          {data?.hop !== undefined && <span className="edge-hop">{data.hop}</span>}
          {link.errors > 0 && <span className="bad">✗ {count(link.errors)}</span>}
        </button>
      </EdgeLabelRenderer>
    </g>
  );
}

/** The traffic between two nodes; all stations together are their role. */
export function edgeFilter({ a, b, proto }: Pick<TopologyEdge, 'a' | 'b' | 'proto'>): string {
  const end = (id: string): string => (id === 'stations' ? 'role:cs' : `party:${id}`);
  return `proto:${proto} ${end(a)} ${end(b)}`;
}

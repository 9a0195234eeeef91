import { ActionIcon, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { part } from '../../api/client.ts';
import type { TopologyNode } from '../../api/shapes.ts';
import { AppLink, go } from '../../app/router.tsx';
import { HealthMark, SeverityMark, Tag } from '../../parts/atoms.tsx';
import { copyText } from '../../parts/clipboard.ts';
import { ConnectorGlyph } from '../../parts/connector-glyph.tsx';
import { count } from '../../parts/format.ts';
import { findingsOf, hasPage, isReplaceable, isSender, pageOf, trafficOf } from './addresses.ts';

export type PartyNode = Node<{ readonly party: TopologyNode }, 'party'>;

/** A party in the picture: its health, its stations, and what can be done with it. */
export function PartyCard({ data }: NodeProps<PartyNode>) {
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
        <b>
          {party.id === 'stations' ? (
            <AppLink to="/stations" className="nodrag">
              {party.name}
            </AppLink>
          ) : (
            party.name
          )}
        </b>
        <span className="push" />
        {party.findings > 0 && (
          <AppLink to={findingsOf(party)} className="nodrag" title="Errors that stand against it">
            <SeverityMark severity="error">{party.findings}</SeverityMark>
          </AppLink>
        )}
        <PartyMenu party={party} />
      </header>
      <div className="facts-line">
        <Tag>{modeOf(party)}</Tag>
        <span>{party.mode === 'real' && party.id !== 'stations' ? 'yours' : WORDS[party.health]}</span>
        {party.endpoint !== undefined && <span className="mono">{placeOf(party.mode, party.endpoint)}</span>}
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
                all {count(total(party) ?? 0)} stations
              </AppLink>
            </li>
          )}
          {(party.children?.length ?? 0) === 0 && (
            <li className="party-empty">
              No stations yet.
              <AppLink to="/simulator" className="nodrag">
                Add a simulated one
              </AppLink>
              <AppLink to="/?connect=yes" className="nodrag">
                Connect a real one
              </AppLink>
            </li>
          )}
        </ul>
      )}
    </article>
  );
}

const WORDS = { ok: 'runs', degraded: 'partly', down: 'does not answer', off: '' } as const;

/** Ours by its port, somebody else's by its machine too. */
function placeOf(mode: TopologyNode['mode'], endpoint: string): string {
  const { host, port } = new URL(endpoint);
  return mode === 'real' ? host : `:${port}`;
}

/** Of stations some may be ours and some somebody else's. */
export function modeOf(party: TopologyNode): string {
  if (party.health === 'off') return 'none yet';
  const all = total(party) ?? 0;
  const { real = 0 } = party;
  return party.mode === 'real' && real > 0 && real < all ? `${count(real)} of ${count(all)} real` : party.mode;
}

export function total(party: TopologyNode): number | undefined {
  return party.count === undefined ? undefined : Object.values(party.count).reduce((sum, value) => sum + value, 0);
}

function PartyMenu({ party }: { readonly party: TopologyNode }) {
  const { endpoint } = party;
  return (
    <Menu position="bottom-end" width={230}>
      <Menu.Target>
        <ActionIcon className="nodrag" size={20} aria-label={`What can be done with ${party.name}`}>
          <IconDots size={14} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {hasPage(party) && <Menu.Item onClick={() => go(pageOf(party))}>Open its page</Menu.Item>}
        <Menu.Item onClick={() => go(trafficOf(party))}>Show its traffic</Menu.Item>
        {isSender(party) && (
          <Menu.Item onClick={() => go(`/compose?from=${party.id}`)}>Compose as {party.name}</Menu.Item>
        )}
        {endpoint !== undefined && (
          <Menu.Item onClick={() => void copyText(endpoint, 'Address copied')}>Copy its address</Menu.Item>
        )}
        {(party.id === 'stations' || party.id === 'csms') && (
          <Menu.Item onClick={() => go('/?connect=yes')}>Connect a real station …</Menu.Item>
        )}
        {isReplaceable(party) && (
          <Menu.Item onClick={() => go(`/?replace=${party.id}`)}>Replace by a real system …</Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

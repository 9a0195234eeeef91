import { part } from '../../api/client.ts';
import type { Topology } from '../../api/shapes.ts';
import { AppLink } from '../../app/router.tsx';
import { HealthMark, ProtoTag, Tag } from '../../parts/atoms.tsx';
import { count, partyName } from '../../parts/format.ts';
import { pageOf, total } from './party-card.tsx';

/** The same as two tables, for small screens and screen readers. */
export function WorldList({ topology }: { readonly topology: Topology }) {
  return (
    <div className="stack" style={{ padding: 16, gap: 16 }}>
      <section className="card scroll-x">
        <table className="plain">
          <caption className="visually-hidden">Parties</caption>
          <thead>
            <tr>
              <th>Party</th>
              <th>State</th>
              <th>Mode</th>
              <th className="num">Findings</th>
            </tr>
          </thead>
          <tbody>
            {topology.nodes.map((node) => (
              <tr
                key={node.id}
                data-testid="party-node"
                data-party={node.id}
                data-health={node.health}
                data-mode={node.mode}
              >
                <td>
                  <AppLink to={pageOf(node)}>
                    {node.id === 'stations' ? `Stations (${total(node) ?? 0})` : node.name}
                  </AppLink>
                </td>
                <td>
                  <HealthMark health={node.health}>{node.health}</HealthMark>
                </td>
                <td>
                  <Tag>{node.mode}</Tag>
                </td>
                <td className="num">{node.findings}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section className="card scroll-x">
        <table className="plain">
          <caption className="visually-hidden">Links</caption>
          <thead>
            <tr>
              <th>Link</th>
              <th>Protocol</th>
              <th className="num">Messages</th>
              <th className="num">Errors</th>
            </tr>
          </thead>
          <tbody>
            {topology.edges.map((edge) => (
              <tr key={`${edge.a}${edge.b}${edge.proto}`} data-testid="edge" data-edge={`${edge.a}-${edge.b}`}>
                <td>
                  <AppLink to={`/traffic?q=${part(edge.q)}`}>
                    {partyName(edge.a)} – {partyName(edge.b)}
                  </AppLink>
                </td>
                <td>
                  <ProtoTag protocol={edge.proto} />
                </td>
                <td className="num">{count(edge.messages)}</td>
                <td className="num">{count(edge.errors)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

import type { Topology } from '../../api/shapes.ts';
import { AppLink } from '../../app/router.tsx';
import { HealthMark, ProtoTag, Tag } from '../../parts/atoms.tsx';
import { count, partyName } from '../../parts/format.ts';
import { errorsOf, findingsOf, messagesOf, pageOf } from './addresses.ts';
import { EdgeMenu } from './edge-menu.tsx';
import { modeOf, total } from './party-card.tsx';

/** The same as two tables, for small screens and screen readers. */
export function WorldList({ topology }: { readonly topology: Topology }) {
  const stations = topology.nodes.find(({ id }) => id === 'stations')?.children ?? [];
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
                  <Tag>{modeOf(node)}</Tag>
                </td>
                <td className="num">
                  {node.findings > 0 && <AppLink to={findingsOf(node)}>{count(node.findings)}</AppLink>}
                </td>
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
                  <EdgeMenu edge={edge} stations={stations}>
                    <button type="button" className="chip">
                      {partyName(edge.a)} – {partyName(edge.b)}
                    </button>
                  </EdgeMenu>
                </td>
                <td>
                  <ProtoTag protocol={edge.proto} />
                </td>
                <td className="num">
                  <AppLink to={messagesOf(edge)}>{count(edge.messages)}</AppLink>
                </td>
                <td className="num">
                  {edge.errors > 0 && <AppLink to={errorsOf(edge)}>{count(edge.errors)}</AppLink>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

import { Menu } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { apiPath } from '../../api/client.ts';
import { useGet } from '../../api/queries.ts';
import type { Page, Row, TopologyEdge } from '../../api/shapes.ts';
import { go } from '../../app/router.tsx';
import { clockTime, count, partyName } from '../../parts/format.ts';
import { composeAt, composeTargets, errorsOf, messagesOf } from './addresses.ts';

const LATEST = 5;

/** What can be done with a link: its messages, its newest ones, and a new one in either direction. */
export function EdgeMenu({
  edge,
  stations,
  children,
}: {
  readonly edge: TopologyEdge;
  readonly stations: readonly { readonly id: string }[];
  readonly children: ReactNode;
}) {
  const [opened, setOpened] = useState(false);
  const path = apiPath('/messages', { q: `${edge.q} (kind:request or kind:send)`, limit: LATEST });
  const latest = useGet<Page<Row>>(opened ? path : undefined);
  const targets = composeTargets(edge, stations);
  return (
    <Menu opened={opened} onChange={setOpened} width={340} position="bottom">
      <Menu.Target>{children}</Menu.Target>
      <Menu.Dropdown mah={420} style={{ overflowY: 'auto' }}>
        <Menu.Item onClick={() => go(messagesOf(edge))}>Show its traffic, {count(edge.messages)} messages</Menu.Item>
        {edge.errors > 0 && (
          <Menu.Item onClick={() => go(errorsOf(edge))}>
            <span className="bad">✗ Only errors, {count(edge.errors)}</span>
          </Menu.Item>
        )}
        {targets.length > 0 && <Menu.Label>Compose</Menu.Label>}
        {targets.map((target) => (
          <Menu.Item key={`${target.from} ${target.to}`} onClick={() => go(composeAt(target))}>
            {partyName(target.from)} → {partyName(target.to)}
          </Menu.Item>
        ))}
        {(latest.data?.items.length ?? 0) > 0 && <Menu.Label>Latest</Menu.Label>}
        {latest.data?.items.map((row) => (
          <Menu.Item
            key={row.s}
            onClick={() => go(`/m/${row.s}`)}
            rightSection={<span className="mono muted">{clockTime(row.t, 0)}</span>}
          >
            {row.a} <span className="muted">→ {partyName(row.to)}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

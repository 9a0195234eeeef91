import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { apiPath } from '../../api/client.ts';
import { useGet } from '../../api/queries.ts';
import type { Page, Row } from '../../api/shapes.ts';

/** What people sent, the newest first, with what became of it. */
export function HistoryMenu({ onUse }: { onUse(row: Row): void }) {
  const [opened, setOpened] = useState(false);
  const history = useGet<Page<Row>>(
    opened ? apiPath('/messages', { q: 'source:user is:request', limit: 20 }) : undefined,
  );
  return (
    <Menu position="bottom-end" onChange={setOpened} width={360}>
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={12} />}>
          History
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {(history.data?.items ?? []).map((row) => (
          <Menu.Item
            key={row.s}
            onClick={() => onUse(row)}
            rightSection={<span className="muted small">{row.x?.st}</span>}
          >
            {row.a} <span className="muted">→ {row.to}</span>
          </Menu.Item>
        ))}
        {history.data?.items.length === 0 && <Menu.Label>Nothing was sent by a person yet</Menu.Label>}
      </Menu.Dropdown>
    </Menu>
  );
}

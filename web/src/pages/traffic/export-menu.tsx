import { ActionIcon, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { apiPath } from '../../api/client.ts';

const FORMS = [
  { label: 'JSON Lines, to read in again', format: 'jsonl', name: 'journal.jsonl' },
  { label: 'Table (CSV)', format: 'csv', name: 'journal.csv' },
  { label: 'Open OCPP Trace', format: 'oot', name: 'journal.oot.jsonl' },
  { label: 'HTTP archive (HAR)', format: 'har', name: 'journal.har' },
] as const;

/** What is shown, as a file. Passwords and keys never leave; cards and contracts only on wish. */
export function ExportMenu({ q }: { readonly q: string }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label="Export what is shown" title="Export what is shown">
          <IconDownload size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Without cards, contracts and certificates</Menu.Label>
        {FORMS.map(({ label, format, name }) => (
          <Menu.Item
            key={format}
            component="a"
            href={apiPath('/journal/export', { q, format, mask: 'tokens' })}
            download={name}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item component="a" href={apiPath('/journal/export', { q })} download="journal.jsonl">
          JSON Lines with them
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

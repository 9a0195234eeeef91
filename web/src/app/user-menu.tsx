import { ActionIcon, Menu, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconLayoutSidebar, IconMoon, IconSun, IconUser } from '@tabler/icons-react';
import { useEffect } from 'react';
import { api, apiPath } from '../api/client.ts';
import { useMe } from '../api/queries.ts';
import { usePreferences } from './preferences.ts';
import { go } from './router.tsx';
import { toggleSidebar } from './sidebar.tsx';

export function ThemeButton() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <Tooltip label={`Change to ${other}`}>
      <ActionIcon aria-label={`Change to ${other}`} onClick={() => setColorScheme(other)}>
        {scheme === 'dark' ? <IconSun size={16} /> : <IconMoon size={16} />}
      </ActionIcon>
    </Tooltip>
  );
}

/** Who I am here; leads to the login where a token is asked for. */
export function UserMenu() {
  const me = useMe();
  const { sidebar } = usePreferences();
  const unknown = me.error !== null;
  useEffect(() => {
    if (unknown && (me.error as { status?: number }).status === 401) go('/login', { replace: true });
  }, [unknown, me.error]);
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon aria-label="Who I am">
          <IconUser size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{me.data === undefined ? 'Not logged in' : `${me.data.name} · ${me.data.role}`}</Menu.Label>
        <Menu.Item onClick={() => go('/settings')}>Settings</Menu.Item>
        <Menu.Item leftSection={<IconLayoutSidebar size={14} />} onClick={toggleSidebar}>
          {sidebar === 'small' ? 'Open' : 'Small'} sidebar
        </Menu.Item>
        {me.data !== undefined && me.data.name !== 'local' && (
          <Menu.Item
            onClick={() => {
              void api.post(apiPath('/auth/logout')).then(() => location.reload());
            }}
          >
            Log out
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { api, apiPath, part } from '../../api/client.ts';
import { refresh, useGet } from '../../api/queries.ts';
import type { Page } from '../../api/shapes.ts';

export interface Preset {
  readonly id: string;
  readonly name: string;
  readonly ver: string;
  readonly action: string;
  readonly payload: unknown;
}

/** Messages worth keeping, one JSON file each in the workbench's data folder, so that they can go into a repository. */
export function PresetMenu({
  action,
  current,
  onUse,
}: {
  readonly action: string;
  current(): Omit<Preset, 'id' | 'name'>;
  onUse(preset: Preset): void;
}) {
  const [name, setName] = useState('');
  const presets = useGet<Page<Preset>>(apiPath('/presets'));
  if (presets.error !== null) return null;
  const save = (): void => {
    const id = name
      .trim()
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '');
    if (id === '') return;
    void api.put(apiPath(`/presets/${id}`), { name: name.trim(), ...current() }).then(() => {
      setName('');
      refresh('/presets');
    });
  };
  return (
    <Menu position="bottom-end" width={320} closeOnItemClick>
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={12} />}>
          Presets
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {(presets.data?.items ?? []).map((preset) => (
          <Menu.Item
            key={preset.id}
            onClick={() => onUse(preset)}
            rightSection={
              <IconTrash
                size={13}
                aria-label={`Delete ${preset.name}`}
                onClick={(event) => {
                  event.stopPropagation();
                  void api.delete(apiPath(`/presets/${part(preset.id)}`)).then(() => refresh('/presets'));
                }}
              />
            }
          >
            {preset.name}{' '}
            <span className="muted small">
              {preset.action} {preset.ver}
            </span>
          </Menu.Item>
        ))}
        {presets.data?.items.length === 0 && <Menu.Label>None kept yet</Menu.Label>}
        {action !== '' && (
          <>
            <Menu.Divider />
            <form
              className="row"
              style={{ padding: 8 }}
              onSubmit={(event) => {
                event.preventDefault();
                save();
              }}
            >
              <input
                aria-label="Name of the preset"
                placeholder="Keep this one as …"
                value={name}
                onChange={(event) => setName(event.target.value)}
                onKeyDown={(event) => event.stopPropagation()}
                style={{
                  flex: 1,
                  font: 'inherit',
                  padding: '3px 8px',
                  border: '1px solid var(--s-line)',
                  borderRadius: 6,
                  background: 'none',
                  color: 'inherit',
                }}
              />
              <Button type="submit">Keep</Button>
            </form>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

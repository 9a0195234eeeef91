import { Button, SegmentedControl, Switch, useMantineColorScheme } from '@mantine/core';
import { setPreferences, usePreferences } from '../../app/preferences.ts';

function Choice({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  onChange(value: string): void;
}) {
  return (
    <div className="row wrap" style={{ minHeight: 36 }}>
      <span style={{ width: 180 }}>{label}</span>
      <SegmentedControl aria-label={label} value={value} onChange={onChange} data={[...options]} />
    </div>
  );
}

/** What this browser remembers of how it shows things. */
export function Appearance() {
  const { density, timeZone, motion, singleKeys } = usePreferences();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <section className="card">
      <div className="body stack">
        <Choice
          label="Colours"
          value={colorScheme}
          onChange={(next) => setColorScheme(next as 'light' | 'dark' | 'auto')}
          options={[
            { value: 'auto', label: 'As the system' },
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
          ]}
        />
        <Choice
          label="Density"
          value={density}
          onChange={(next) => setPreferences({ density: next as typeof density })}
          options={[
            { value: 'compact', label: 'Compact' },
            { value: 'comfortable', label: 'Comfortable' },
          ]}
        />
        <Choice
          label="Times"
          value={timeZone}
          onChange={(next) => setPreferences({ timeZone: next as typeof timeZone })}
          options={[
            { value: 'local', label: 'Local' },
            { value: 'utc', label: 'UTC' },
          ]}
        />
        <Choice
          label="Motion"
          value={motion}
          onChange={(next) => setPreferences({ motion: next as typeof motion })}
          options={[
            { value: 'system', label: 'As the system' },
            { value: 'off', label: 'Off' },
          ]}
        />
        <Switch
          label="Single letters are shortcuts"
          checked={singleKeys}
          onChange={(event) => setPreferences({ singleKeys: event.currentTarget.checked })}
        />
        <div className="row">
          <Button variant="default" onClick={() => setPreferences({ positions: {}, trafficColumns: null, hints: {} })}>
            Columns, places and hints as delivered
          </Button>
        </div>
      </div>
    </section>
  );
}

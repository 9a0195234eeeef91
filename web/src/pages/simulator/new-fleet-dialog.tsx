import { Checkbox, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { api, apiPath } from '../../api/client.ts';
import { refresh, useGet } from '../../api/queries.ts';
import { FormDialog } from '../../parts/form-dialog.tsx';
import type { Templates } from './sim-shapes.ts';

const BEHAVIOURS = [
  { value: 'idle', label: 'Idle: heartbeats only' },
  { value: 'commuter', label: 'Commuter: they come in the morning and stay' },
  { value: 'busy', label: 'Busy: somebody is always there' },
];
const VERSIONS = ['1.6', '2.0.1', '2.1'];

/** Many stations of a template, for our CSMS or any other. */
export function NewFleetDialog({ onClose }: { onClose(): void }) {
  const templates = useGet<Templates>(apiPath('/sim/templates'));
  const [draft, setDraft] = useState({
    count: 50,
    versions: ['2.0.1'],
    template: 'ac-22-duo',
    behaviour: 'busy',
    rampPerSecond: 50,
    csms: '',
    password: '',
  });
  const change = (part: Partial<typeof draft>): void => setDraft({ ...draft, ...part });
  const start = async (): Promise<void> => {
    const { csms, password, ...rest } = draft;
    await api.post(apiPath('/sim/fleets'), {
      ...rest,
      ...(csms === '' ? {} : { csms }),
      ...(password === '' ? {} : { password }),
    });
    refresh('/sim/fleets');
  };
  return (
    <FormDialog title="Start a fleet" save="Start it" onSave={start} onClose={onClose}>
      <NumberInput
        label="How many stations"
        min={1}
        max={2_000}
        value={draft.count}
        onChange={(next) => change({ count: Number(next) || 1 })}
      />
      <NumberInput
        label="Switched on per second"
        min={1}
        max={1_000}
        value={draft.rampPerSecond}
        onChange={(next) => change({ rampPerSecond: Number(next) || 1 })}
      />
      <NativeSelect
        label="Drivers"
        data={BEHAVIOURS}
        value={draft.behaviour}
        onChange={(event) => change({ behaviour: event.currentTarget.value })}
        description="The CSMS must know their cards, or take unknown ones."
      />
      <NativeSelect
        label="Template"
        data={(templates.data?.items ?? [{ name: draft.template, title: draft.template }]).map((each) => ({
          value: each.name,
          label: each.title,
        }))}
        value={draft.template}
        onChange={(event) => change({ template: event.currentTarget.value })}
      />
      <fieldset className="run-versions">
        <legend>OCPP versions, in turn</legend>
        {VERSIONS.map((version) => (
          <Checkbox
            key={version}
            label={version}
            checked={draft.versions.includes(version)}
            onChange={(event) =>
              change({
                versions: event.currentTarget.checked
                  ? VERSIONS.filter((each) => each === version || draft.versions.includes(each))
                  : draft.versions.filter((each) => each !== version),
              })
            }
          />
        ))}
      </fieldset>
      <TextInput
        label="CSMS"
        placeholder="Our own"
        description="Any other: ws://host:port/path, without the identity"
        value={draft.csms}
        onChange={(event) => change({ csms: event.currentTarget.value })}
      />
      <TextInput
        label="Password"
        placeholder="None"
        value={draft.password}
        onChange={(event) => change({ password: event.currentTarget.value })}
      />
    </FormDialog>
  );
}

import { Button, Checkbox, Modal, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { api, apiPath, type ProblemDocument, part } from '../../api/client.ts';
import { problemOf } from '../../api/problem-of.ts';
import { refresh } from '../../api/queries.ts';
import { go } from '../../app/router.tsx';
import { ProblemCard } from '../../parts/states.tsx';
import type { Templates } from './sim-shapes.ts';

/** One or several stations of a template, for our CSMS or any other. */
export function NewStationDialog({
  templates,
  onClose,
}: {
  readonly templates: Templates | undefined;
  onClose(): void;
}) {
  const [draft, setDraft] = useState({
    identity: 'CS-NEW-1',
    version: '2.0.1',
    template: templates?.items[0]?.name ?? 'ac-22-duo',
    csms: '',
    password: '',
    free: false,
    count: 1,
  });
  const [problem, setProblem] = useState<ProblemDocument>();
  const [busy, setBusy] = useState(false);
  const change = (part: Partial<typeof draft>): void => setDraft({ ...draft, ...part });
  const make = async (): Promise<void> => {
    const { identity, version, template, csms, password, free, count } = draft;
    setBusy(true);
    setProblem(undefined);
    try {
      for (let index = 0; index < count; index++) {
        await api.post(apiPath('/sim/stations'), {
          identity: count === 1 ? identity : `${identity}-${index + 1}`,
          version,
          template,
          free,
          ...(csms === '' ? {} : { csms }),
          ...(password === '' ? {} : { password }),
        });
      }
      refresh('/sim', '/stations', '/topology');
      onClose();
      go(`/simulator/${part(count === 1 ? identity : `${identity}-1`)}`);
    } catch (thrown) {
      setProblem(problemOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title="Simulate a station">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <TextInput
          label="Identity"
          required
          value={draft.identity}
          onChange={(event) => change({ identity: event.currentTarget.value })}
          data-autofocus
        />
        <NativeSelect
          label="Template"
          data={(templates?.items ?? []).map((each) => ({
            value: each.name,
            label: `${each.title} (${each.evses} EVSE)`,
          }))}
          value={draft.template}
          onChange={(event) => change({ template: event.currentTarget.value })}
        />
        <NativeSelect
          label="OCPP version"
          data={['1.6', '2.0.1', '2.1']}
          value={draft.version}
          onChange={(event) => change({ version: event.currentTarget.value })}
        />
        <NumberInput
          label="How many"
          min={1}
          max={100}
          value={draft.count}
          onChange={(next) => change({ count: Number(next) || 1 })}
        />
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
        <Checkbox
          label="Charges without a card"
          checked={draft.free}
          onChange={(event) => change({ free: event.currentTarget.checked })}
        />
        {problem !== undefined && <ProblemCard problem={problem} />}
        <div className="row">
          <Button type="submit" loading={busy}>
            Make {draft.count > 1 ? `${draft.count} stations` : 'it'}
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Modal>
  );
}

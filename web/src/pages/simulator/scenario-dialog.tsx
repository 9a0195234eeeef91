import { Textarea, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { api, apiPath, Problem, part } from '../../api/client.ts';
import { refresh, useGet } from '../../api/queries.ts';
import { go } from '../../app/router.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';

const EXAMPLE = {
  name: 'my scenario',
  variables: { token: '04A2B3C4D5E6F0' },
  steps: [
    { do: 'plug', soCPercent: 30 },
    { do: 'swipe', token: '${token}' },
    { until: 'transaction-started', within: 30 },
    { wait: 60 },
    { do: 'unplug' },
    { until: 'transaction-ended', within: 30 },
  ],
};

/** A scenario as text: a new one, one's own to change, or a copy of another. */
export function ScenarioDialog({
  from,
  copy = false,
  onClose,
}: {
  readonly from?: string;
  readonly copy?: boolean;
  onClose(): void;
}) {
  const known = useGet<object>(from === undefined ? undefined : apiPath(`/sim/scenarios/${part(from)}`));
  const [id, setId] = useState(from === undefined ? 'my-scenario' : copy ? `my-${from}` : from);
  const [text, setText] = useState(from === undefined ? JSON.stringify(EXAMPLE, null, 2) : '');
  const { data } = known;
  useEffect(() => {
    if (data !== undefined) setText(JSON.stringify(data, null, 2));
  }, [data]);
  const save = async (): Promise<void> => {
    await api.put(apiPath(`/sim/scenarios/${part(id)}`), parsed(text));
    refresh('/sim/scenarios');
    go(`/simulator/scenarios/${part(id)}`);
  };
  return (
    <FormDialog
      title={from === undefined ? 'A new scenario' : copy ? `A copy of ${from}` : from}
      onSave={save}
      onClose={onClose}
    >
      <TextInput
        label="Name in the list"
        required
        pattern="[A-Za-z0-9][A-Za-z0-9._\-]{0,63}"
        disabled={from !== undefined && !copy}
        value={id}
        onChange={(event) => setId(event.currentTarget.value)}
      />
      <Textarea
        label="Steps as JSON"
        description="do, wait, until, expect, set, repeat, chance, note. Times are seconds."
        autosize
        minRows={12}
        maxRows={22}
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        styles={{ input: { fontFamily: 'var(--mono)', fontSize: 12.5 } }}
      />
    </FormDialog>
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Problem({
      title: 'This is no JSON',
      detail: cause instanceof Error ? cause.message : '',
      status: 0,
      code: 'BODY_NOT_JSON',
    });
  }
}

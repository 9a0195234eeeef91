import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { api, apiPath } from '../../api/client.ts';
import { refresh } from '../../api/queries.ts';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { partyName } from '../../parts/format.ts';
import type { PlacedFinding } from './finding-shapes.ts';

const DAYS: Readonly<Record<string, number>> = { day: 1, week: 7, month: 30 };

/** Nobody wants to hear of it: how much of it, why, and for how long. What is muted stays in the journal. */
export function MuteDialog({ finding, onClose }: { readonly finding: PlacedFinding; onClose(): void }) {
  const [scope, setScope] = useState('party');
  const [reason, setReason] = useState('');
  const [until, setUntil] = useState('');
  const { rule, party, seq } = finding;
  const save = async (): Promise<void> => {
    const days = DAYS[until];
    await api.post(apiPath('/findings/mutes'), {
      rule,
      ...(scope === 'party' ? { party } : scope === 'message' ? { seq } : {}),
      reason,
      ...(days === undefined ? {} : { expiresAt: Date.now() + days * 86_400_000 }),
    });
    refresh('/findings', '/rules', '/messages', '/topology');
  };
  return (
    <FormDialog title={`Mute ${rule}`} save="Mute" onSave={save} onClose={onClose}>
      <NativeSelect
        label="What"
        value={scope}
        onChange={(event) => setScope(event.currentTarget.value)}
        data={[
          { value: 'party', label: `This rule, where ${partyName(party)} is at fault` },
          { value: 'rule', label: 'This rule, whoever is at fault' },
          ...(seq === undefined ? [] : [{ value: 'message', label: `This rule, on message #${seq} alone` }]),
        ]}
      />
      <TextInput
        label="Why"
        required
        maxLength={1_000}
        placeholder="Known fault of firmware 1.2, asked for at the maker"
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <NativeSelect
        label="Until"
        value={until}
        onChange={(event) => setUntil(event.currentTarget.value)}
        data={[
          { value: '', label: 'It is taken back' },
          { value: 'day', label: 'One day has passed' },
          { value: 'week', label: 'A week has passed' },
          { value: 'month', label: '30 days have passed' },
        ]}
      />
      <p className="muted small">Muted findings are shown as muted and do not count. None is lost.</p>
    </FormDialog>
  );
}

import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { api, apiPath } from '../../api/client.ts';
import { FormDialog } from '../../parts/form-dialog.tsx';

export interface NewToken {
  readonly name: string;
  readonly token: string;
}

const DAY_MS = 86_400_000;

/** Whose token it is, what it may, which half of the world it sees, and until when. */
export function TokenDialog({
  first,
  onMade,
  onClose,
}: {
  /** Nobody has one yet: it must be an admin’s over all, without an end. */
  readonly first: boolean;
  onMade(token: NewToken): void;
  onClose(): void;
}) {
  const [name, setName] = useState('');
  const [role, setRole] = useState(first ? 'admin' : 'operator');
  const [scope, setScope] = useState('all');
  const [days, setDays] = useState('');
  const save = async (): Promise<void> => {
    const ends = days === '' ? {} : { expiresAt: new Date(Date.now() + Number(days) * DAY_MS).toISOString() };
    onMade(await api.post<NewToken>(apiPath('/access/tokens'), { name, role, scope, ...ends }));
  };
  return (
    <FormDialog title="Make a token" save="Make it" onSave={save} onClose={onClose}>
      <TextInput
        label="Whose token"
        description="Stands in the journal beside what is done with it."
        required
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <NativeSelect
        label="Role"
        value={role}
        disabled={first}
        onChange={(event) => setRole(event.currentTarget.value)}
        data={[
          { value: 'viewer', label: 'viewer: looks' },
          { value: 'operator', label: 'operator: looks and acts' },
          { value: 'admin', label: 'admin: also changes the configuration and who may' },
        ]}
      />
      <NativeSelect
        label="Sees"
        value={scope}
        disabled={first}
        onChange={(event) => setScope(event.currentTarget.value)}
        data={[
          { value: 'all', label: 'both halves of the world' },
          { value: 'cpo', label: 'the operator’s half: CSMS, stations, EVerest' },
          { value: 'emp', label: 'the provider’s half: EMP' },
        ]}
      />
      <NativeSelect
        label="Ends"
        value={days}
        disabled={first}
        onChange={(event) => setDays(event.currentTarget.value)}
        data={[
          { value: '', label: 'never' },
          { value: '1', label: 'after a day' },
          { value: '7', label: 'after a week' },
          { value: '90', label: 'after 90 days' },
        ]}
      />
      {first && (
        <p className="warn">
          The first token is an admin’s. From then on every request needs a token; you stay logged in with this one.
        </p>
      )}
    </FormDialog>
  );
}

import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { api, apiPath, part } from '../../api/client.ts';
import { refresh } from '../../api/queries.ts';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { MEDIUM_KINDS } from './customer-tabs.tsx';
import type { Contract, Driver } from './emp-shapes.ts';

const NEW_DRIVER = '';

/** A contract, for a customer that is known or a new one. */
export function ContractDialog({
  contract,
  drivers,
  onClose,
}: {
  readonly contract: Partial<Contract>;
  readonly drivers: readonly Driver[];
  onClose(): void;
}) {
  const known = contract.id !== undefined;
  const [draft, setDraft] = useState({
    id: contract.id ?? '',
    driver: contract.driver ?? drivers[0]?.id ?? NEW_DRIVER,
    name: '',
    validFrom: contract.validFrom ?? '',
    validTo: contract.validTo ?? '',
  });
  const save = async (): Promise<void> => {
    const { id, name, validFrom, validTo } = draft;
    let driver = draft.driver;
    if (driver === NEW_DRIVER) {
      driver =
        name
          .trim()
          .toLowerCase()
          .replace(/[^a-z0-9]+/g, '-')
          .slice(0, 40) || 'driver';
      await api.put(apiPath(`/emp/drivers/${part(driver)}`), { name });
    }
    await api.put(apiPath(`/emp/contracts/${part(id)}`), {
      driver,
      locked: contract.locked ?? false,
      ...(validFrom === '' ? {} : { validFrom }),
      ...(validTo === '' ? {} : { validTo }),
    });
    refresh('/emp');
  };
  return (
    <FormDialog title={known ? `Contract ${contract.id}` : 'A new contract'} onSave={save} onClose={onClose}>
      <TextInput
        label="EVCO id"
        description="Country, provider, instance, check character: DE-DCB-C12345678-X"
        required
        disabled={known}
        value={draft.id}
        onChange={(event) => setDraft({ ...draft, id: event.currentTarget.value })}
        data-autofocus
      />
      <NativeSelect
        label="Customer"
        value={draft.driver}
        onChange={(event) => setDraft({ ...draft, driver: event.currentTarget.value })}
        data={[
          ...drivers.map(({ id, name }) => ({ value: id, label: name })),
          { value: NEW_DRIVER, label: 'A new one' },
        ]}
      />
      {draft.driver === NEW_DRIVER && (
        <TextInput
          label="Name"
          required
          value={draft.name}
          onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
        />
      )}
      <TextInput
        label="Valid from"
        placeholder="2026-01-01T00:00:00Z, or empty"
        value={draft.validFrom}
        onChange={(event) => setDraft({ ...draft, validFrom: event.currentTarget.value })}
      />
      <TextInput
        label="Valid until"
        placeholder="2027-01-01T00:00:00Z, or empty"
        value={draft.validTo}
        onChange={(event) => setDraft({ ...draft, validTo: event.currentTarget.value })}
      />
    </FormDialog>
  );
}

export function MediumDialog({ contracts, onClose }: { readonly contracts: readonly Contract[]; onClose(): void }) {
  const [draft, setDraft] = useState({
    kind: 'RFIDMifareFamilyIdentification',
    contract: contracts[0]?.id ?? '',
    uid: '',
    pin: '',
    printedNumber: '',
  });
  const isCard = draft.kind.startsWith('RFID');
  const isQr = draft.kind === 'QRCodeIdentification';
  const save = async (): Promise<void> => {
    const { kind, contract, uid, pin, printedNumber } = draft;
    await api.post(apiPath('/emp/media'), {
      kind,
      contract,
      ...(isCard ? { uid } : {}),
      ...(isQr ? { pin } : {}),
      ...(printedNumber === '' ? {} : { printedNumber }),
    });
    refresh('/emp');
  };
  return (
    <FormDialog title="A new medium" onSave={save} onClose={onClose}>
      <NativeSelect
        label="What it is"
        value={draft.kind}
        onChange={(event) => setDraft({ ...draft, kind: event.currentTarget.value })}
        data={Object.entries(MEDIUM_KINDS).map(([value, label]) => ({ value, label }))}
      />
      <NativeSelect
        label="Of the contract"
        value={draft.contract}
        onChange={(event) => setDraft({ ...draft, contract: event.currentTarget.value })}
        data={contracts.map(({ id }) => id)}
      />
      {isCard && (
        <TextInput
          label="UID"
          description="8, 14 or 20 hex digits"
          required
          value={draft.uid}
          onChange={(event) => setDraft({ ...draft, uid: event.currentTarget.value })}
        />
      )}
      {isQr && (
        <TextInput
          label="PIN"
          description="Only its hash is kept."
          type="password"
          required
          value={draft.pin}
          onChange={(event) => setDraft({ ...draft, pin: event.currentTarget.value })}
        />
      )}
      <TextInput
        label="Printed number"
        value={draft.printedNumber}
        onChange={(event) => setDraft({ ...draft, printedNumber: event.currentTarget.value })}
      />
    </FormDialog>
  );
}

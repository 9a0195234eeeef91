import { ActionIcon, Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { api, apiPath, part } from '../../api/client.ts';
import { refresh, useGet } from '../../api/queries.ts';
import type { Page } from '../../api/shapes.ts';
import { AppLink, go } from '../../app/router.tsx';
import { Tag } from '../../parts/atoms.tsx';
import { attempt } from '../../parts/attempt.ts';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { dayTime } from '../../parts/format.ts';
import { RecordTable } from '../../parts/record-table.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import type { PoolContract, Vehicle } from './pnc-shapes.ts';

const STATES: Readonly<Record<PoolContract['state'], string>> = {
  'in-pool': 'in the pool',
  delivered: 'delivered',
  revoked: 'revoked',
};

/** Contracts of vehicles: made here, fetched by stations, and refused once they are revoked. */
export function ContractsTab() {
  const contracts = useGet<Page<PoolContract>>(apiPath('/pnc/contracts', { limit: 300 }));
  const vehicles = useGet<Page<Vehicle>>(apiPath('/pnc/vehicles', { limit: 300 }));
  const [adds, setAdds] = useState(false);
  const hasVehicle = (vehicles.data?.items.length ?? 0) > 0;
  const add = hasVehicle ? (
    <Button leftSection={<IconPlus size={14} />} onClick={() => setAdds(true)}>
      Make a contract
    </Button>
  ) : (
    <Button onClick={() => go('/pnc/vehicles')}>First a vehicle</Button>
  );
  return (
    <>
      <div className="page-head">
        <p className="muted small">
          A contract is made for a vehicle: its key is encrypted for that vehicle alone, and a station delivers it.
        </p>
        <span className="push" />
        {add}
      </div>
      <Loaded query={contracts} what="contracts">
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="No contract is in the pool" actions={add}>
              When a vehicle asks for its contract and none is here, the station answers that there is none.
            </EmptyState>
          ) : (
            <RecordTable
              label="Contracts of vehicles"
              items={items}
              keyOf={({ id }) => id}
              columns={[
                {
                  head: 'EMAID',
                  cell: ({ emaid, certificateId }) =>
                    certificateId === undefined ? (
                      <span className="mono">{emaid}</span>
                    ) : (
                      <AppLink className="mono" to={`/pnc/certificates/${part(certificateId)}`}>
                        {emaid}
                      </AppLink>
                    ),
                },
                {
                  head: 'State',
                  cell: ({ state }) => (
                    <Tag tone={state === 'revoked' ? 'error' : state === 'delivered' ? 'ok' : undefined}>
                      {STATES[state]}
                    </Tag>
                  ),
                },
                { head: 'Vehicle', cell: ({ pcid }) => <span className="mono">{pcid}</span> },
                { head: 'Edition', cell: ({ id }) => id.split('/')[1]?.replace('ISO', 'ISO ') },
                {
                  head: 'Default',
                  cell: (contract) =>
                    contract.defaultContract ? (
                      <span className="ok">✓ delivered first</span>
                    ) : (
                      <Button
                        variant="default"
                        size="compact-xs"
                        onClick={() => {
                          const edition = contract.id.split('/')[1];
                          void attempt(() =>
                            api.post(apiPath(`/pnc/contracts/${part(contract.emaid)}/default`), { edition }),
                          ).then(() => refresh('/pnc'));
                        }}
                      >
                        Make it so
                      </Button>
                    ),
                },
                { head: 'Valid until', cell: ({ certValidTo }) => certValidTo.slice(0, 10) },
                {
                  head: 'Delivered',
                  quiet: true,
                  cell: ({ deliveredAt }) => (deliveredAt === undefined ? 'not yet' : dayTime(deliveredAt)),
                },
                {
                  head: 'Actions',
                  actions: true,
                  cell: ({ emaid }) => (
                    <ActionIcon
                      aria-label={`Delete and revoke the contract ${emaid}`}
                      title="Delete and revoke"
                      onClick={() => {
                        void attempt(
                          () => api.delete(apiPath(`/pnc/contracts/${part(emaid)}`)),
                          'Deleted, its certificate revoked',
                        ).then(() => refresh('/pnc'));
                      }}
                    >
                      <IconTrash size={14} />
                    </ActionIcon>
                  ),
                },
              ]}
            />
          )
        }
      </Loaded>
      {adds && <ContractDialog vehicles={vehicles.data?.items ?? []} onClose={() => setAdds(false)} />}
    </>
  );
}

function ContractDialog({ vehicles, onClose }: { readonly vehicles: readonly Vehicle[]; onClose(): void }) {
  const [draft, setDraft] = useState({
    emaid: 'DE-DCB-C12345678-X',
    pcid: vehicles[0]?.pcid ?? '',
    edition: 'ISO15118-2',
    isDefault: true,
  });
  const save = async (): Promise<void> => {
    await api.post(apiPath('/pnc/contracts'), draft);
    refresh('/pnc');
  };
  return (
    <FormDialog title="A new contract" save="Make it" onSave={save} onClose={onClose}>
      <TextInput
        label="EMAID"
        description="Of a contract that the EMP knows, so that it says yes later"
        required
        value={draft.emaid}
        onChange={(event) => setDraft({ ...draft, emaid: event.currentTarget.value })}
        data-autofocus
      />
      <NativeSelect
        label="For the vehicle"
        data={vehicles.map(({ pcid }) => pcid)}
        value={draft.pcid}
        onChange={(event) => setDraft({ ...draft, pcid: event.currentTarget.value })}
      />
      <NativeSelect
        label="Edition"
        data={['ISO15118-2', 'ISO15118-20']}
        value={draft.edition}
        onChange={(event) => setDraft({ ...draft, edition: event.currentTarget.value })}
      />
      <Checkbox
        label="Delivered first"
        checked={draft.isDefault}
        onChange={(event) => setDraft({ ...draft, isDefault: event.currentTarget.checked })}
      />
    </FormDialog>
  );
}

import { ActionIcon, Button, NativeSelect, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { api, apiPath, part } from '../../api/client.ts';
import { refresh, useGet } from '../../api/queries.ts';
import type { Page } from '../../api/shapes.ts';
import { AppLink } from '../../app/router.tsx';
import { attempt } from '../../parts/attempt.ts';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { dayTime } from '../../parts/format.ts';
import { RecordTable } from '../../parts/record-table.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import type { Vehicle } from './pnc-shapes.ts';

/** Vehicles of the provisioning pool, as their makers entered them. */
export function VehiclesTab() {
  const vehicles = useGet<Page<Vehicle>>(apiPath('/pnc/vehicles', { limit: 300 }));
  const [adds, setAdds] = useState(false);
  const add = (
    <Button leftSection={<IconPlus size={14} />} onClick={() => setAdds(true)}>
      Make a vehicle
    </Button>
  );
  return (
    <>
      <div className="page-head">
        <p className="muted small">
          A vehicle leaves its maker with a provisioning certificate; contracts are encrypted for that key.
        </p>
        <span className="push" />
        {add}
      </div>
      <Loaded query={vehicles} what="vehicles">
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="No vehicle is in the pool" actions={add}>
              Cars of simulated stations enter themselves when they are made with Plug & Charge; this one stands for a
              real car.
            </EmptyState>
          ) : (
            <RecordTable
              label="Vehicles"
              items={items}
              keyOf={({ pcid }) => pcid}
              columns={[
                { head: 'PCID', cell: ({ pcid }) => <b className="mono">{pcid}</b> },
                {
                  head: 'Contracts',
                  cell: ({ contracts }) =>
                    contracts.length === 0 ? (
                      <span className="muted">none</span>
                    ) : (
                      contracts.map(({ emaid, isDefault }) => (
                        <AppLink key={emaid} className="mono" to="/pnc/contracts">
                          {emaid}
                          {isDefault ? ' (first)' : ''}{' '}
                        </AppLink>
                      ))
                    ),
                },
                { head: 'Key', cell: ({ keyKind }) => keyKind },
                { head: 'Entered by', cell: ({ owner }) => owner },
                { head: 'Valid until', cell: ({ validTo }) => validTo.slice(0, 10) },
                { head: 'Changed', quiet: true, cell: ({ changedAt }) => dayTime(changedAt) },
                {
                  head: 'Actions',
                  actions: true,
                  cell: ({ pcid }) => (
                    <ActionIcon
                      aria-label={`Remove ${pcid}`}
                      onClick={() => {
                        void attempt(
                          () => api.delete(apiPath(`/pnc/vehicles/${part(pcid)}`)),
                          'Removed, its contracts revoked',
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
      {adds && <VehicleDialog onClose={() => setAdds(false)} />}
    </>
  );
}

function VehicleDialog({ onClose }: { onClose(): void }) {
  const [draft, setDraft] = useState({ pcid: 'WMIV1234567890ABCX', edition: 'ISO15118-2' });
  const save = async (): Promise<void> => {
    await api.post(apiPath('/pnc/vehicles'), draft);
    refresh('/pnc');
  };
  return (
    <FormDialog title="A new vehicle" save="Make it" onSave={save} onClose={onClose}>
      <TextInput
        label="PCID"
        description="17 or 18 characters, the first three name its maker"
        required
        value={draft.pcid}
        onChange={(event) => setDraft({ ...draft, pcid: event.currentTarget.value })}
        data-autofocus
      />
      <NativeSelect
        label="Edition"
        data={['ISO15118-2', 'ISO15118-20']}
        value={draft.edition}
        onChange={(event) => setDraft({ ...draft, edition: event.currentTarget.value })}
      />
    </FormDialog>
  );
}

import { ActionIcon, Button, NativeSelect } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { api, apiPath, part } from '../../api/client.ts';
import { refresh, useGet } from '../../api/queries.ts';
import type { Page } from '../../api/shapes.ts';
import { Tag } from '../../parts/atoms.tsx';
import { attempt } from '../../parts/attempt.ts';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { dayTime } from '../../parts/format.ts';
import { RecordTable } from '../../parts/record-table.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import type { HubContract } from './hub-shapes.ts';
import { usePartners } from './partners-tab.tsx';

const SERVICES = [
  'eRoamingAuthorization',
  'eRoamingReservation',
  'eRoamingPushEvseData',
  'eRoamingPullEvseData',
  'eRoamingPullEvseStatus',
  'eRoamingPushAuthenticationData',
];

/** Accepted offers: without one the hub refuses with 210. Taking one out shows what partners make of that. */
export function ContractsTab() {
  const contracts = useGet<Page<HubContract>>(apiPath('/hub/contracts', { limit: 500 }));
  const [adds, setAdds] = useState(false);
  const add = (
    <Button leftSection={<IconPlus size={14} />} onClick={() => setAdds(true)}>
      Make a contract
    </Button>
  );
  return (
    <>
      <div className="page-head">
        <p className="muted small">Who offers what to whom. A call without its contract is refused with 210.</p>
        <span className="push" />
        {add}
      </div>
      <Loaded query={contracts} what="contracts">
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="No contract" actions={add}>
              Every call that needs one is refused with 210.
            </EmptyState>
          ) : (
            <RecordTable
              label="Contracts of the hub"
              items={items}
              keyOf={({ id }) => id}
              columns={[
                { head: 'Service', cell: ({ service }) => <b>{service.replace('eRoaming', '')}</b> },
                { head: 'Offered by', cell: ({ offerer }) => <span className="mono">{offerer}</span> },
                {
                  head: 'Taken by',
                  cell: ({ subscriber }) =>
                    subscriber === '*' ? 'everybody' : <span className="mono">{subscriber}</span>,
                },
                { head: 'Pricing', cell: ({ pricing }) => (pricing === undefined ? '' : <Tag>{pricing}</Tag>) },
                {
                  head: 'Valid',
                  quiet: true,
                  cell: ({ validFromMs, validToMs }) =>
                    validFromMs === undefined && validToMs === undefined
                      ? 'always'
                      : `${validFromMs === undefined ? '' : dayTime(validFromMs)} – ${validToMs === undefined ? '' : dayTime(validToMs)}`,
                },
                {
                  head: 'Actions',
                  actions: true,
                  cell: ({ id }) => (
                    <ActionIcon
                      aria-label={`End contract ${id}`}
                      onClick={() => {
                        void attempt(() => api.delete(apiPath(`/hub/contracts/${part(id)}`)), 'Contract ended').then(
                          () => refresh('/hub'),
                        );
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
      {adds && <ContractDialog onClose={() => setAdds(false)} />}
    </>
  );
}

function ContractDialog({ onClose }: { onClose(): void }) {
  const partners = usePartners();
  const ids = partners.data?.items.map(({ id }) => id) ?? [];
  const [draft, setDraft] = useState({ service: SERVICES[0] ?? '', offerer: '', subscriber: '*' });
  const offerer = draft.offerer === '' ? (ids[0] ?? 'HUB') : draft.offerer;
  const save = async (): Promise<void> => {
    await api.post(apiPath('/hub/contracts'), { ...draft, offerer });
    refresh('/hub');
  };
  return (
    <FormDialog title="A new contract" onSave={save} onClose={onClose}>
      <NativeSelect
        label="Service"
        data={SERVICES}
        value={draft.service}
        onChange={(event) => setDraft({ ...draft, service: event.currentTarget.value })}
      />
      <NativeSelect
        label="Offered by"
        data={[...ids, 'HUB']}
        value={offerer}
        onChange={(event) => setDraft({ ...draft, offerer: event.currentTarget.value })}
      />
      <NativeSelect
        label="Taken by"
        data={[
          { value: '*', label: 'everybody' },
          ...ids.map((value) => ({ value, label: value })),
          { value: 'HUB', label: 'HUB' },
        ]}
        value={draft.subscriber}
        onChange={(event) => setDraft({ ...draft, subscriber: event.currentTarget.value })}
      />
    </FormDialog>
  );
}

import { ActionIcon, Button, Switch } from '@mantine/core';
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { api, apiPath, part } from '../../api/client.ts';
import { refresh, useGet } from '../../api/queries.ts';
import type { Page } from '../../api/shapes.ts';
import { AppLink } from '../../app/router.tsx';
import { attempt } from '../../parts/attempt.ts';
import { dayTime } from '../../parts/format.ts';
import { RecordTable } from '../../parts/record-table.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import { ContractDialog, MediumDialog } from './customer-dialogs.tsx';
import type { Contract, Driver, Medium } from './emp-shapes.ts';

const useDrivers = () => useGet<Page<Driver>>(apiPath('/emp/drivers', { limit: 500 }));
const useContracts = () => useGet<Page<Contract>>(apiPath('/emp/contracts', { limit: 500 }));

const change = (path: string, body: unknown): void => {
  void attempt(() => api.patch(apiPath(path), body)).then(() => refresh('/emp'));
};
const remove = (path: string, said: string): void => {
  void attempt(() => api.delete(apiPath(path)), said).then(() => refresh('/emp'));
};

export function ContractsTab() {
  const contracts = useContracts();
  const drivers = useDrivers();
  const [edited, setEdited] = useState<Partial<Contract>>();
  const nameOf = (id: string): string => drivers.data?.items.find((driver) => driver.id === id)?.name ?? id;
  return (
    <>
      <div className="page-head">
        <p className="muted small">Customers and their contracts. A locked one is refused with 200.</p>
        <span className="push" />
        <Button leftSection={<IconPlus size={14} />} onClick={() => setEdited({})}>
          Add a contract
        </Button>
      </div>
      <Loaded query={contracts} what="contracts">
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="No contract yet" actions={<Button onClick={() => setEdited({})}>Add one</Button>}>
              Without a contract every question of the hub is answered with “no”.
            </EmptyState>
          ) : (
            <RecordTable
              label="Contracts"
              items={items}
              keyOf={({ id }) => id}
              columns={[
                {
                  head: 'EVCO id',
                  cell: ({ id }) => (
                    <AppLink className="mono nowrap" to={`/traffic?q=${part(`"${id}"`)}`} title="Its traffic">
                      {id}
                    </AppLink>
                  ),
                },
                {
                  head: 'Check character',
                  cell: ({ id, checkCharacter }) =>
                    id.endsWith(checkCharacter) ? (
                      <span className="ok">✓ {checkCharacter}</span>
                    ) : (
                      <span className="muted">would be {checkCharacter}</span>
                    ),
                },
                { head: 'Customer', cell: ({ driver }) => nameOf(driver) },
                {
                  head: 'Media',
                  num: true,
                  cell: ({ driver }) => drivers.data?.items.find((each) => each.id === driver)?.media.length ?? '–',
                },
                {
                  head: 'Valid from',
                  quiet: true,
                  cell: ({ validFrom }) => (validFrom === undefined ? '–' : dayTime(validFrom)),
                },
                {
                  head: 'Valid until',
                  quiet: true,
                  cell: ({ validTo }) => (validTo === undefined ? '–' : dayTime(validTo)),
                },
                {
                  head: 'Locked',
                  cell: (contract) => (
                    <Switch
                      aria-label={`Lock ${contract.id}`}
                      checked={contract.locked}
                      onChange={(event) => {
                        const { id, checkCharacter: _, ...members } = contract;
                        const body = { ...members, locked: event.currentTarget.checked };
                        void attempt(() => api.put(apiPath(`/emp/contracts/${part(id)}`), body)).then(() =>
                          refresh('/emp'),
                        );
                      }}
                    />
                  ),
                },
                {
                  head: 'Actions',
                  actions: true,
                  cell: (contract) => (
                    <>
                      <ActionIcon aria-label={`Change ${contract.id}`} onClick={() => setEdited(contract)}>
                        <IconPencil size={14} />
                      </ActionIcon>
                      <ActionIcon
                        aria-label={`Delete ${contract.id}`}
                        onClick={() => remove(`/emp/contracts/${part(contract.id)}`, 'Contract and its media deleted')}
                      >
                        <IconTrash size={14} />
                      </ActionIcon>
                    </>
                  ),
                },
              ]}
            />
          )
        }
      </Loaded>
      {edited !== undefined && (
        <ContractDialog contract={edited} drivers={drivers.data?.items ?? []} onClose={() => setEdited(undefined)} />
      )}
    </>
  );
}

export const MEDIUM_KINDS: Readonly<Record<string, string>> = {
  RFIDMifareFamilyIdentification: 'RFID card',
  RFIDIdentification: 'RFID card, described',
  QRCodeIdentification: 'QR code and PIN',
  PlugAndChargeIdentification: 'Plug & Charge',
  RemoteIdentification: 'App',
};

export function MediaTab() {
  const media = useGet<Page<Medium>>(apiPath('/emp/media', { limit: 500 }));
  const contracts = useContracts();
  const [adds, setAdds] = useState(false);
  return (
    <>
      <div className="page-head">
        <p className="muted small">
          What customers show at a station. Uploaded to the hub, it answers for the EMP when the EMP is not reached.
        </p>
        <span className="push" />
        <Button leftSection={<IconPlus size={14} />} onClick={() => setAdds(true)}>
          Add a medium
        </Button>
      </div>
      <Loaded query={media} what="media">
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="No medium yet" actions={<Button onClick={() => setAdds(true)}>Add one</Button>}>
              A card, a QR code, a Plug & Charge contract or the app.
            </EmptyState>
          ) : (
            <RecordTable
              label="Media"
              items={items}
              keyOf={({ id }) => id}
              columns={[
                { head: 'Medium', cell: ({ kind }) => <b>{MEDIUM_KINDS[kind] ?? kind}</b> },
                {
                  head: 'UID or id',
                  cell: ({ uid, contract }) => (
                    <AppLink
                      className="mono nowrap"
                      to={`/traffic?q=${part(`"${uid ?? contract}"`)}`}
                      title="Its traffic"
                    >
                      {uid ?? contract}
                    </AppLink>
                  ),
                },
                { head: 'Printed', cell: ({ printedNumber }) => printedNumber },
                { head: 'Contract', cell: ({ contract }) => <span className="mono nowrap">{contract}</span> },
                { head: 'PIN', cell: ({ hasPin }) => (hasPin ? 'kept as hash' : '') },
                {
                  head: 'Last used',
                  quiet: true,
                  cell: ({ lastUsedAt }) => (lastUsedAt === undefined ? 'never' : dayTime(lastUsedAt)),
                },
                {
                  head: 'Locked',
                  cell: ({ id, locked }) => (
                    <Switch
                      aria-label={`Lock ${id}`}
                      checked={locked}
                      onChange={(event) => change(`/emp/media/${part(id)}`, { locked: event.currentTarget.checked })}
                    />
                  ),
                },
                {
                  head: 'Actions',
                  actions: true,
                  cell: ({ id }) => (
                    <ActionIcon
                      aria-label={`Delete ${id}`}
                      onClick={() => remove(`/emp/media/${part(id)}`, 'Medium deleted')}
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
      {adds && <MediumDialog contracts={contracts.data?.items ?? []} onClose={() => setAdds(false)} />}
    </>
  );
}

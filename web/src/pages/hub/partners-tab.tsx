import { Button, Checkbox, Switch, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { api, apiPath, part } from '../../api/client.ts';
import { refresh, useGet } from '../../api/queries.ts';
import type { Page } from '../../api/shapes.ts';
import { AppLink, go } from '../../app/router.tsx';
import { IdText, Tag } from '../../parts/atoms.tsx';
import { attempt } from '../../parts/attempt.ts';
import { Desk, DetailCard, Facts } from '../../parts/desk.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { RecordTable } from '../../parts/record-table.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import type { Limit, Onboarding, Partner } from './hub-shapes.ts';

export const usePartners = () => useGet<Page<Partner>>(apiPath('/hub/partners', { limit: 500 }));

const roleOf = ({ operatorIds, providerIds }: Partner): string =>
  [operatorIds.length > 0 ? 'CPO' : '', providerIds.length > 0 ? 'EMP' : ''].filter(Boolean).join(' + ') || '–';
const idsOf = ({ operatorIds, providerIds, subOperatorIds, subProviderIds }: Partner): readonly string[] => [
  ...operatorIds,
  ...providerIds,
  ...subOperatorIds,
  ...subProviderIds,
];
const shownBy = ({ certificateFingerprints, hasApiKey }: Partner): string =>
  [certificateFingerprints.length > 0 ? 'certificate' : '', hasApiKey ? 'key' : ''].filter(Boolean).join(', ') ||
  'from this machine';

export function PartnersTab({ id }: { readonly id: string | undefined }) {
  const partners = usePartners();
  const limits = useGet<{ readonly items: readonly Limit[] }>(apiPath('/hub/limits'));
  const [edited, setEdited] = useState<Partner | 'new'>();
  const callsOf = (partner: string): number =>
    limits.data?.items.filter((each) => each.partner === partner).reduce((sum, { calls }) => sum + calls, 0) ?? 0;
  return (
    <>
      <div className="page-head">
        <p className="muted small">
          Only who is registered here is heard. A partner without a contract for a service is refused with 210.
        </p>
        <span className="push" />
        <Button leftSection={<IconPlus size={14} />} onClick={() => setEdited('new')}>
          Add your system
        </Button>
      </div>
      <Loaded query={partners} what="partners">
        {({ items }) => {
          if (items.length === 0) {
            return (
              <EmptyState
                title="No partner is registered"
                actions={<Button onClick={() => setEdited('new')}>Add your system</Button>}
              >
                Operators and providers meet here. Register one to let it in.
              </EmptyState>
            );
          }
          const open = items.find((partner) => partner.id === id);
          return (
            <Desk
              detail={open === undefined ? undefined : <PartnerCard partner={open} onEdit={() => setEdited(open)} />}
            >
              <RecordTable
                label="Partners"
                items={items}
                keyOf={(partner) => partner.id}
                to={(partner) => `/hub/partners/${part(partner.id)}`}
                current={id}
                columns={[
                  { head: 'Partner', cell: ({ name }) => name },
                  { head: 'Role', cell: (partner) => <Tag>{roleOf(partner)}</Tag> },
                  { head: 'Ids', cell: (partner) => <span className="mono">{idsOf(partner).join(', ')}</span> },
                  {
                    head: 'Where it is called',
                    cell: ({ address }) =>
                      address === undefined ? (
                        <span className="warn">no address yet</span>
                      ) : (
                        <span className="mono">{address}</span>
                      ),
                  },
                  { head: 'Known by', cell: shownBy },
                  { head: 'This minute', num: true, cell: (partner) => callsOf(partner.id) },
                  {
                    head: 'State',
                    cell: ({ locked }) =>
                      locked ? <span className="bad">✗ locked</span> : <span className="ok">✓ open</span>,
                  },
                ]}
              />
            </Desk>
          );
        }}
      </Loaded>
      {edited !== undefined && (
        <PartnerDialog partner={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />
      )}
    </>
  );
}

function PartnerCard({ partner, onEdit }: { readonly partner: Partner; onEdit(): void }) {
  const path = `/hub/partners/${part(partner.id)}`;
  const card = useGet<Onboarding>(apiPath(`${path}/onboarding`));
  return (
    <DetailCard title={partner.name} back="/hub">
      <Facts
        facts={[
          ['Role', roleOf(partner)],
          [
            'Ids',
            <span key="ids" className="mono">
              {idsOf(partner).join(', ')}
            </span>,
          ],
          ['Where it is called', partner.address],
          ['Known by', shownBy(partner)],
          [
            'Serves',
            Object.entries(partner.services ?? {})
              .map(([name, { online, broadcast }]) =>
                [name, online === false ? '(off)' : '', broadcast === true ? '(asked by broadcast)' : '']
                  .filter(Boolean)
                  .join(' '),
              )
              .join(', '),
          ],
        ]}
      />
      <div className="row wrap">
        <Switch
          label="Locked"
          checked={partner.locked}
          onChange={(event) => {
            const locked = event.currentTarget.checked;
            void attempt(() => api.patch(apiPath(path), { locked })).then(() => refresh('/hub'));
          }}
        />
        <span className="push" />
        <Button variant="default" onClick={onEdit}>
          Change
        </Button>
        <Button
          variant="subtle"
          color="red"
          onClick={() => {
            void attempt(() => api.delete(apiPath(path)), 'Partner and its contracts taken out').then(() => {
              refresh('/hub');
              go('/hub');
            });
          }}
        >
          Take out
        </Button>
      </div>
      <h3>What to enter on its side</h3>
      <Loaded query={card} what="the onboarding card" lines={3}>
        {({ baseUrls, shows, calls, serves }) => (
          <>
            <Facts
              facts={[
                [
                  'Base address',
                  <span key="urls" className="stack">
                    {baseUrls.map((url) => (
                      <IdText key={url} id={url} most={60} />
                    ))}
                  </span>,
                ],
                ['It shows', shows.join(', ')],
              ]}
            />
            <Addresses title={`It calls (${calls.length})`} list={calls} />
            <Addresses title={`It is called at (${serves.length})`} list={serves} />
          </>
        )}
      </Loaded>
      <div className="row wrap small">
        <AppLink to={`/traffic?q=${part(`party:${partner.id} party:hub`)}`}>Its traffic with the hub</AppLink>
      </div>
    </DetailCard>
  );
}

function Addresses({ title, list }: { readonly title: string; readonly list: Onboarding['calls'] }) {
  return (
    <details>
      <summary className="small">{title}</summary>
      <dl className="stack small" style={{ gap: 2, paddingTop: 4 }}>
        {list.map(({ operation, url }) => (
          <div key={operation}>
            <dt>{operation}</dt>
            <dd>
              <IdText id={url} most={52} />
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

const list = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);

function PartnerDialog({ partner, onClose }: { readonly partner: Partner | undefined; onClose(): void }) {
  const [draft, setDraft] = useState({
    id: partner?.id ?? '',
    name: partner?.name ?? '',
    operatorIds: partner?.operatorIds.join(', ') ?? '',
    providerIds: partner?.providerIds.join(', ') ?? '',
    baseUrl: partner?.baseUrl ?? '',
    apiKey: '',
    all: partner === undefined,
  });
  const save = async (): Promise<void> => {
    const { id, name, baseUrl, apiKey } = draft;
    await api.put(apiPath(`/hub/partners/${part(id)}`, { contracts: draft.all ? 'all' : 'none' }), {
      name,
      operatorIds: list(draft.operatorIds),
      providerIds: list(draft.providerIds),
      subOperatorIds: partner?.subOperatorIds ?? [],
      subProviderIds: partner?.subProviderIds ?? [],
      locked: partner?.locked ?? false,
      ...(partner?.services === undefined ? {} : { services: partner.services }),
      ...(baseUrl === '' ? {} : { baseUrl }),
      ...(apiKey === '' ? {} : { apiKey }),
    });
    refresh('/hub');
    go(`/hub/partners/${part(id)}`);
  };
  const text = (member: 'id' | 'name' | 'operatorIds' | 'providerIds' | 'baseUrl' | 'apiKey') => ({
    value: draft[member],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) =>
      setDraft({ ...draft, [member]: event.currentTarget.value }),
  });
  return (
    <FormDialog title={partner === undefined ? 'A new partner' : partner.name} onSave={save} onClose={onClose}>
      <TextInput
        label="Short name"
        description="Letters and digits; it stands in addresses"
        required
        disabled={partner !== undefined}
        {...text('id')}
        data-autofocus
      />
      <TextInput label="Name" required {...text('name')} />
      <TextInput label="Operator ids" description="When it is a CPO: DE*XYZ" {...text('operatorIds')} />
      <TextInput label="Provider ids" description="When it is an EMP: DE-XYZ" {...text('providerIds')} />
      <TextInput
        label="Base address"
        placeholder="https://emp.example"
        description="Where the hub calls it"
        {...text('baseUrl')}
      />
      <TextInput
        label="Key"
        type="password"
        description="It shows it as x-api-key; one that is not entered again stays"
        {...text('apiKey')}
      />
      <Checkbox
        label="With all usual contracts"
        checked={draft.all}
        onChange={(event) => setDraft({ ...draft, all: event.currentTarget.checked })}
      />
    </FormDialog>
  );
}

import { ActionIcon, Button, NativeSelect, NumberInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { api, apiPath, part } from '../../api/client.ts';
import { refresh, useGet } from '../../api/queries.ts';
import { attempt, useAttempt } from '../../parts/attempt.ts';
import { RecordTable } from '../../parts/record-table.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import type { Fault } from './hub-shapes.ts';
import { usePartners } from './partners-tab.tsx';

const KINDS = [
  { value: 'reject', label: 'Refuses with a code' },
  { value: 'slow', label: 'Answers late' },
  { value: 'hang', label: 'Never answers' },
  { value: 'error', label: 'Server error' },
  { value: 'rate-limit', label: '429, too many requests' },
  { value: 'html', label: '403 with a web page' },
  { value: 'malformed', label: 'JSON that ends in the middle' },
  { value: 'partial-page', label: 'A page that lacks half' },
  { value: 'content-type', label: 'JSON that calls itself text' },
  { value: 'duplicate', label: 'Sends the partner everything twice' },
  { value: 'wrong-energy', label: 'Bills more energy than was sent' },
];
const OPERATIONS = [
  'AuthorizeStart',
  'AuthorizeStop',
  'AuthorizeRemoteStart',
  'AuthorizeRemoteStop',
  'AuthorizeRemoteReservationStart',
  'AuthorizeRemoteReservationStop',
  'ChargingNotifications',
  'ChargeDetailRecord',
  'GetChargeDetailRecords',
  'PushEvseData',
  'PushEvseStatus',
  'PullEvseData',
  'PullEvseStatus',
  'PullPricingProductData',
  'PushAuthenticationData',
];

/** How the hub misbehaves on purpose, to see how partners take it. */
export function FaultsTab() {
  const faults = useGet<{ readonly items: readonly Fault[] }>(apiPath('/hub/faults'));
  return (
    <>
      <FaultForm />
      <Loaded query={faults} what="faults">
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="The hub behaves">
              Set a fault to see how a partner takes it. It strikes from the next call on, and its traffic stays marked.
            </EmptyState>
          ) : (
            <>
              <div className="page-head">
                <span className="warn small">⚠ The hub misbehaves on purpose. Its answers are no defect.</span>
                <span className="push" />
                <Button
                  variant="default"
                  onClick={() => {
                    void attempt(() => api.delete(apiPath('/hub/faults')), 'The hub behaves again').then(() =>
                      refresh('/hub/faults'),
                    );
                  }}
                >
                  Take all away
                </Button>
              </div>
              <RecordTable
                label="Faults that are set"
                items={items}
                keyOf={({ id }) => id}
                columns={[
                  { head: 'What', cell: (fault) => <b>{wordsOf(fault)}</b> },
                  { head: 'Operation', cell: ({ operation }) => operation ?? 'all' },
                  { head: 'Partner', cell: ({ partner }) => partner ?? 'all' },
                  {
                    head: 'How often',
                    cell: ({ times, hits }) =>
                      times === undefined ? 'always' : hits < times ? `${times} times` : 'used up',
                  },
                  { head: 'Struck', num: true, cell: ({ hits }) => hits },
                  {
                    head: 'Actions',
                    actions: true,
                    cell: ({ id, kind }) => (
                      <ActionIcon
                        aria-label={`Take the fault ${kind} away`}
                        onClick={() => {
                          void attempt(() => api.delete(apiPath(`/hub/faults/${part(id)}`))).then(() =>
                            refresh('/hub/faults'),
                          );
                        }}
                      >
                        <IconTrash size={14} />
                      </ActionIcon>
                    ),
                  },
                ]}
              />
            </>
          )
        }
      </Loaded>
    </>
  );
}

function wordsOf({ kind, code, status, delayMs }: Fault): string {
  const word = KINDS.find(({ value }) => value === kind)?.label ?? kind;
  const more = [code, status, delayMs === undefined ? undefined : `${delayMs} ms`].filter(Boolean).join(', ');
  return more === '' ? word : `${word} (${more})`;
}

function FaultForm() {
  const partners = usePartners();
  const { busy, run } = useAttempt();
  const [draft, setDraft] = useState({
    kind: 'reject',
    operation: '',
    partner: '',
    code: '001',
    delayMs: 5_000,
    times: 1,
  });
  const set = (): void => {
    const { kind, operation, partner, code, delayMs, times } = draft;
    const body = {
      kind,
      ...(operation === '' ? {} : { operation }),
      ...(partner === '' ? {} : { partner }),
      ...(kind === 'reject' ? { code } : {}),
      ...(kind === 'slow' ? { delayMs } : {}),
      ...(times > 0 ? { times } : {}),
    };
    void run('set', () => api.post(apiPath('/hub/faults'), body), 'The fault is set').then(() =>
      refresh('/hub/faults'),
    );
  };
  const select = (member: 'kind' | 'operation' | 'partner' | 'code') => ({
    value: draft[member],
    onChange: (event: React.ChangeEvent<HTMLSelectElement>) =>
      setDraft({ ...draft, [member]: event.currentTarget.value }),
  });
  const all = { value: '', label: 'all' };
  return (
    <form
      className="card"
      onSubmit={(event) => {
        event.preventDefault();
        set();
      }}
    >
      <div className="body row wrap" style={{ alignItems: 'end' }}>
        <NativeSelect label="The hub" data={KINDS} {...select('kind')} />
        {draft.kind === 'reject' && (
          <NativeSelect
            label="Code"
            data={['001', '009', '017', '018', '022', '102', '210', '400', '601', '603']}
            {...select('code')}
          />
        )}
        {draft.kind === 'slow' && (
          <NumberInput
            label="After, ms"
            w={110}
            min={0}
            max={600_000}
            step={1_000}
            value={draft.delayMs}
            onChange={(value) => setDraft({ ...draft, delayMs: Number(value) || 0 })}
          />
        )}
        <NativeSelect
          label="At operation"
          data={[all, ...OPERATIONS.map((value) => ({ value, label: value }))]}
          {...select('operation')}
        />
        <NativeSelect
          label="Towards"
          data={[all, ...(partners.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))]}
          {...select('partner')}
        />
        <NumberInput
          label="Times, 0 is always"
          w={130}
          min={0}
          max={1_000}
          value={draft.times}
          onChange={(value) => setDraft({ ...draft, times: Number(value) || 0 })}
        />
        <Button type="submit" loading={busy === 'set'}>
          Set
        </Button>
      </div>
    </form>
  );
}

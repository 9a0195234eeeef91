import { Button, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useMemo } from 'react';
import { api, apiPath, part } from '../../api/client.ts';
import { refresh, useGet } from '../../api/queries.ts';
import type { Page } from '../../api/shapes.ts';
import { go, setSearch, usePlace } from '../../app/router.tsx';
import { useAttempt } from '../../parts/attempt.ts';
import { Desk } from '../../parts/desk.tsx';
import { EvseStatus } from '../../parts/evse-status.tsx';
import { ago } from '../../parts/format.ts';
import { type MapPoint, PlaceMap } from '../../parts/place-map.tsx';
import { RecordTable } from '../../parts/record-table.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import { type ActionAnswer, addressOf, type EvseEntry, facilityOf, placeOf } from './emp-shapes.ts';
import { EvseCard } from './evse-card.tsx';
import { tellAnswer } from './tell-answer.ts';

const LIST = apiPath('/emp/evses', { limit: 500 });
const useEvses = () => useGet<Page<EvseEntry>>(LIST);

export function MapTab({ id }: { readonly id: string | undefined }) {
  const evses = useEvses();
  return (
    <Loaded query={evses} what="the EVSEs of the catalogue">
      {({ items }) => (items.length === 0 ? <NothingPulled /> : <MapOf items={items} id={id} />)}
    </Loaded>
  );
}

function MapOf({ items, id }: { readonly items: readonly EvseEntry[]; readonly id: string | undefined }) {
  const points = useMemo(
    () =>
      items.flatMap(({ evseId, record, status }): MapPoint[] => {
        const place = placeOf(record);
        return place === undefined
          ? []
          : [{ ...place, id: evseId, status, name: `${facilityOf(record)}, ${addressOf(record)}` }];
      }),
    [items],
  );
  const placeless = items.length - points.length;
  return (
    <Desk listStays detail={detailOf(items, id, '/emp')}>
      <PlaceMap points={points} selected={id} onSelect={(evse) => go(`/emp/map/${part(evse)}`)} />
      {placeless > 0 && <p className="muted small">{placeless} EVSEs have no coordinates; the table shows them.</p>}
      {id === undefined && <p className="muted small">Choose an EVSE to start or reserve a charge at it.</p>}
    </Desk>
  );
}

/** The same as a table. */
export function EvsesTab({ id }: { readonly id: string | undefined }) {
  const evses = useEvses();
  const { search } = usePlace();
  const text = (search['text'] ?? '').toLowerCase();
  return (
    <Loaded query={evses} what="the EVSEs of the catalogue">
      {({ items }) => {
        if (items.length === 0) return <NothingPulled />;
        const shown = items.filter(({ evseId, record, status, operatorId }) =>
          [evseId, operatorId, status, addressOf(record), facilityOf(record), record.Plugs?.join(' ')]
            .join(' ')
            .toLowerCase()
            .includes(text),
        );
        return (
          <Desk detail={detailOf(items, id, '/emp/evses')}>
            <TextInput
              aria-label="Find EVSEs"
              placeholder="City, operator, status, plug …"
              leftSection={<IconSearch size={14} />}
              value={search['text'] ?? ''}
              onChange={(event) => setSearch({ text: event.currentTarget.value })}
              maw={320}
            />
            {shown.length === 0 ? (
              <EmptyState
                title={`0 of ${items.length} EVSEs match`}
                actions={<Button onClick={() => setSearch({ text: undefined })}>Clear the filter</Button>}
              />
            ) : (
              <RecordTable
                label="EVSEs"
                items={shown}
                keyOf={({ evseId }) => evseId}
                to={({ evseId }) => `/emp/evses/${part(evseId)}`}
                current={id}
                columns={[
                  { head: 'EVSE id', cell: ({ evseId }) => <span className="mono nowrap">{evseId}</span> },
                  { head: 'Status', cell: ({ status }) => <EvseStatus status={status} /> },
                  { head: 'Since', quiet: true, cell: ({ statusSince }) => ago(statusSince) },
                  { head: 'Power', num: true, cell: ({ record }) => facilityOf(record) },
                  { head: 'Plugs', cell: ({ record }) => record.Plugs?.join(', ') },
                  { head: 'Address', cell: ({ record }) => addressOf(record) },
                  {
                    head: 'Operator',
                    cell: ({ record, operatorId }) => (
                      <>
                        {record.OperatorName ?? ''} <span className="mono muted">{operatorId}</span>
                      </>
                    ),
                  },
                ]}
              />
            )}
          </Desk>
        );
      }}
    </Loaded>
  );
}

function detailOf(items: readonly EvseEntry[], id: string | undefined, back: string) {
  if (id === undefined) return undefined;
  const entry = items.find(({ evseId }) => evseId === id);
  if (entry !== undefined) return <EvseCard entry={entry} back={back} />;
  return <EmptyState title={`${id} is not in the catalogue`}>It may have been deleted by its operator.</EmptyState>;
}

function NothingPulled() {
  const { busy, run } = useAttempt();
  const pull = (): void => {
    void run('pull', () =>
      api.post<ActionAnswer>(apiPath('/emp/actions'), { action: 'pull-evses', mode: 'full' }),
    ).then((result) => {
      if (result !== undefined) tellAnswer(result.answer);
      refresh('/emp');
    });
  };
  return (
    <EmptyState
      title="The EMP has no EVSE yet"
      actions={
        <Button loading={busy === 'pull'} onClick={pull}>
          Pull now
        </Button>
      }
    >
      EVSEs come from the hub, which has them from operators. The EMP pulls by itself once an hour; pulling now takes a
      moment.
    </EmptyState>
  );
}

import { Button, NativeSelect, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { api, apiPath, part } from '../../api/client.ts';
import { refresh, useGet } from '../../api/queries.ts';
import type { Page } from '../../api/shapes.ts';
import { IdText } from '../../parts/atoms.tsx';
import { useAttempt } from '../../parts/attempt.ts';
import { dayTime } from '../../parts/format.ts';
import { RecordTable } from '../../parts/record-table.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import type { Authorisation, Policy } from './emp-shapes.ts';

const MODES = [
  { value: 'contracts', label: 'As the contracts say' },
  { value: 'accept-all', label: 'Yes to everybody' },
  { value: 'reject-all', label: 'No to everybody' },
  { value: 'silent', label: 'Not at all' },
];
const CODES = ['102', '101', '200', '210', '300', '310', '320', '400', '001', '022'];

/** What the hub asked and what was answered; and how to answer otherwise on purpose. */
export function AuthorisationsTab() {
  const list = useGet<Page<Authorisation>>(apiPath('/emp/authorisations', { limit: 200 }));
  const policy = useGet<Policy>(apiPath('/emp/policy'));
  return (
    <>
      <Loaded query={policy} what="the policy" lines={2}>
        {(now) => <PolicyForm key={JSON.stringify(now)} now={now} />}
      </Loaded>
      <Loaded query={list} what="decisions">
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="Nobody has been asked for yet">
              When a driver with a card of this EMP stands at an operator’s station, the hub asks here. Swipe{' '}
              <code>044A2DAA856280</code> at a simulated station to see it.
            </EmptyState>
          ) : (
            <RecordTable
              label="Decisions"
              items={items}
              keyOf={({ id }) => id}
              to={({ sessionId }) => `/emp/sessions/${part(sessionId)}`}
              columns={[
                { head: 'Asked', cell: ({ at }) => dayTime(at) },
                {
                  head: 'Answer',
                  cell: ({ granted, code }) => (
                    <span className={granted ? 'ok' : 'bad'}>
                      {granted ? '✓ granted' : '✗ refused'} {code}
                    </span>
                  ),
                },
                { head: 'Why', cell: ({ reason }) => reason },
                { head: 'Operation', cell: ({ operation }) => operation },
                { head: 'Operator', cell: ({ operatorId }) => <span className="mono">{operatorId}</span> },
                { head: 'SessionID', quiet: true, cell: ({ sessionId }) => <IdText id={sessionId} most={14} /> },
              ]}
            />
          )
        }
      </Loaded>
    </>
  );
}

function PolicyForm({ now }: { readonly now: Policy }) {
  const [draft, setDraft] = useState(now);
  const { busy, run } = useAttempt();
  const changed = JSON.stringify(draft) !== JSON.stringify(now);
  const onPurpose = now.mode !== 'contracts' || now.delayMs > 0;
  return (
    <form
      className="card"
      onSubmit={(event) => {
        event.preventDefault();
        void run('save', () => api.patch(apiPath('/emp/policy'), draft), 'The EMP answers so from now on').then(() =>
          refresh('/emp/policy'),
        );
      }}
    >
      <div className="body row wrap" style={{ alignItems: 'end' }}>
        <NativeSelect
          label="How AuthorizeStart is answered"
          data={MODES}
          value={draft.mode}
          onChange={(event) => setDraft({ ...draft, mode: event.currentTarget.value as Policy['mode'] })}
        />
        {draft.mode === 'reject-all' && (
          <NativeSelect
            label="With code"
            data={CODES}
            value={draft.code}
            onChange={(event) => setDraft({ ...draft, code: event.currentTarget.value })}
          />
        )}
        <NumberInput
          label="After, ms"
          w={110}
          min={0}
          max={600_000}
          step={500}
          value={draft.delayMs}
          onChange={(value) => setDraft({ ...draft, delayMs: Number(value) || 0 })}
        />
        <Button type="submit" disabled={!changed} loading={busy === 'save'}>
          Set
        </Button>
        {onPurpose && <span className="warn small">⚠ It misbehaves on purpose. Its answers are no defect.</span>}
      </div>
    </form>
  );
}

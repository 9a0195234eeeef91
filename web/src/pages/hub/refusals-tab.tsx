import { apiPath } from '../../api/client.ts';
import { useGet } from '../../api/queries.ts';
import type { Page } from '../../api/shapes.ts';
import { AppLink } from '../../app/router.tsx';
import { CheckList, type CheckStep } from '../../parts/check-list.tsx';
import { Desk, DetailCard } from '../../parts/desk.tsx';
import { dayTime } from '../../parts/format.ts';
import { RecordTable } from '../../parts/record-table.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';

export interface RefusedCall {
  readonly at: string;
  readonly operation: string;
  readonly caller: string;
  readonly code: string;
  readonly trace: string;
  readonly steps: readonly CheckStep[];
}

const failing = ({ steps }: RefusedCall): CheckStep | undefined => steps.find(({ ok }) => ok === false);

/** Which check refused a call: all of them in their order. */
export function RefusalsTab({ id }: { readonly id: string | undefined }) {
  const refusals = useGet<Page<RefusedCall>>(apiPath('/hub/refusals', { limit: 200 }));
  return (
    <Loaded query={refusals} what="the refused calls">
      {({ items }) => {
        if (items.length === 0)
          return (
            <EmptyState title="Nothing was refused">
              A call that the hub refuses itself stands here with each check that it was held to.
            </EmptyState>
          );
        const open = items.find((each) => each.trace === id);
        return (
          <Desk detail={open === undefined ? undefined : <RefusalCard refused={open} />}>
            <RecordTable
              label="Refused calls"
              items={items}
              keyOf={(each) => each.trace}
              to={(each) => `/hub/refusals/${each.trace}`}
              current={id}
              columns={[
                { head: 'At', cell: ({ at }) => dayTime(at) },
                { head: 'Operation', cell: ({ operation }) => operation },
                { head: 'Caller', cell: ({ caller }) => caller },
                { head: 'Code', cell: ({ code }) => <span className="bad">{code}</span> },
                { head: 'Said no', cell: (each) => failing(each)?.label ?? 'what was asked for' },
              ]}
            />
          </Desk>
        );
      }}
    </Loaded>
  );
}

function RefusalCard({ refused }: { readonly refused: RefusedCall }) {
  return (
    <DetailCard title={`${refused.operation}: ${refused.code}`} back="/hub/refusals">
      <CheckList steps={refused.steps} />
      <AppLink to={`/traces/${refused.trace}`}>All hops</AppLink>
    </DetailCard>
  );
}

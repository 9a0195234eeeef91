import { Button } from '@mantine/core';
import { apiPath } from '../../api/client.ts';
import { useGet } from '../../api/queries.ts';
import type { Page } from '../../api/shapes.ts';
import { go } from '../../app/router.tsx';
import { Tag } from '../../parts/atoms.tsx';
import { count, dayTime } from '../../parts/format.ts';
import { RecordTable } from '../../parts/record-table.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import type { Limit } from './hub-shapes.ts';

interface Pricing {
  readonly products: readonly {
    readonly operator: string;
    readonly products: {
      readonly PricingProductDataRecords?: readonly {
        readonly ProductID: string;
        readonly PricePerReferenceUnit?: number;
        readonly ReferenceUnit?: string;
        readonly ProductPriceCurrency?: string;
      }[];
    };
  }[];
  readonly evses: readonly {
    readonly operator: string;
    readonly pricing: { readonly EvseID?: string; readonly EvseIDProductList?: readonly string[] };
    readonly unknownProducts: readonly string[];
  }[];
}

export function PricingTab() {
  const pricing = useGet<Pricing>(apiPath('/hub/pricing'));
  return (
    <Loaded query={pricing} what="prices">
      {({ products, evses }) => {
        const rows = products.flatMap(({ operator, products: set }) =>
          (set.PricingProductDataRecords ?? []).map((record) => ({ operator, ...record })),
        );
        if (rows.length === 0 && evses.length === 0) {
          return (
            <EmptyState
              title="No operator has pushed prices"
              actions={
                <Button onClick={() => go('/compose?from=csms&to=hub&proto=oicp&action=PushPricingProductData')}>
                  Push some as the operator
                </Button>
              }
            >
              Products belong to operators; EVSEs name the product that is sold there. Flexible and dynamic contracts
              open these operations.
            </EmptyState>
          );
        }
        return (
          <>
            <RecordTable
              label="Products"
              items={rows}
              keyOf={({ operator, ProductID }) => `${operator} ${ProductID}`}
              columns={[
                { head: 'Product', cell: ({ ProductID }) => <b>{ProductID}</b> },
                { head: 'Operator', cell: ({ operator }) => <span className="mono">{operator}</span> },
                {
                  head: 'Price',
                  num: true,
                  cell: ({ PricePerReferenceUnit, ProductPriceCurrency }) =>
                    `${PricePerReferenceUnit ?? '–'} ${ProductPriceCurrency ?? ''}`,
                },
                { head: 'Per', cell: ({ ReferenceUnit }) => ReferenceUnit?.toLowerCase().replace('_', ' ') },
              ]}
            />
            {evses.length > 0 && (
              <RecordTable
                label="Products of EVSEs"
                items={evses}
                keyOf={({ operator, pricing: of }) => `${operator} ${of.EvseID}`}
                columns={[
                  { head: 'EVSE', cell: ({ pricing: of }) => <span className="mono">{of.EvseID}</span> },
                  { head: 'Products', cell: ({ pricing: of }) => of.EvseIDProductList?.join(', ') },
                  {
                    head: 'Unknown',
                    cell: ({ unknownProducts }) =>
                      unknownProducts.length === 0 ? (
                        <span className="ok">✓</span>
                      ) : (
                        <span className="warn">⚠ {unknownProducts.join(', ')}</span>
                      ),
                  },
                ]}
              />
            )}
          </>
        );
      }}
    </Loaded>
  );
}

interface AuthData {
  readonly owner: string;
  readonly id: string;
  readonly since: string;
  readonly alsoOf: readonly string[];
}

export function AuthDataTab() {
  const data = useGet<Page<AuthData>>(apiPath('/hub/auth-data', { limit: 500 }));
  return (
    <Loaded query={data} what="uploaded media">
      {({ items }) =>
        items.length === 0 ? (
          <EmptyState
            title="No EMP has uploaded its media"
            actions={<Button onClick={() => go('/emp/media')}>Upload as the EMP</Button>}
          >
            With uploaded media the hub answers by itself when the EMP cannot be reached.
          </EmptyState>
        ) : (
          <RecordTable
            label="Uploaded media"
            items={items}
            keyOf={({ owner, id }) => `${owner} ${id}`}
            columns={[
              { head: 'Medium', cell: ({ id }) => <span className="mono">{id}</span> },
              { head: 'EMP', cell: ({ owner }) => <span className="mono">{owner}</span> },
              { head: 'Since', quiet: true, cell: ({ since }) => dayTime(since) },
              {
                head: 'Also of',
                cell: ({ alsoOf }) =>
                  alsoOf.length === 0 ? '' : <span className="warn">⚠ {alsoOf.join(', ')}: the first answers</span>,
              },
            ]}
          />
        )
      }
    </Loaded>
  );
}

export function LimitsTab() {
  const limits = useGet<{ readonly enabled: boolean; readonly items: readonly Limit[] }>(apiPath('/hub/limits'));
  return (
    <Loaded query={limits} what="counts">
      {({ enabled, items }) => (
        <>
          <p className="muted small">
            <Tag tone={enabled ? 'warn' : undefined}>{enabled ? 'enforced' : 'counted only'}</Tag>{' '}
            {enabled
              ? 'Calls above the limit of a minute get 429.'
              : 'Calls above the limit are let through; set hub.rateLimits.enabled to refuse them with 429.'}
          </p>
          {items.length === 0 ? (
            <EmptyState title="Nobody has called yet">Each call of a partner counts here, by operation.</EmptyState>
          ) : (
            <RecordTable
              label="Calls beside their limits"
              items={items}
              keyOf={({ partner, operation }) => `${partner} ${operation}`}
              columns={[
                { head: 'Operation', cell: ({ operation }) => operation },
                { head: 'Partner', cell: ({ partner }) => <span className="mono">{partner}</span> },
                { head: 'This minute', num: true, cell: ({ calls }) => count(calls) },
                { head: 'Busiest minute', num: true, cell: ({ peak }) => count(peak) },
                { head: 'Limit', num: true, cell: ({ limit }) => count(limit) },
                {
                  head: 'Used',
                  num: true,
                  cell: ({ peak, limit }) => (
                    <span className={peak > limit ? 'bad' : undefined}>{Math.round((100 * peak) / limit)} %</span>
                  ),
                },
                { head: 'Refused', num: true, cell: ({ refused }) => count(refused) },
              ]}
            />
          )}
        </>
      )}
    </Loaded>
  );
}

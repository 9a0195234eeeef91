import type { ReactNode } from 'react';
import { AppLink, go } from '../app/router.tsx';
import './record-table.css';

export interface Column<T> {
  readonly head: string;
  /** Numbers stand right. */
  readonly num?: boolean;
  /** Buttons: no heading, at the end. */
  readonly actions?: boolean;
  readonly quiet?: boolean;
  cell(item: T): ReactNode;
}

/** Records of a service: a table, on narrow screens a list of cards. The first column leads to the record's own address. */
export function RecordTable<T>({
  label,
  items,
  columns,
  keyOf,
  to,
  current,
}: {
  readonly label: string;
  readonly items: readonly T[];
  readonly columns: readonly Column<T>[];
  keyOf(item: T): string;
  to?(item: T): string;
  readonly current?: string | undefined;
}) {
  return (
    <div className="card scroll-x">
      <table className="plain records" aria-label={label} aria-rowcount={items.length}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.head} className={column.num === true ? 'num' : undefined}>
                {column.actions === true ? <span className="visually-hidden">{column.head}</span> : column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => {
            const key = keyOf(item);
            const address = to?.(item);
            return (
              <tr
                key={key}
                data-key={key}
                data-link={address !== undefined}
                aria-current={current === key ? 'true' : undefined}
                onClick={(event) => {
                  // Links and buttons in the row do their own.
                  if (address !== undefined && !(event.target as Element).closest('a,button,input,label')) go(address);
                }}
              >
                {columns.map((column, index) => (
                  <td key={column.head} data-head={column.head} className={classOf(column)}>
                    <div>
                      {index === 0 && address !== undefined ? (
                        <AppLink to={address}>{column.cell(item)}</AppLink>
                      ) : (
                        column.cell(item)
                      )}
                    </div>
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function classOf({ num, actions, quiet }: Column<never>): string | undefined {
  const classes = [num === true ? 'num' : '', actions === true ? 'actions' : '', quiet === true ? 'muted' : ''];
  return classes.filter(Boolean).join(' ') || undefined;
}

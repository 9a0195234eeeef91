import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { go } from '../app/router.tsx';
import './desk.css';

/** A list, and beside it what is open of it. */
export function Desk({
  children,
  detail,
  listStays,
}: {
  readonly children: ReactNode;
  readonly detail?: ReactNode;
  /** Also on narrow screens, below what is open. */
  readonly listStays?: boolean;
}) {
  return (
    <div className="desk" data-open={detail !== undefined}>
      <div className="stack" data-stays={listStays === true}>
        {children}
      </div>
      {detail !== undefined && <aside aria-label="Detail">{detail}</aside>}
    </div>
  );
}

/** The card of what is open; closing it goes back to the list's address. */
export function DetailCard({
  title,
  back,
  actions,
  children,
}: {
  readonly title: ReactNode;
  /** Address of the list. */
  readonly back: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className="card" data-testid="detail">
      <header>
        <h2>{title}</h2>
        <span className="push" />
        {actions}
        <ActionIcon aria-label="Close the detail" onClick={() => go(back)}>
          <IconX size={15} />
        </ActionIcon>
      </header>
      <div className="body stack" style={{ gap: 12 }}>
        {children}
      </div>
    </section>
  );
}

/** Name and value pairs; what has no value does not stand there. */
export function Facts({ facts }: { readonly facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="facts">
      {facts
        .filter(([, value]) => value !== undefined && value !== null && value !== '')
        .map(([name, value]) => (
          <Fact key={name} name={name} value={value} />
        ))}
    </dl>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

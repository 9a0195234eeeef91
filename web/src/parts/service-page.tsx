import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useMeta } from '../api/queries.ts';
import { go } from '../app/router.tsx';
import { copyText } from './clipboard.ts';
import { EmptyState } from './states.tsx';
import { Tabs } from './tabs.tsx';
import '../pages/stations/stations.css';
import './desk.css';

export interface ServiceTab {
  readonly id: string;
  readonly label: string;
}

/** The page of one of the services: its tabs are addresses, and it says so when the service does not run. */
export function ServicePage({
  service,
  name,
  path,
  tabs,
  tab,
  children,
}: {
  readonly service: string;
  readonly name: string;
  readonly path: string;
  readonly tabs: readonly ServiceTab[];
  readonly tab: string;
  readonly children: ReactNode;
}) {
  const meta = useMeta();
  const known = meta.data?.services.find((each) => each.name === service);
  const missing = known?.health === 'off' || known?.health === 'down';
  return (
    <div className="page">
      <div className="page-tabs">
        <Tabs
          label={name}
          tabs={tabs}
          value={tab}
          onChange={(next) => go(next === tabs[0]?.id ? path : `${path}/${next}`)}
          testId="service-tab"
        />
      </div>
      {missing ? (
        <EmptyState
          title={`${name} does not run here`}
          actions={
            <>
              <Button onClick={() => void copyText(`compote ${service}`, 'Command copied')}>
                Copy <code>&nbsp;compote {service}</code>
              </Button>
              <Button variant="default" onClick={() => go('/')}>
                See what runs
              </Button>
            </>
          }
        >
          {known?.why ?? 'It was not started with the others.'} Start it beside this world, or start everything with{' '}
          <code>compote up</code>. This page fills itself when it answers.
        </EmptyState>
      ) : (
        children
      )}
    </div>
  );
}

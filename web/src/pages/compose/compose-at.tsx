import { Button } from '@mantine/core';
import { useMemo } from 'react';
import { apiPath } from '../../api/client.ts';
import { runningServices, useGet, useMe, useMeta, useStations } from '../../api/queries.ts';
import type { Meta, Page } from '../../api/shapes.ts';
import { go } from '../../app/router.tsx';
import { useScope } from '../../app/scope.tsx';
import { EmptyState, Loading } from '../../parts/states.tsx';
import { useMessage } from '../traffic/use-message.ts';
import { Composer } from './composer.tsx';
import type { ComposePlace } from './use-composing.ts';

/** The composer with the parties of this world and the message that it begins with. */
export function ComposeAt({ place, change }: { readonly place: ComposePlace; change(next: ComposePlace): void }) {
  const stations = useStations();
  const meta = useMeta();
  const simulated = useGet<Page<{ readonly identity: string }>>(apiPath('/sim/stations', { limit: 500 }));
  const scope = useScope();
  const me = useMe();
  const wanted = place['base'] === undefined ? undefined : Number(place['base']);
  const base = useMessage(wanted);
  const world = useMemo(
    () => ({
      stations: stations.data?.items ?? [],
      services: servicesOf(meta.data),
      simulated: new Set(simulated.data?.items.map(({ identity }) => identity)),
      scope,
      me: me.data,
    }),
    [stations.data, meta.data, simulated.data, scope, me.data],
  );
  // Where there is no CSMS there are no stations, and still a hub and an EMP to speak as.
  if (stations.data === undefined && stations.error === null) return <Loading what="the parties" />;
  if (wanted !== undefined && base.data === undefined && base.error === null) return <Loading what="the message" />;
  if (stations.data?.items.length === 0 && !world.services.some((name) => name === 'hub' || name === 'emp'))
    return (
      <EmptyState
        title="Nobody can be spoken to yet"
        actions={<Button onClick={() => go('/simulator')}>Simulate a station</Button>}
      >
        A message goes to a station, the hub or the EMP. A station is here once it was simulated or has connected.
      </EmptyState>
    );
  return <Composer place={place} world={world} base={base.data} change={change} />;
}

/** At the workbench what answers; at a service what its configuration knows, since it looks at nobody. */
function servicesOf(meta: Meta | undefined): string[] {
  const running = runningServices(meta);
  const known =
    running.length > 0
      ? running.filter(({ health }) => health !== 'down')
      : (meta?.services.filter(({ url }) => url !== undefined) ?? []);
  return known.map(({ name }) => name);
}

import { Button } from '@mantine/core';
import { useState } from 'react';
import { EmptyState } from '../parts/states.tsx';
import { Palette } from './palette.tsx';
import { go, usePlace } from './router.tsx';

/** Pages whose place is kept: what they will do, and what works today. */
const LATER: Readonly<Record<string, { readonly does: string; readonly instead: string; readonly path: string }>> = {
  rules: { does: 'answer, delay, drop or change messages by rules', instead: 'Compose a message', path: '/compose' },
  load: { does: 'drive many stations and measure', instead: 'Simulate stations', path: '/simulator' },
  checks: { does: 'run conformance checks against a system', instead: 'See findings', path: '/findings' },
  recordings: { does: 'keep, proxy and replay recordings', instead: 'Export the journal', path: '/settings' },
  proxies: { does: 'record between two foreign systems', instead: 'See traffic', path: '/traffic' },
  traces: { does: 'show where the time went', instead: 'See the sequence', path: '/sequence' },
  emp: { does: 'be the desk of the provider', instead: 'See traffic', path: '/traffic' },
  hub: { does: 'show the inside of the e-roaming hub', instead: 'See traffic', path: '/traffic' },
  pnc: { does: 'show the certificate world of Plug & Charge', instead: 'See traffic', path: '/traffic' },
  everest: { does: 'drive an EVerest over MQTT', instead: 'See traffic', path: '/traffic' },
};

export function NotFoundPage() {
  const { path } = usePlace();
  const later = LATER[path.split('/')[1] ?? ''];
  if (later !== undefined) {
    return (
      <EmptyState title="Not in this release" actions={<Button onClick={() => go(later.path)}>{later.instead}</Button>}>
        This page will {later.does}.
      </EmptyState>
    );
  }
  return <Nothing path={path} />;
}

/** Nothing stands there: the palette is open for what was meant. */
function Nothing({ path }: { readonly path: string }) {
  const [palette, setPalette] = useState(true);
  return (
    <>
      <EmptyState title="There is no such page" actions={<Button onClick={() => go('/')}>Home</Button>}>
        <code>{path}</code> names nothing here. <kbd>Ctrl K</kbd> finds pages, stations and messages.
      </EmptyState>
      {palette && <Palette onClose={() => setPalette(false)} />}
    </>
  );
}

import { createRootRoute, createRoute, createRouter, lazyRouteComponent, useRouterState } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, MouseEvent, ReactNode } from 'react';
import { ENTRY } from './entry-settings.ts';
import { Frame } from './frame.tsx';
import { NotFoundPage } from './not-found.tsx';

/** Search parameters are plain texts: what stands in the address is what was typed. */
export type Search = Readonly<Record<string, string | undefined>>;

const root = createRootRoute({
  component: Frame,
  notFoundComponent: NotFoundPage,
  validateSearch: (search: Record<string, unknown>): Search => search as Search,
});

const page = <Path extends string>(path: Path, load: () => Promise<Record<string, unknown>>, name: string) =>
  createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load as never, name as never) });

const traffic = () => import('../pages/traffic/traffic-page.tsx');
const sessions = () => import('../pages/sessions/sessions-page.tsx');
const stations = () => import('../pages/stations/stations-page.tsx');
const station = () => import('../pages/stations/station-page.tsx');
const simulator = () => import('../pages/simulator/simulator-page.tsx');
const emp = () => import('../pages/emp/emp-page.tsx');
const hub = () => import('../pages/hub/hub-page.tsx');
const pnc = () => import('../pages/pnc/pnc-page.tsx');
const everest = () => import('../pages/everest/everest-page.tsx');
const findings = () => import('../pages/findings/findings-page.tsx');

const routes = root.addChildren([
  page('/', () => import('../pages/home/home-page.tsx'), 'HomePage'),
  page('/traffic', traffic, 'TrafficPage'),
  page('/m/$seq', () => import('../pages/traffic/message-page.tsx'), 'MessagePage'),
  page('/diff', () => import('../pages/traffic/diff-page.tsx'), 'DiffPage'),
  page('/sequence', () => import('../pages/sequence/sequence-page.tsx'), 'SequencePage'),
  page('/sessions', sessions, 'SessionsPage'),
  page('/sessions/by/$kind/$', () => import('../pages/sessions/session-lookup.tsx'), 'SessionLookup'),
  page('/sessions/$id', () => import('../pages/sessions/session-page.tsx'), 'SessionPage'),
  page('/findings', findings, 'FindingsPage'),
  page('/findings/$id', findings, 'FindingsPage'),
  page('/findings/rules/$rule', findings, 'FindingsPage'),
  page('/logs', () => import('../pages/logs/logs-page.tsx'), 'LogsPage'),
  page('/compose', () => import('../pages/compose/compose-page.tsx'), 'ComposePage'),
  page('/simulator', simulator, 'SimulatorPage'),
  page('/simulator/$id', simulator, 'SimulatorPage'),
  page('/simulator/$tab/$id', simulator, 'SimulatorPage'),
  page('/stations', stations, 'StationsPage'),
  page('/stations/tokens', () => import('../pages/stations/tokens-page.tsx'), 'TokensPage'),
  page('/stations/refused', stations, 'RefusedPage'),
  page('/stations/id/$id', station, 'StationPage'),
  page('/stations/$id', station, 'StationPage'),
  page('/stations/$id/$tab', station, 'StationPage'),
  page('/emp', emp, 'EmpPage'),
  page('/emp/$tab', emp, 'EmpPage'),
  page('/emp/$tab/$id', emp, 'EmpPage'),
  page('/hub', hub, 'HubPage'),
  page('/hub/$tab', hub, 'HubPage'),
  page('/hub/$tab/$id', hub, 'HubPage'),
  page('/pnc', pnc, 'PncPage'),
  page('/pnc/$tab', pnc, 'PncPage'),
  page('/pnc/$tab/$id', pnc, 'PncPage'),
  page('/everest', everest, 'EverestPage'),
  page('/everest/$tab', everest, 'EverestPage'),
  page('/everest/$tab/$id', everest, 'EverestPage'),
  page('/traces', () => import('../pages/traces/traces-page.tsx'), 'TracesPage'),
  page('/traces/$id', () => import('../pages/traces/trace-page.tsx'), 'TracePage'),
  page('/apis', () => import('../pages/apis/apis-page.tsx'), 'ApisPage'),
  page('/settings', () => import('../pages/settings/settings-page.tsx'), 'SettingsPage'),
  page('/login', () => import('../pages/login-page.tsx'), 'LoginPage'),
]);

export const router = createRouter({
  routeTree: routes,
  basepath: ENTRY.base,
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const params = new URLSearchParams();
    for (const [name, value] of Object.entries(search))
      if (value !== undefined && value !== null && value !== '') params.set(name, String(value));
    const text = params.toString();
    return text === '' ? '' : `?${text}`;
  },
  defaultPreload: false,
  scrollRestoration: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

/** The address of a page of the app, for `href` and the clipboard. */
export function hrefOf(path: string): string {
  return `${ENTRY.base}${path.replace(/^\//, '')}`;
}

export function go(path: string, options: { readonly replace?: boolean } = {}): void {
  if (options.replace === true) router.history.replace(hrefOf(path));
  else router.history.push(hrefOf(path));
}

/** A link within the app: a real address (copy, new tab), without loading the page anew. */
export function AppLink({
  to,
  children,
  onClick,
  ...rest
}: { readonly to: string; readonly children?: ReactNode } & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'>) {
  return (
    <a
      href={hrefOf(to)}
      onClick={(event: MouseEvent<HTMLAnchorElement>) => {
        onClick?.(event);
        if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        go(to);
      }}
      {...rest}
    >
      {children}
    </a>
  );
}

/** The path below the app's base, and the search parameters. */
export function usePlace(): { readonly path: string; readonly search: Search } {
  const location = useRouterState({ select: (state) => state.location });
  return { path: location.pathname, search: location.search as Search };
}

/** Named parts of the address. */
export function useParams(): Readonly<Record<string, string | undefined>> {
  return useRouterState({
    select: (state) => (state.matches.at(-1)?.params ?? {}) as Readonly<Record<string, string | undefined>>,
  });
}

/** Changes search parameters: `push` makes a history entry, the default replaces the present one. */
export function setSearch(change: Search, options: { readonly push?: boolean } = {}): void {
  const { pathname, search } = router.state.location;
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...(search as Search), ...change }))
    if (value !== undefined && value !== '') params.set(name, value);
  const text = params.toString();
  go(`${pathname}${text === '' ? '' : `?${text}`}`, { replace: options.push !== true });
}

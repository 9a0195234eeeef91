import { Tooltip } from '@mantine/core';
import { apiPath } from '../api/client.ts';
import { runningServices, useGet, useMeta } from '../api/queries.ts';
import { HealthMark } from '../parts/atoms.tsx';
import { count } from '../parts/format.ts';
import { type Page, visibleGroups } from './navigation.ts';
import { setPreferences, usePreferences } from './preferences.ts';
import { AppLink, usePlace } from './router.tsx';
import { useScope } from './scope.tsx';

/** The pages that this entry has, and which services answer. */
export function Sidebar() {
  const { path } = usePlace();
  const meta = useMeta();
  const { hiddenPages } = usePreferences();
  const groups = visibleGroups(meta.data, hiddenPages, useScope());
  const services = runningServices(meta.data);
  return (
    <nav className="frame-nav" aria-label="Pages">
      {groups.map((group) => (
        <section key={group.label}>
          <h2 className="caps">{group.label}</h2>
          {group.pages.map((page) => (
            <NavLink key={page.id} page={page} current={isCurrent(page, path)} />
          ))}
        </section>
      ))}
      {services.length > 0 && (
        <section className="frame-services" aria-label="Services">
          {services.map((service) => (
            <span key={service.name} title={service.why ?? service.url}>
              <HealthMark health={service.health ?? 'off'}>{SHORT[service.name] ?? service.name}</HealthMark>
            </span>
          ))}
        </section>
      )}
    </nav>
  );
}

const SHORT: Readonly<Record<string, string>> = {
  csms: 'CSMS',
  hub: 'Hub',
  emp: 'EMP',
  trust: 'P&C',
  everest: 'EVerest',
  station: 'Stations',
  workbench: 'Bench',
};

function isCurrent(page: Page, path: string): boolean {
  if (page.path === '/') return path === '/';
  return (
    path === page.path || path.startsWith(`${page.path}/`) || (page.id === 'traffic' && /^\/(m|diff)(\/|$)/.test(path))
  );
}

function NavLink({ page, current }: { readonly page: Page; readonly current: boolean }) {
  const Icon = page.icon;
  const { sidebar } = usePreferences();
  const link = (
    <AppLink to={page.path} data-testid={`nav-${page.id}`} aria-current={current ? 'page' : undefined}>
      <Icon size={17} stroke={1.6} />
      <span>{page.label}</span>
      {page.id === 'findings' && <FindingsBadge />}
      {sidebar === 'small' && <b className="visually-hidden">{page.label}</b>}
    </AppLink>
  );
  return sidebar === 'small' ? (
    <Tooltip label={page.label} position="right">
      {link}
    </Tooltip>
  ) : (
    link
  );
}

/** How many findings are open, muted ones left out. */
function FindingsBadge() {
  const { data } = useGet<{ readonly items: readonly { readonly count: number }[] }>(
    apiPath('/findings/groups', { by: 'rule', status: 'open' }),
  );
  const open = data?.items.reduce((sum, group) => sum + group.count, 0) ?? 0;
  if (open === 0) return null;
  return (
    <i className="tag push" data-testid="findings-badge" title={`${count(open)} open findings`}>
      {count(open)}
    </i>
  );
}

export function toggleSidebar(): void {
  const small = document.querySelector('.frame')?.getAttribute('data-sidebar') === 'small';
  setPreferences({ sidebar: small ? 'open' : 'small' });
}

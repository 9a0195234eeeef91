import { ActionIcon, Drawer, Menu, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import {
  IconLayoutSidebar,
  IconMenu2,
  IconMoon,
  IconQuestionMark,
  IconSearch,
  IconSun,
  IconUser,
} from '@tabler/icons-react';
import { Outlet } from '@tanstack/react-router';
import { Suspense, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { api, apiPath } from '../api/client.ts';
import { live, useLiveEvent, useLiveStatus } from '../api/live.ts';
import { queryClient, refresh, useMe, useMeta } from '../api/queries.ts';
import { copyText } from '../parts/clipboard.ts';
import { clockTime, count } from '../parts/format.ts';
import { Boundary, Loading } from '../parts/states.tsx';
import { ENTRY } from './entry-settings.ts';
import './frame.css';
import { KeyHelp } from './key-help.tsx';
import { type KeyBinding, useKeys } from './keys.ts';
import { resetLiveMode, useLiveMode } from './live-mode.ts';
import { visibleGroups } from './navigation.ts';
import { focusHeading, usePageHeading } from './page-title.ts';
import { Palette } from './palette.tsx';
import { setPreferences, usePreferences } from './preferences.ts';
import { AppLink, go, usePlace } from './router.tsx';
import { Sidebar } from './sidebar.tsx';

/** Header, sidebar, banners, and the page. */
export function Frame() {
  const { path } = usePlace();
  const { sidebar } = usePreferences();
  const [drawer, setDrawer] = useState(false);
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  const main = useRef<HTMLElement>(null);
  const heading = usePageHeading();
  const { state } = useLiveMode();
  const meta = useMeta();
  const pages = visibleGroups(meta.data, usePreferences().hiddenPages).flatMap((group) => group.pages);

  useEffect(() => {
    document.documentElement.dataset['scope'] = ENTRY.scope;
  }, []);
  // Before the page's own effects, which may hold its list at once.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page begins at its top, live
  useLayoutEffect(() => {
    resetLiveMode();
    setDrawer(false);
    main.current?.scrollTo(0, 0);
  }, [path]);
  useFollowChanges();
  useKeptFocus(path, heading);

  const goKeys: KeyBinding[] = pages.map((page) => ({
    keys: `g ${page.key}`,
    does: `Go to ${page.label}`,
    run: () => go(page.path),
  }));
  useKeys([
    { keys: 'Ctrl+k', does: 'Find pages, stations, messages', run: () => setPalette(true) },
    { keys: '?', does: 'Show the keys of this page', run: () => setHelp(true) },
    { keys: '[', does: 'Sidebar small or open', run: toggleSidebar },
    { keys: 'c', does: 'Compose a message', run: () => go('/compose') },
    { keys: 'y', does: 'Copy the link of what is shown', run: () => void copyText(location.href, 'Link copied') },
    ...goKeys,
  ]);

  return (
    <div className="frame" data-testid="app" data-sidebar={sidebar}>
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <AppLink to="/" className="frame-brand" aria-label="Compote, home">
        <img src={`${ENTRY.base}icon.svg`} alt="" />
        <span>Compote</span>
      </AppLink>
      <header className="frame-head">
        <ActionIcon className="only-narrow" aria-label="Menu" onClick={() => setDrawer(true)} hiddenFrom="sm">
          <IconMenu2 size={18} />
        </ActionIcon>
        <h1 tabIndex={-1}>
          {heading.page} {heading.what !== '' && <span className="muted">{heading.what}</span>}
        </h1>
        <span className="push" />
        <button type="button" className="frame-search" onClick={() => setPalette(true)} aria-label="Go to … Ctrl K">
          <IconSearch size={14} />
          <span>Go to …</span>
          <kbd>Ctrl K</kbd>
        </button>
        {ENTRY.scope !== 'all' && <span className="tag">{ENTRY.scope.toUpperCase()}</span>}
        <LiveBadge />
        <ThemeButton />
        <Tooltip label="Keys of this page (?)">
          <ActionIcon aria-label="Keys of this page" onClick={() => setHelp(true)} visibleFrom="sm">
            <IconQuestionMark size={16} />
          </ActionIcon>
        </Tooltip>
        <UserMenu />
      </header>
      <Sidebar />
      <div className="frame-banners">
        <Banners />
      </div>
      <main className="frame-main" id="main" ref={main} data-frozen={state === 'frozen'}>
        <Boundary resetKey={path}>
          <Suspense fallback={<Loading what="the page" />}>
            <Outlet />
          </Suspense>
        </Boundary>
      </main>
      <Drawer
        opened={drawer}
        onClose={() => setDrawer(false)}
        title="Compote"
        size={260}
        className="frame-drawer"
        closeButtonProps={{ 'aria-label': 'Close the menu' }}
      >
        <Sidebar />
      </Drawer>
      {palette && <Palette onClose={() => setPalette(false)} />}
      <KeyHelp opened={help} onClose={() => setHelp(false)} />
    </div>
  );
}

/** What had the focus went away with its page: the heading of the new one takes it (WCAG 2.4.3). The first page is left alone. */
function useKeptFocus(path: string, heading: unknown): void {
  const first = useRef(path);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a page that has come names itself
  useEffect(() => {
    if (path === first.current) return;
    first.current = '';
    if (document.activeElement === document.body) focusHeading();
  }, [path, heading]);
}

function toggleSidebar(): void {
  const small = document.querySelector('.frame')?.getAttribute('data-sidebar') === 'small';
  setPreferences({ sidebar: small ? 'open' : 'small' });
}

/** What changed on the server is asked for again, at most four times a second for each kind. */
function useFollowChanges(): void {
  const due = useRef(new Set<string>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const { state, resync } = useLiveStatus();
  const was = useRef(state);
  useLiveEvent('*', (_data, event) => {
    const changed = CHANGES[event];
    if (changed === undefined) return;
    for (const prefix of changed) due.current.add(prefix);
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      refresh(...due.current);
      due.current.clear();
    }, 250);
  });
  useEffect(() => {
    // What happened while the line was cut is not known: everything that is shown is read anew.
    if (state === 'live' && (resync === true || (was.current !== 'live' && was.current !== 'connecting')))
      void queryClient.invalidateQueries();
    if (state === 'live' && resync === true)
      notifications.show({ id: 'resync', message: 'Missed events: the page was read anew from the journal' });
    was.current = state;
  }, [state, resync]);
}

/** Event -> addresses that it touches. */
const CHANGES: Readonly<Record<string, readonly string[]>> = {
  topology: ['/topology'],
  service: ['/meta', '/topology', '/demo'],
  station: ['/stations'],
  transaction: ['/transactions', '/stations', '/sessions'],
  session: ['/sessions'],
  token: ['/tokens'],
  item: ['/stations'],
  finding: ['/findings'],
  sim: ['/sim'],
  'sim-run': ['/sim/runs'],
  demo: ['/demo/runs'],
  settings: ['/settings', '/meta'],
};

interface Rates {
  readonly total: number;
  readonly byProto: Readonly<Record<string, number>>;
}

function LiveBadge() {
  const status = useLiveStatus();
  const mode = useLiveMode();
  const [rates, setRates] = useState<Rates>();
  useLiveEvent('rates', (data) => setRates(data as Rates));
  const state = status.state === 'live' ? mode.state : status.state;
  const words: Record<typeof state, string> = {
    live: '● Live',
    held: '◐ Held',
    frozen: `■ Frozen${mode.asOf === undefined ? '' : ` at #${mode.asOf}`}`,
    connecting: '○ Connecting',
    reconnecting: '▲ Reconnecting',
    offline: '✗ Offline',
  };
  const rate = rates?.total ?? 0;
  const detail = Object.entries(rates?.byProto ?? {})
    .map(([protocol, value]) => `${protocol} ${value}/s`)
    .join(', ');
  return (
    <Tooltip label={detail === '' ? 'Messages come in live' : detail}>
      <span className="live-badge" data-testid="live-badge" data-state={state}>
        {words[state]}
        {state === 'live' && rate > 0 && <i>{count(rate)}/s</i>}
      </span>
    </Tooltip>
  );
}

function Banners() {
  const { state, lastHeard } = useLiveStatus();
  const [late, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    if (state === 'live' || state === 'connecting') return;
    const timer = setTimeout(() => setLate(true), 2_000);
    return () => clearTimeout(timer);
  }, [state]);
  if (!late) return null;
  return (
    <div className="banner" data-testid="banner" data-kind={state} role="status">
      {state === 'offline' ? '✗ The server does not answer.' : '▲ Live link lost.'} What you see was true at{' '}
      {clockTime(lastHeard, 0)}.
      <button type="button" className="frame-search" onClick={() => live.retry()}>
        Try now
      </button>
    </div>
  );
}

function ThemeButton() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <Tooltip label={`Change to ${other}`}>
      <ActionIcon aria-label={`Change to ${other}`} onClick={() => setColorScheme(other)}>
        {scheme === 'dark' ? <IconSun size={16} /> : <IconMoon size={16} />}
      </ActionIcon>
    </Tooltip>
  );
}

function UserMenu() {
  const me = useMe();
  const { sidebar } = usePreferences();
  const unknown = me.error !== null;
  useEffect(() => {
    if (unknown && (me.error as { status?: number }).status === 401) go('/login', { replace: true });
  }, [unknown, me.error]);
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon aria-label="Who I am">
          <IconUser size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{me.data === undefined ? 'Not logged in' : `${me.data.name} · ${me.data.role}`}</Menu.Label>
        <Menu.Item onClick={() => go('/settings')}>Settings</Menu.Item>
        <Menu.Item leftSection={<IconLayoutSidebar size={14} />} onClick={toggleSidebar}>
          {sidebar === 'small' ? 'Open' : 'Small'} sidebar
        </Menu.Item>
        {me.data !== undefined && me.data.name !== 'local' && (
          <Menu.Item
            onClick={() => {
              void api.post(apiPath('/auth/logout')).then(() => location.reload());
            }}
          >
            Log out
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

import { ActionIcon, Drawer, Tooltip } from '@mantine/core';
import { IconMenu2, IconQuestionMark, IconSearch } from '@tabler/icons-react';
import { Outlet } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useMeta } from '../api/queries.ts';
import { copyText } from '../parts/clipboard.ts';
import { Boundary, Loading } from '../parts/states.tsx';
import { openComposeDrawer, useComposeDrawer } from './compose-drawer-state.ts';
import { ENTRY } from './entry-settings.ts';
import { useFollowChanges } from './follow-changes.ts';
import { ForeignJournal, linkOfThis } from './foreign-journal.tsx';
import './frame.css';
import { KeyHelp } from './key-help.tsx';
import { type KeyBinding, useKeys } from './keys.ts';
import { Banners, LiveBadge } from './live-badge.tsx';
import { resetLiveMode, useLiveMode } from './live-mode.ts';
import { visibleGroups } from './navigation.ts';
import { focusHeading, usePageHeading } from './page-title.ts';
import { Palette } from './palette.tsx';
import { usePreferences } from './preferences.ts';
import { AppLink, go, usePlace } from './router.tsx';
import { foreignPage, OutOfScope, useScope } from './scope.tsx';
import { Sidebar, toggleSidebar } from './sidebar.tsx';
import { ThemeButton, UserMenu } from './user-menu.tsx';

const ComposeDrawer = lazy(() => import('../pages/compose/compose-drawer.tsx'));

/** Header, sidebar, banners, and the page. */
export function Frame() {
  const { path, search } = usePlace();
  const { sidebar } = usePreferences();
  const [drawer, setDrawer] = useState(false);
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  const main = useRef<HTMLElement>(null);
  const heading = usePageHeading();
  const { state } = useLiveMode();
  const composing = useComposeDrawer() !== undefined;
  const meta = useMeta();
  const scope = useScope();
  const foreign = foreignPage(path, scope);
  const pages = visibleGroups(meta.data, usePreferences().hiddenPages, scope).flatMap((group) => group.pages);

  useEffect(() => {
    document.documentElement.dataset['scope'] = scope;
  }, [scope]);
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
    { keys: 'c', does: 'Compose a message beside this page', run: () => openComposeDrawer() },
    {
      keys: 'y',
      does: 'Copy the link of what is shown',
      run: () => void copyText(linkOfThis(meta.data?.epoch), 'Link copied'),
    },
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
        {scope !== 'all' && <span className="tag">{scope.toUpperCase()}</span>}
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
            {foreign !== undefined && scope !== 'all' ? (
              <OutOfScope page={foreign} scope={scope} />
            ) : search['j'] !== undefined && meta.data === undefined ? (
              <Loading what="the journal" />
            ) : search['j'] !== undefined && search['j'] !== meta.data?.epoch ? (
              <ForeignJournal epoch={search['j']} />
            ) : (
              <Outlet />
            )}
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
      {composing && (
        <Suspense fallback={null}>
          <ComposeDrawer />
        </Suspense>
      )}
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

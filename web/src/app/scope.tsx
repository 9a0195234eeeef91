import { Button } from '@mantine/core';
import { useMe } from '../api/queries.ts';
import { EmptyState } from '../parts/states.tsx';
import { ENTRY, type Scope } from './entry-settings.ts';
import { PAGE_GROUPS, type Page } from './navigation.ts';
import { go } from './router.tsx';

export const HALVES: Readonly<Record<Exclude<Scope, 'all'>, string>> = { cpo: 'operator', emp: 'provider' };

/** The half that is shown: the entry's, or that of whoever is logged in. The servers hold it; the page says it. */
export function useScope(): Scope {
  const me = useMe();
  return ENTRY.scope === 'all' ? (me.data?.scope ?? 'all') : ENTRY.scope;
}

/** The page of an address that the scope leaves out. */
export function foreignPage(path: string, scope: Scope): Page | undefined {
  const first = `/${path.split('/')[1] ?? ''}`;
  return PAGE_GROUPS.flatMap((group) => group.pages).find(
    (page) => page.path === first && !page.scopes.includes(scope),
  );
}

/** A page of the other half: it is there, and not here. */
export function OutOfScope({ page, scope }: { readonly page: Page; readonly scope: Exclude<Scope, 'all'> }) {
  return (
    <EmptyState title="Not in this scope" actions={<Button onClick={() => go('/')}>Home</Button>}>
      {page.label} belongs to the other half of the world: here is the {HALVES[scope]}’s.{' '}
      {ENTRY.scope === 'all' ? 'Your access token is for this half only.' : 'The workbench shows both.'}
    </EmptyState>
  );
}

import { Button } from '@mantine/core';
import { EmptyState } from '../parts/states.tsx';
import { go, setSearch, usePlace } from './router.tsx';

/** The address of what is shown, with the journal that its numbers belong to: elsewhere they name other messages. */
export function linkOfThis(epoch: string | undefined): string {
  const url = new URL(location.href);
  if (epoch !== undefined) url.searchParams.set('j', epoch);
  return url.href;
}

/** Instead of the page, where a link was made over another journal: never a wrong message. */
export function ForeignJournal({ epoch }: { readonly epoch: string }) {
  const { path } = usePlace();
  const one = /^\/(m|diff)(\/|$)/.test(path);
  return (
    <EmptyState
      title="This link belongs to another journal"
      actions={
        <>
          <Button onClick={() => go('/settings?tab=journal')}>Load a recording</Button>
          <Button
            variant="default"
            onClick={() => (one ? go('/traffic') : setSearch({ j: undefined, sel: undefined, asof: undefined }))}
          >
            {one ? 'See the present traffic' : 'Open the same filter on the present journal'}
          </Button>
        </>
      }
    >
      It was made over the journal <code>{epoch}</code>, which is not loaded here. Its message numbers would name other
      messages now.
    </EmptyState>
  );
}

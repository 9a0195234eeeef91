import { usePageTitle } from '../../app/page-title.ts';
import { setSearch, usePlace } from '../../app/router.tsx';
import { ComposeAt } from './compose-at.tsx';
import type { ComposePlace } from './use-composing.ts';

/** The composer as a page: what is composed stands in the address. */
export function ComposePage() {
  const { search } = usePlace();
  usePageTitle('Compose', search['action']);
  const change = (next: ComposePlace): void =>
    setSearch({
      from: undefined,
      to: undefined,
      action: undefined,
      base: undefined,
      mode: undefined,
      ver: undefined,
      ...next,
    });
  return <ComposeAt place={search} change={change} />;
}

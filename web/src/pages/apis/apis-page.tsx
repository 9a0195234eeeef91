import { NativeSelect, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useMemo } from 'react';
import { apiPath } from '../../api/client.ts';
import { useGet } from '../../api/queries.ts';
import { usePageTitle } from '../../app/page-title.ts';
import { setSearch, usePlace } from '../../app/router.tsx';
import { dayTime } from '../../parts/format.ts';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import './apis.css';
import type { ApiDocument } from './api-shapes.ts';
import { OperationLine } from './operation-line.tsx';

/** Every HTTP interface of the world, with something to try. */
export function ApisPage() {
  usePageTitle('API docs');
  const { search } = usePlace();
  const documents = useGet<{ readonly items: readonly ApiDocument[] }>(apiPath('/apis'));
  return (
    <div className="page">
      <Loaded query={documents} what="the documents">
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="No service answers">Start one to see its interface.</EmptyState>
          ) : (
            <Documents items={items} search={search} />
          )
        }
      </Loaded>
    </div>
  );
}

function Documents({
  items,
  search,
}: {
  readonly items: readonly ApiDocument[];
  readonly search: Readonly<Record<string, string | undefined>>;
}) {
  const key = (each: ApiDocument): string => `${each.service} ${each.path}`;
  const chosen = items.find((each) => key(each) === search['doc']) ?? items[0];
  const wanted = (search['q'] ?? '').toLowerCase();
  const operations = useMemo(
    () =>
      Object.entries(chosen?.document.paths ?? {})
        .flatMap(([path, methods]) =>
          Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
        )
        .filter(({ path, operation }) => `${path} ${operation.summary}`.toLowerCase().includes(wanted)),
    [chosen, wanted],
  );
  if (chosen === undefined) return null;
  const tags = [...new Set(operations.map(({ operation }) => operation.tags?.[0] ?? 'other'))];
  return (
    <>
      <div className="page-head">
        <NativeSelect
          aria-label="Document"
          data={items.map((each) => ({
            value: key(each),
            label: `${each.title}: ${each.document.info.title}${each.answers ? '' : ' (does not answer)'}`,
          }))}
          value={key(chosen)}
          onChange={(event) => setSearch({ doc: event.currentTarget.value })}
        />
        <TextInput
          aria-label="Find operations"
          placeholder="Path or words …"
          leftSection={<IconSearch size={14} />}
          value={search['q'] ?? ''}
          onChange={(event) => setSearch({ q: event.currentTarget.value })}
          w={260}
        />
        <span className="muted small">{operations.length} operations</span>
      </div>
      {!chosen.answers && (
        <p className="warn" data-testid="stale-document">
          {chosen.title} does not answer. This is its document of {dayTime(chosen.seenAt)}, as it was last seen.
        </p>
      )}
      {chosen.document.info.description !== undefined && <p className="muted">{chosen.document.info.description}</p>}
      {tags.map((tag) => (
        <section key={tag} className="card">
          <header>
            <h2>{tag}</h2>
          </header>
          {operations
            .filter(({ operation }) => (operation.tags?.[0] ?? 'other') === tag)
            .map((each) => (
              <OperationLine key={each.method + each.path} service={chosen.service} {...each} />
            ))}
        </section>
      ))}
    </>
  );
}

import { NativeSelect, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useMemo } from 'react';
import { apiPath } from '../../api/client.ts';
import { useGet } from '../../api/queries.ts';
import { usePageTitle } from '../../app/page-title.ts';
import { setSearch, usePlace } from '../../app/router.tsx';
import { copyText } from '../../parts/clipboard.ts';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import './apis.css';

interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly description?: string;
    readonly schema?: { readonly type?: string };
  }[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: unknown }>> };
  readonly responses?: Readonly<Record<string, { readonly description?: string }>>;
}

interface Document {
  readonly service: string;
  readonly title: string;
  readonly path: string;
  readonly document: {
    readonly info: { readonly title: string; readonly version: string; readonly description?: string };
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  };
}

/** Every HTTP interface of the world, with something to try. */
export function ApisPage() {
  usePageTitle('API docs');
  const { search } = usePlace();
  const documents = useGet<{ readonly items: readonly Document[] }>(apiPath('/apis'));
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
  readonly items: readonly Document[];
  readonly search: Readonly<Record<string, string | undefined>>;
}) {
  const key = (each: Document): string => `${each.service} ${each.path}`;
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
          data={items.map((each) => ({ value: key(each), label: `${each.title}: ${each.document.info.title}` }))}
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
      {chosen.document.info.description !== undefined && <p className="muted">{chosen.document.info.description}</p>}
      {tags.map((tag) => (
        <section key={tag} className="card">
          <header>
            <h2>{tag}</h2>
          </header>
          {operations
            .filter(({ operation }) => (operation.tags?.[0] ?? 'other') === tag)
            .map((each) => (
              <OperationLine key={each.method + each.path} {...each} />
            ))}
        </section>
      ))}
    </>
  );
}

function OperationLine({
  path,
  method,
  operation,
}: {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}) {
  const schema = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
  const curl = `curl ${method === 'get' ? '' : `-X ${method.toUpperCase()} `}'${location.origin}${path}'${
    schema === undefined ? '' : " -H 'content-type: application/json' -d '{}'"
  }`;
  return (
    <details className="operation" data-testid="operation">
      <summary>
        <span className="method" data-method={method}>
          {method.toUpperCase()}
        </span>
        <code className="clip">{path}</code>
        <span className="muted clip">{operation.summary}</span>
      </summary>
      <div className="body stack">
        {operation.description !== undefined && <p>{operation.description}</p>}
        {(operation.parameters?.length ?? 0) > 0 && (
          <table className="plain">
            <thead>
              <tr>
                <th>Parameter</th>
                <th>Where</th>
                <th>Type</th>
                <th>Meaning</th>
              </tr>
            </thead>
            <tbody>
              {operation.parameters?.map((parameter) => (
                <tr key={parameter.in + parameter.name}>
                  <td className="mono">
                    {parameter.name}
                    {parameter.required === true && <span className="bad"> required</span>}
                  </td>
                  <td>{parameter.in}</td>
                  <td>{parameter.schema?.type}</td>
                  <td className="muted">{parameter.description}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {schema !== undefined && (
          <>
            <h3>Body</h3>
            <pre className="raw card">{JSON.stringify(schema, null, 2)}</pre>
          </>
        )}
        <p className="small muted">
          Answers{' '}
          {Object.entries(operation.responses ?? {})
            .map(([status, response]) => `${status} ${response.description ?? ''}`)
            .join(' · ')}
        </p>
        <div className="row wrap">
          <code>{curl}</code>
          <button type="button" className="chip" onClick={() => void copyText(curl, 'curl copied')}>
            Copy
          </button>
        </div>
      </div>
    </details>
  );
}

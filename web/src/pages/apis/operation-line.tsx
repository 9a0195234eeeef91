import { apiPath } from '../../api/client.ts';
import { useGet } from '../../api/queries.ts';
import type { Page } from '../../api/shapes.ts';
import { AppLink } from '../../app/router.tsx';
import { copyText } from '../../parts/clipboard.ts';
import type { Operation } from './api-shapes.ts';

/** One operation: what it takes, what it answers, how to call it, and the composer where it is a message. */
export function OperationLine({
  service,
  path,
  method,
  operation,
}: {
  readonly service: string;
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}) {
  const schema = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
  const curl = `curl ${method === 'get' ? '' : `-X ${method.toUpperCase()} `}'${location.origin}${path}'${
    schema === undefined ? '' : " -H 'content-type: application/json' -d '{}'"
  }`;
  const compose = useComposeLink(service, path, operation);
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
          {compose !== undefined && (
            <AppLink className="chip" to={compose}>
              Open in the composer
            </AppLink>
          )}
        </div>
      </div>
    </details>
  );
}

/** Operations that are messages between two parties: those of OICP, and sending to a station. */
function useComposeLink(service: string, path: string, { summary = '' }: Operation): string | undefined {
  const action = /^([A-Z]\w+): /.exec(summary)?.[1];
  const isOicp = action !== undefined && !path.startsWith('/api/v1/');
  const { data } = useGet<Page<{ readonly action: string; readonly from: string; readonly to: string }>>(
    isOicp ? apiPath('/actions', { proto: 'oicp' }) : undefined,
  );
  if (path === '/api/v1/stations/{id}/ocpp/{action}') return '/compose?from=csms';
  const row = isOicp ? data?.items.find((each) => each.action === action && each.to === service) : undefined;
  return row === undefined ? undefined : `/compose?from=${row.from}&to=${row.to}&action=${row.action}`;
}

import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { IconRefresh, IconSearch } from '@tabler/icons-react';
import { api, apiPath, part } from '../../api/client.ts';
import { runningServices, useGet, useMeta } from '../../api/queries.ts';
import type { Page, Row } from '../../api/shapes.ts';
import { usePageTitle } from '../../app/page-title.ts';
import { AppLink, go, setSearch, usePlace } from '../../app/router.tsx';
import { clockTime } from '../../parts/format.ts';
import { EmptyState, Loaded } from '../../parts/states.tsx';

interface LogLine {
  readonly time: number;
  readonly level: string;
  readonly text: string;
  readonly messageId?: string;
  readonly traceId?: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

const TONE: Readonly<Record<string, string>> = {
  error: 'bad',
  fatal: 'bad',
  warn: 'warn',
  debug: 'muted',
  trace: 'muted',
};

/** The tools' own voice, for problems with the toolkit itself. */
export function LogsPage() {
  usePageTitle('Logs');
  const { search } = usePlace();
  const level = search['level'] ?? 'info';
  const text = search['text'] ?? '';
  const meta = useMeta();
  const services = runningServices(meta.data).map((service) => service.name);
  const service = search['service'] ?? services[0];
  const alone = meta.data !== undefined && services.length === 0;
  const path = alone ? '/logs' : service === undefined ? undefined : `/services/${service}/logs`;
  const logs = useGet<{ readonly items: readonly LogLine[] }>(
    path === undefined ? undefined : apiPath(path, { level, text, traceId: search['trace'], limit: 1_000 }),
    { keep: true },
  );
  return (
    <div className="page">
      <div className="page-head">
        {!alone && services.length > 1 && (
          <SegmentedControl
            aria-label="Service"
            value={service ?? ''}
            onChange={(next) => setSearch({ service: next })}
            data={services}
          />
        )}
        <SegmentedControl
          aria-label="Least level"
          value={level}
          onChange={(next) => setSearch({ level: next })}
          data={['debug', 'info', 'warn', 'error']}
        />
        <TextInput
          aria-label="Find lines"
          placeholder="Text …"
          leftSection={<IconSearch size={14} />}
          value={text}
          onChange={(event) => setSearch({ text: event.currentTarget.value })}
          w={260}
        />
        {search['trace'] !== undefined && (
          <Button variant="default" onClick={() => setSearch({ trace: undefined })}>
            Trace {search['trace'].slice(0, 8)} ✕
          </Button>
        )}
        <Button variant="default" leftSection={<IconRefresh size={14} />} onClick={() => void logs.refetch()}>
          Read again
        </Button>
      </div>
      <Loaded query={logs} what="the log">
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="No line matches">Take a lower level, or another service.</EmptyState>
          ) : (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways on a phone must be reached by keys
            <section className="card scroll-x" aria-label="Lines of the log" tabIndex={0}>
              <table className="plain">
                <thead>
                  <tr>
                    <th>Time</th>
                    <th>Level</th>
                    <th>Text</th>
                    <th>Message</th>
                    <th>Trace</th>
                  </tr>
                </thead>
                <tbody>
                  {[...items].reverse().map((line, index) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity of their own
                    <tr key={`${line.time} ${index}`} data-testid="log-line" data-level={line.level}>
                      <td className="mono nowrap">{clockTime(line.time)}</td>
                      <td className={TONE[line.level]}>{line.level}</td>
                      <td>
                        {line.text} <span className="muted small">{fieldsOf(line)}</span>
                      </td>
                      <td>{line.messageId !== undefined && <MessageLink id={line.messageId} />}</td>
                      <td>
                        {line.traceId !== undefined && (
                          <AppLink className="mono" to={`/traces/${line.traceId}`}>
                            {line.traceId.slice(0, 8)}
                          </AppLink>
                        )}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </section>
          )
        }
      </Loaded>
    </div>
  );
}

/** Opens the message that the line is about; the traffic with its id, where the journal has it no more. */
function MessageLink({ id }: { readonly id: string }) {
  const traffic = `/traffic?q=${part(`id:"${id}"`)}`;
  const open = async (): Promise<void> => {
    const { items } = await api.get<Page<Row>>(apiPath('/messages', { q: `id:"${id}" -is:response`, limit: 1 }));
    go(items[0] === undefined ? traffic : `/m/${items[0].s}`);
  };
  return (
    <AppLink
      className="mono"
      to={traffic}
      title="Open the message"
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        open().catch(() => go(traffic));
      }}
    >
      {id.slice(0, 12)}
    </AppLink>
  );
}

function fieldsOf({ fields }: LogLine): string {
  return Object.entries(fields)
    .filter(([name]) => !['pid', 'hostname', 'service'].includes(name))
    .map(([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(' ')
    .slice(0, 300);
}

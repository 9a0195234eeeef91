import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core';
import { IconArrowUpRight, IconChevronDown, IconX } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { api, apiPath, part } from '../../api/client.ts';
import { refresh, useGet } from '../../api/queries.ts';
import type { Finding, Message, Related, Row } from '../../api/shapes.ts';
import { type KeyBinding, useKeys } from '../../app/keys.ts';
import { AppLink, go } from '../../app/router.tsx';
import { FlagTags, IdText, PartyText, ProtoTag, SeverityMark, Tag } from '../../parts/atoms.tsx';
import { copyText } from '../../parts/clipboard.ts';
import { bytes, clockTime, dayTime, duration } from '../../parts/format.ts';
import { JsonView } from '../../parts/json-view.tsx';
import type { JsonSchema } from '../../parts/schema-walk.ts';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { copies } from './message-copies.ts';
import './traffic.css';

interface Props {
  readonly seq: number;
  readonly tab: string;
  readonly pointer?: string | undefined;
  onTab(tab: string): void;
  onSelect(seq: number): void;
  readonly onClose?: (() => void) | undefined;
  /** The whole page is the message: its name is in the header already. */
  readonly page?: boolean;
}

export function useMessage(seq: number | undefined) {
  return useGet<Message>(seq === undefined ? undefined : apiPath(`/messages/${seq}`));
}

interface SchemaDocument {
  readonly schema: JsonSchema;
  readonly docs: Readonly<Record<string, string>>;
}

/** The schema that a message is judged by, for its fields' descriptions. */
export function useSchema(message: Message | undefined): SchemaDocument | undefined {
  const kind = message?.kind;
  const wanted =
    message !== undefined && message.proto === 'ocpp' && message.action !== '' && message.version !== undefined
      ? kind === 'request' || kind === 'send' || kind === 'response'
        ? apiPath(`/schemas/ocpp/${part(message.version)}/${part(message.action)}/${kind}`)
        : undefined
      : undefined;
  return useGet<SchemaDocument>(wanted).data;
}

/** Everything about one message: payload, answer, findings, what came before and after, how it was carried, its bytes. */
export function MessageDetail(props: Props) {
  const query = useMessage(props.seq);
  return (
    <aside className="detail" data-testid="detail" aria-label={`Message ${props.seq}`}>
      <Loaded query={query} what={`message #${props.seq}`} lines={12}>
        {(message) => <Detail {...props} message={message} />}
      </Loaded>
    </aside>
  );
}

function Detail({ message, tab, pointer, onTab, onSelect, onClose, page }: Props & { readonly message: Message }) {
  const partner = useMessage(message.partner?.seq);
  const related = useGet<Related>(apiPath(`/messages/${message.seq}/related`));
  const schema = useSchema(message);
  const partnerSchema = useSchema(partner.data);
  const isAnswer = message.kind === 'response' || message.kind === 'error';
  const tabs = [
    { id: 'payload', label: message.payload === undefined ? 'Content' : 'Payload' },
    ...(message.partner === undefined && message.kind !== 'request'
      ? []
      : [{ id: 'answer', label: isAnswer ? 'Request' : 'Answer' }]),
    { id: 'findings', label: `Findings${message.findings.length === 0 ? '' : ` ${message.findings.length}`}` },
    { id: 'context', label: 'Context' },
    { id: 'transport', label: 'Transport' },
    { id: 'raw', label: 'Raw' },
    { id: 'note', label: message.note === undefined ? 'Note' : 'Note ✎' },
  ];
  const shown = tabs.some((each) => each.id === tab) ? tab : 'payload';
  const editable = message.proto === 'ocpp' && (message.kind === 'request' || message.kind === 'send');
  const edit = (): void => go(`/compose?base=${message.seq}`);
  const keys: KeyBinding[] = tabs.map((each, index) => ({
    keys: String(index + 1),
    does: `Tab ${typeof each.label === 'string' ? each.label : each.id}`,
    run: () => onTab(each.id),
  }));
  useKeys([
    ...(editable ? [{ keys: 'e', does: 'Edit and send again', run: edit }] : []),
    { keys: 'm', does: 'Mark the message', run: () => void annotate(message.seq, { marked: message.marked !== true }) },
    {
      keys: 's',
      does: 'Only this session',
      run: () => message.session !== undefined && go(`/traffic?q=session:${part(message.session)}`),
    },
    {
      keys: 'D',
      does: 'Compare with the one before of the same action',
      run: () => related.data?.previous !== undefined && go(`/diff?a=${related.data.previous.s}&b=${message.seq}`),
    },
    ...keys,
  ]);
  return (
    <>
      <header className="detail-head">
        {page !== true && (
          <h2 className="row">
            <span className="mono muted">#{message.seq}</span>
            {message.action === '' ? message.kind : message.action}
          </h2>
        )}
        <ProtoTag protocol={message.proto} version={message.version} />
        <span className="flow small">
          <PartyText id={message.from.id} /> <span className="muted">→</span> <PartyText id={message.to.id} />
        </span>
        {message.partner !== undefined && <span className="small muted">{duration(message.partner.latencyMs)}</span>}
        <FlagTags flags={message.flags} />
        {message.marked === true && <Tag tone="warn">★ marked</Tag>}
        {message.code !== undefined && <Tag tone="error">{message.code}</Tag>}
        <span className="push row" style={{ gap: 4 }}>
          {editable && (
            <Tooltip label="Open it in the composer (e)">
              <Button variant="default" onClick={edit}>
                Edit & resend
              </Button>
            </Tooltip>
          )}
          <CopyMenu message={message} />
          {page !== true && (
            <Tooltip label="Open as a page (Enter)">
              <ActionIcon aria-label="Open as a page" onClick={() => go(`/m/${message.seq}`)}>
                <IconArrowUpRight size={16} />
              </ActionIcon>
            </Tooltip>
          )}
          {onClose !== undefined && (
            <ActionIcon aria-label="Close the detail" onClick={onClose}>
              <IconX size={16} />
            </ActionIcon>
          )}
        </span>
      </header>
      <Tabs label="Message" tabs={tabs} value={shown} onChange={onTab} testId="detail-tab" />
      {message.note !== undefined && message.note !== '' && shown !== 'note' && (
        <div className="detail-head small" data-testid="message-note">
          ✎ {message.note}
        </div>
      )}
      <div className="detail-panel" role="tabpanel">
        {shown === 'payload' && <Payload message={message} schema={schema} pointer={pointer} />}
        {shown === 'answer' && (
          <Answer message={message} partner={partner.data} schema={partnerSchema} onSelect={onSelect} />
        )}
        {shown === 'findings' && <Findings findings={message.findings} onPointer={() => onTab('payload')} />}
        {shown === 'context' && <Context message={message} related={related} onSelect={onSelect} />}
        {shown === 'transport' && <Transport message={message} />}
        {shown === 'raw' && <Raw message={message} />}
        {shown === 'note' && <Note message={message} />}
      </div>
    </>
  );
}

async function annotate(seq: number, change: { marked?: boolean; note?: string }): Promise<void> {
  await api.patch(apiPath(`/messages/${seq}`), change);
  refresh(`/messages/${seq}`);
}

function Payload({
  message,
  schema,
  pointer,
}: {
  readonly message: Message;
  readonly schema: SchemaDocument | undefined;
  readonly pointer: string | undefined;
}) {
  if (message.payload === undefined) return <Raw message={message} />;
  return (
    <JsonView
      key={message.seq}
      payload={message.payload}
      findings={message.findings}
      schema={schema?.schema}
      docs={schema?.docs}
      pointer={pointer}
      label={`Payload of message ${message.seq}`}
    />
  );
}

function Answer({
  message,
  partner,
  schema,
  onSelect,
}: {
  readonly message: Message;
  readonly partner: Message | undefined;
  readonly schema: SchemaDocument | undefined;
  onSelect(seq: number): void;
}) {
  if (message.partner === undefined) {
    return (
      <EmptyState title="No answer">
        The request was sent at {clockTime(message.time.received)}. Its answer has not come, or never will: the next
        events of this connection are under Context.
      </EmptyState>
    );
  }
  if (partner === undefined) return null;
  return (
    <>
      <div className="detail-head small">
        <button type="button" className="chip" onClick={() => onSelect(partner.seq)}>
          #{partner.seq}
        </button>
        <span className="muted">
          {partner.kind === 'request' ? 'asked' : 'answered'} at {clockTime(partner.time.received)},{' '}
          {duration(message.partner.latencyMs)} {partner.kind === 'request' ? 'before' : 'after'}
        </span>
        {partner.code !== undefined && <Tag tone="error">{partner.code}</Tag>}
      </div>
      {partner.payload === undefined ? (
        <Raw message={partner} />
      ) : (
        <JsonView
          payload={partner.payload}
          findings={partner.findings}
          schema={schema?.schema}
          docs={schema?.docs}
          label="The other side"
        />
      )}
    </>
  );
}

export function FindingCard({ finding, children }: { readonly finding: Finding; readonly children?: ReactNode }) {
  return (
    <article className="finding-card" data-testid="finding-card" data-rule={finding.rule}>
      <div className="row wrap">
        <SeverityMark severity={finding.severity}>{finding.severity}</SeverityMark>
        <code>{finding.rule}</code>
        <Tag>{finding.axis}</Tag>
        <span className="muted">
          at fault: <PartyText id={finding.party} />
        </span>
      </div>
      <p>{finding.text}</p>
      <div className="row wrap muted">
        {finding.pointer !== undefined && finding.pointer !== '' && finding.seq !== undefined && (
          <AppLink to={`/m/${finding.seq}?ptr=${part(finding.pointer)}`}>
            <code>{finding.pointer}</code>
          </AppLink>
        )}
        <span>{finding.clause ?? 'no clause'}</span>
      </div>
      {children}
    </article>
  );
}

function Findings({ findings, onPointer }: { readonly findings: readonly Finding[]; onPointer(): void }) {
  if (findings.length === 0)
    return <EmptyState title="Nothing found">No rule has anything against this message.</EmptyState>;
  return (
    <div className="pad stack">
      {findings.map((finding) => (
        <FindingCard key={finding.id} finding={finding}>
          <div className="row">
            <button type="button" className="chip" onClick={onPointer}>
              Show in the payload
            </button>
            <AppLink className="small" to={`/findings/${part(finding.id)}`}>
              Open the finding
            </AppLink>
          </div>
        </FindingCard>
      ))}
    </div>
  );
}

function RowLine({ row, onSelect, note }: { readonly row: Row; onSelect(seq: number): void; readonly note?: string }) {
  return (
    <tr data-link="true" onClick={() => onSelect(row.s)}>
      <td className="mono nowrap">
        <button type="button" className="chip" onClick={() => onSelect(row.s)}>
          #{row.s}
        </button>
      </td>
      <td className="mono nowrap">{clockTime(row.t)}</td>
      <td>
        <ProtoTag protocol={row.p} />
      </td>
      <td>{row.a || row.k}</td>
      <td className="muted">{note ?? row.sum}</td>
    </tr>
  );
}

function Context({
  message,
  related,
  onSelect,
}: {
  readonly message: Message;
  readonly related: { readonly data: Related | undefined; readonly error: unknown; refetch(): unknown };
  onSelect(seq: number): void;
}) {
  return (
    <div className="pad stack">
      <div className="row wrap small">
        {message.session !== undefined && (
          <AppLink to={`/sessions/${part(message.session)}`}>Session {message.session}</AppLink>
        )}
        {message.trace !== undefined && (
          <AppLink to={`/traffic?q=${part(`trace:${message.trace}`)}`}>Trace {message.trace.slice(0, 8)}…</AppLink>
        )}
        <AppLink to={`/traffic?sel=${message.seq}`}>Show in traffic</AppLink>
      </div>
      <Loaded query={related} what="related messages">
        {(data) => (
          <>
            {(data.previous !== undefined || data.next !== undefined) && (
              <section className="stack">
                <h3 className="caps">The same action before and after</h3>
                <table className="plain">
                  <tbody>
                    {data.previous !== undefined && <RowLine row={data.previous} onSelect={onSelect} note="before" />}
                    {data.next !== undefined && <RowLine row={data.next} onSelect={onSelect} note="after" />}
                  </tbody>
                </table>
              </section>
            )}
            {data.trace.length > 1 && (
              <section className="stack">
                <h3 className="caps">Caused by it, and what caused it</h3>
                <table className="plain">
                  <tbody>
                    {data.trace.map((row) => (
                      <RowLine key={row.s} row={row} onSelect={onSelect} />
                    ))}
                  </tbody>
                </table>
              </section>
            )}
            <section className="stack">
              <h3 className="caps">Around it</h3>
              <table className="plain">
                <tbody>
                  {data.neighbours.map((row) => (
                    <RowLine key={row.s} row={row} onSelect={onSelect} />
                  ))}
                </tbody>
              </table>
            </section>
          </>
        )}
      </Loaded>
    </div>
  );
}

function Transport({ message }: { readonly message: Message }) {
  const { type, conn, tap, ...others } = message.transport;
  const facts = Object.entries(others).filter(([, value]) => value !== undefined && value !== '');
  return (
    <div className="pad">
      <dl className="facts">
        <dt>Received</dt>
        <dd>{`${dayTime(message.time.received)} · ${message.time.received}`}</dd>
        <dt>Connection</dt>
        <dd>
          <IdText id={conn} most={60} />
        </dd>
        <dt>Carried by</dt>
        <dd>{type === 'ws' ? 'WebSocket' : type === 'inproc' ? 'inside this process' : type.toUpperCase()}</dd>
        <dt>Seen at</dt>
        <dd>{tap}</dd>
        {message.messageId !== undefined && (
          <>
            <dt>Message id</dt>
            <dd>
              <IdText id={message.messageId} most={48} />
            </dd>
          </>
        )}
        <dt>Size</dt>
        <dd>{bytes(message.rawTruncated ?? message.raw.length)}</dd>
        <dt>Who caused it</dt>
        <dd>{ORIGIN[message.origin.by] ?? message.origin.by}</dd>
        {facts.map(([name, value]) => (
          <Fact key={name} name={name} value={value} />
        ))}
      </dl>
    </div>
  );
}

const ORIGIN: Readonly<Record<string, string>> = {
  peer: 'the other side',
  system: 'our own logic',
  sim: 'the simulator',
  user: 'a person',
  rule: 'a rule',
  import: 'imported',
  replay: 'a replay',
  proxy: 'a proxy',
};

function Fact({ name, value }: { readonly name: string; readonly value: unknown }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{typeof value === 'object' ? <code>{JSON.stringify(value)}</code> : String(value)}</dd>
    </>
  );
}

function Raw({ message }: { readonly message: Message }) {
  return (
    <>
      {message.malformed !== undefined && (
        <p className="banner">
          Not readable at character {message.malformed.at}: {message.malformed.msg}
        </p>
      )}
      {message.rawTruncated !== undefined && (
        <p className="banner">The journal keeps the first part only; there were {bytes(message.rawTruncated)}.</p>
      )}
      {message.masked === true && <p className="banner">Secrets are replaced by ***.</p>}
      {message.rawEncoding === 'base64' && <p className="banner">These bytes are no text; shown in base64.</p>}
      <pre className="raw">{message.raw}</pre>
    </>
  );
}

function Note({ message }: { readonly message: Message }) {
  const [text, setText] = useState(message.note ?? '');
  return (
    <div className="pad stack">
      <label className="caps" htmlFor="note">
        A note for yourself and others; it stays with the message.
      </label>
      <textarea
        id="note"
        className="raw"
        style={{
          border: '1px solid var(--s-line)',
          borderRadius: 6,
          minHeight: 120,
          background: 'none',
          color: 'inherit',
        }}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="row">
        <Button onClick={() => void annotate(message.seq, { note: text })} disabled={text === (message.note ?? '')}>
          Save
        </Button>
        <Button variant="default" onClick={() => void annotate(message.seq, { marked: message.marked !== true })}>
          {message.marked === true ? 'Take the mark away' : 'Mark'}
        </Button>
      </div>
    </div>
  );
}

function CopyMenu({ message }: { readonly message: Message }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={12} />}>
          Copy
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {copies(message).map(({ label, text }) => (
          <Menu.Item key={label} onClick={() => void copyText(text, `${label} copied`)}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

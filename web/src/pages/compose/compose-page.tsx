import { Button, Loader, Menu, NativeSelect, SegmentedControl, Select, Switch } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { api, apiPath, type ProblemDocument, part } from '../../api/client.ts';
import { problemOf } from '../../api/problem-of.ts';
import { useGet, useStations } from '../../api/queries.ts';
import type { Message, Page, Row, Station } from '../../api/shapes.ts';
import { useKeys } from '../../app/keys.ts';
import { usePageTitle } from '../../app/page-title.ts';
import { setSearch, usePlace } from '../../app/router.tsx';
import { placeOf, placesIn } from '../../parts/json-places.ts';
import { SchemaForm } from '../../parts/schema-form.tsx';
import { resolve } from '../../parts/schema-walk.ts';
import { EmptyState, Loading } from '../../parts/states.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { type ActionInfo, useActions } from '../stations/command-list.tsx';
import { shellWord } from '../traffic/message-copies.ts';
import { useMessage } from '../traffic/message-detail.tsx';
import { AnswerPanel, type SendResult } from './answer-panel.tsx';
import './compose.css';
import { MUTATORS, type Mutator } from './mutators.ts';
import { PresetMenu } from './preset-menu.tsx';
import { useActionSchema, useDraft, useVerdict } from './use-draft.ts';

const JsonEditor = lazy(() => import('../../parts/json-editor.tsx'));

interface SimStation {
  readonly identity: string;
}

/** Any message between two parties, valid or deliberately not, and what came back. */
export function ComposePage() {
  const { search } = usePlace();
  const stations = useStations();
  const base = useMessage(search['base'] === undefined ? undefined : Number(search['base']));
  usePageTitle('Compose', search['action'] ?? base.data?.action);
  if (stations.data === undefined) return <Loading what="the parties" />;
  if (search['base'] !== undefined && base.data === undefined && base.error === null)
    return <Loading what="the message" />;
  return <Composer search={search} stations={stations.data.items} base={base.data} />;
}

interface ComposerProps {
  readonly search: Readonly<Record<string, string | undefined>>;
  readonly stations: readonly Station[];
  readonly base: Message | undefined;
}

function Composer({ search, stations, base }: ComposerProps) {
  const connected = stations.find((station) => station.link !== 'disconnected') ?? stations[0];
  const from = search['from'] ?? base?.from.id ?? 'csms';
  const to = search['to'] ?? base?.to.id ?? (from === 'csms' ? connected?.id : 'csms') ?? '';
  const stationId = from === 'csms' ? to : from;
  const station = stations.find((each) => each.id === stationId);
  const ver = search['ver'] ?? station?.version ?? base?.version;
  const action = search['action'] ?? base?.action ?? '';
  const simulated = useGet<Page<SimStation>>(apiPath('/sim/stations', { limit: 500 }));
  const isSimulated = simulated.data?.items.some((each) => each.identity === stationId) ?? false;
  const towardsStation = from === 'csms';
  const mode = towardsStation ? 'wire' : search['mode'] === 'wire' && isSimulated ? 'wire' : 'inbound';
  const actions = useActions(ver, towardsStation ? 'csms' : 'station');
  const info = actions.data?.items.find((each) => each.action === action);
  const schema = useActionSchema(ver, action, info?.kinds);
  const draft = useDraft(
    schema.data,
    `${ver} ${action} ${base?.seq ?? ''}`,
    base?.action === action ? base?.payload : undefined,
  );
  const kind = info?.kinds.includes('send') === true ? 'send' : 'request';
  const verdict = useVerdict({ ver, action, payload: draft.ready ? draft.value : undefined, to, kind });
  const [invalid, setInvalid] = useState(false);
  const [applied, setApplied] = useState<readonly Mutator[]>([]);
  const [raw, setRaw] = useState<string>();
  const [view, setView] = useState<'json' | 'frame' | 'schema' | 'curl'>('json');
  const [sending, setSending] = useState(false);
  const [result, setResult] = useState<{
    readonly answer?: SendResult;
    readonly problem?: ProblemDocument;
    readonly applied: readonly Mutator[];
  }>();
  const suggestions = useSuggestions(stationId);
  const disconnected = station?.link === 'disconnected';

  // biome-ignore lint/correctness/useExhaustiveDependencies: another action begins anew
  useEffect(() => {
    setApplied([]);
    setRaw(undefined);
    setResult(undefined);
  }, [action, from, to]);

  const errors = (verdict?.schema ?? []).filter((remark) => remark.severity === 'error');
  const blocked =
    action === '' ||
    (towardsStation && disconnected) ||
    sending ||
    (!invalid && (errors.length > 0 || draft.error !== undefined));
  const frameText = raw ?? JSON.stringify([kind === 'send' ? 6 : 2, '(a new id)', action, draft.value ?? {}], null, 2);

  const request = (): Record<string, unknown> => ({
    from,
    to,
    proto: 'ocpp',
    ...(ver === undefined || mode === 'wire' ? {} : { ver }),
    action,
    mode,
    ...(raw === undefined ? { payload: draft.value } : { raw }),
    ...(invalid ? { allowInvalid: true } : {}),
  });
  const send = (): void => {
    if (blocked) return;
    setSending(true);
    const sent =
      mode === 'wire' && !towardsStation
        ? sendAsSimulated(
            stationId,
            raw ?? JSON.stringify([kind === 'send' ? 6 : 2, newId(), action, draft.value ?? {}]),
          )
        : api.post<SendResult>(apiPath('/send'), request());
    sent
      .then(
        (answer) => setResult({ answer, applied }),
        (thrown) => setResult({ problem: problemOf(thrown), applied }),
      )
      .finally(() => setSending(false));
  };
  const mutate = (mutator: Mutator): void => {
    if (schema.data === undefined) return;
    const mutated = mutator.apply({ payload: draft.value, schema: schema.data.schema, action, messageId: newId() });
    if (mutated === undefined) return;
    setApplied([...applied.filter((each) => each.id !== mutator.id), mutator]);
    if ('raw' in mutated) {
      setRaw(mutated.raw);
      setView('frame');
    } else draft.setValue(mutated.payload);
  };
  useKeys([
    { keys: 'Ctrl+Enter', does: 'Send', run: send },
    { keys: 'Ctrl+i', does: 'Deliberately invalid on or off', run: () => setInvalid(!invalid) },
  ]);

  const parties = ['csms', ...stations.map((each) => each.id)];
  const change = (next: Readonly<Record<string, string | undefined>>): void =>
    setSearch({ from, to, action, base: undefined, mode: undefined, ver: undefined, ...next });
  return (
    <div className="compose" data-testid="composer" data-invalid={invalid}>
      <div className="compose-head">
        <Select
          label="From"
          searchable
          w={170}
          data={parties.map((id) => ({ value: id, label: id === 'csms' ? 'CSMS' : id }))}
          value={from}
          allowDeselect={false}
          onChange={(next) =>
            next !== null &&
            change(
              next === 'csms'
                ? { from: next, to: to === 'csms' ? (connected?.id ?? '') : to, action: undefined }
                : { from: next, to: 'csms', action: undefined },
            )
          }
        />
        <Select
          label="To"
          searchable
          w={170}
          data={parties.map((id) => ({
            value: id,
            label: id === 'csms' ? 'CSMS' : id,
            disabled: (id === 'csms') === (from === 'csms'),
          }))}
          value={to}
          allowDeselect={false}
          onChange={(next) => next !== null && change({ to: next, action: undefined })}
        />
        <div style={{ alignSelf: 'flex-end', paddingBottom: 4 }} className="tag">
          OCPP {ver ?? '?'}
        </div>
        <Select
          label="Action"
          placeholder="Choose what to say …"
          searchable
          w={280}
          maxDropdownHeight={360}
          data={grouped(actions.data?.items ?? [])}
          value={action === '' ? null : action}
          allowDeselect={false}
          onChange={(next) => next !== null && change({ action: next })}
        />
        {ver === undefined && !towardsStation && (
          <NativeSelect
            label="Version"
            data={['1.6', '2.0.1', '2.1']}
            onChange={(event) => change({ ver: event.currentTarget.value })}
          />
        )}
        <span className="push" />
        <PresetMenu
          action={action}
          current={() => ({ ver: ver ?? '', action, payload: draft.value ?? {} })}
          onUse={(preset) => {
            change({ action: preset.action });
            setTimeout(() => draft.setValue(preset.payload), 300);
          }}
        />
        <HistoryMenu
          onUse={(row) =>
            setSearch({
              base: String(row.s),
              from: undefined,
              to: undefined,
              action: undefined,
              mode: undefined,
              ver: undefined,
            })
          }
        />
      </div>
      <div className="compose-how" data-testid="how-it-is-sent">
        {!towardsStation && (
          <SegmentedControl
            aria-label="How it gets there"
            value={mode}
            onChange={(next) => setSearch({ mode: next === 'inbound' ? undefined : next })}
            data={[
              { value: 'inbound', label: 'Simulate inbound' },
              { value: 'wire', label: 'Send on the wire', disabled: !isSimulated },
            ]}
          />
        )}
        <span>{howItIsSent({ towardsStation, mode, stationId, disconnected, isSimulated })}</span>
        {info?.changes !== undefined && <span className="muted">{info.changes}</span>}
      </div>
      {action === '' ? (
        <EmptyState title="What shall be said?">
          Choose an action above. The form shows what it needs; everything optional is one click away.
        </EmptyState>
      ) : schema.error !== null ? (
        <EmptyState title="There is no such action">
          {problemOf(schema.error).detail ?? ''} Choose another one.
        </EmptyState>
      ) : (
        <div className="compose-body">
          <div className="compose-form">
            <div className="row" style={{ marginBottom: 12 }}>
              <h2>{action}</h2>
              <span className="push" />
              <Menu position="bottom-end">
                <Menu.Target>
                  <Button variant="default" rightSection={<IconChevronDown size={12} />}>
                    Fill
                  </Button>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item onClick={() => draft.setValue(schema.data?.minimal ?? {})}>
                    Required members only
                  </Menu.Item>
                  <Menu.Item onClick={() => draft.setValue(schema.data?.example ?? {})}>
                    Every member, as an example
                  </Menu.Item>
                  <LastMenuItem action={action} onUse={draft.setValue} />
                </Menu.Dropdown>
              </Menu>
            </div>
            {schema.data !== undefined && draft.ready && draft.error === undefined && raw === undefined ? (
              <>
                {Object.keys(resolve(schema.data.schema, schema.data.schema).properties ?? {}).length === 0 && (
                  <p className="muted">This message has no members: it is sent as it is.</p>
                )}
                <SchemaForm
                  schema={resolve(schema.data.schema, schema.data.schema)}
                  document={draft.value}
                  problems={(verdict?.schema ?? []).map(({ pointer, text }) => ({ pointer, text }))}
                  suggestions={suggestions}
                  onChange={draft.setValue}
                />
              </>
            ) : (
              <p className="muted">
                {raw === undefined
                  ? (draft.error ?? 'Loading …')
                  : 'A whole frame is written by hand: it stands at the right.'}
                {raw !== undefined && (
                  <Button variant="default" ml="sm" onClick={() => setRaw(undefined)}>
                    Back to the form
                  </Button>
                )}
              </p>
            )}
          </div>
          <div className="compose-text">
            <Tabs
              label="Views of the message"
              value={view}
              onChange={(next) => setView(next as typeof view)}
              tabs={[
                { id: 'json', label: 'JSON' },
                { id: 'frame', label: 'Frame' },
                { id: 'curl', label: 'curl' },
                { id: 'schema', label: 'Schema' },
              ]}
            />
            <div style={{ flex: 1, minHeight: 0, overflow: 'auto' }} role="tabpanel">
              {view === 'json' && (
                <Suspense fallback={<Loading what="the editor" />}>
                  <JsonEditor
                    value={draft.text}
                    label="Payload as JSON"
                    marks={marksOf(draft.text, verdict?.schema ?? [])}
                    words={wordsOf(schema.data?.schema)}
                    onChange={draft.setText}
                  />
                </Suspense>
              )}
              {view === 'frame' &&
                (invalid ? (
                  <Suspense fallback={<Loading what="the editor" />}>
                    <JsonEditor
                      value={raw ?? JSON.stringify([2, newId(), action, draft.value ?? {}])}
                      label="Frame, exactly as sent"
                      marks={[]}
                      words={[]}
                      onChange={setRaw}
                    />
                  </Suspense>
                ) : (
                  <pre className="raw">{frameText}</pre>
                ))}
              {view === 'curl' && (
                <pre className="raw">{`curl -X POST ${location.origin}/api/v1/send \\\n  -H 'content-type: application/json' \\\n  --data-raw ${shellWord(JSON.stringify(request()))}`}</pre>
              )}
              {view === 'schema' && <pre className="raw">{JSON.stringify(schema.data?.schema, null, 2)}</pre>}
            </div>
          </div>
        </div>
      )}
      <div>
        {invalid && action !== '' && (
          <div className="mutators">
            {MUTATORS.map((mutator) => (
              <button
                key={mutator.id}
                type="button"
                className="chip"
                aria-pressed={applied.some((each) => each.id === mutator.id)}
                onClick={() => mutate(mutator)}
              >
                {mutator.label}
              </button>
            ))}
          </div>
        )}
        <div className="compose-foot">
          <div className="compose-verdict">
            <VerdictLines
              verdict={verdict}
              action={action}
              ver={ver}
              jsonError={raw === undefined ? draft.error : undefined}
            />
            {invalid && applied.length > 0 && <Expected applied={applied} ver={ver ?? ''} />}
          </div>
          <Switch
            label="Deliberately invalid"
            checked={invalid}
            data-testid="inv-mode"
            onChange={(event) => {
              setInvalid(event.currentTarget.checked);
              if (!event.currentTarget.checked) {
                setRaw(undefined);
                setApplied([]);
              }
            }}
          />
          <Button
            onClick={send}
            disabled={blocked}
            data-testid="composer-send"
            leftSection={sending ? <Loader size={12} /> : undefined}
          >
            {mode === 'inbound' ? 'Hand in' : 'Send'} <kbd style={{ marginLeft: 8 }}>Ctrl ⏎</kbd>
          </Button>
        </div>
      </div>
      {result !== undefined && <AnswerPanel {...result} ver={ver ?? ''} onAgain={send} />}
    </div>
  );
}

function howItIsSent(state: {
  readonly towardsStation: boolean;
  readonly mode: string;
  readonly stationId: string;
  readonly disconnected: boolean;
  readonly isSimulated: boolean;
}): string {
  const { towardsStation, mode, stationId, disconnected, isSimulated } = state;
  if (stationId === '') return 'No station is known: connect or simulate one first.';
  if (towardsStation)
    return disconnected
      ? `${stationId} is not connected: nothing can be sent to it now.`
      : `Goes out on the open WebSocket of ${stationId}.`;
  if (mode === 'wire') return `The simulated ${stationId} sends it on its own WebSocket.`;
  return `Nothing is sent. The CSMS handles it as if ${stationId} had sent it; the message is marked SYN.${
    isSimulated ? '' : ` ${stationId} is not simulated here, so nobody can send for it on the wire.`
  }`;
}

async function sendAsSimulated(station: string, text: string): Promise<SendResult> {
  await api.post(apiPath(`/sim/stations/${part(station)}/actions`), { type: 'send-text', text });
  const id = (JSON.parse(text.startsWith('[') && text.endsWith(']') ? safe(text) : '[]') as unknown[])[1];
  return { seq: 0, outcome: 'sent', ...(typeof id === 'string' ? { messageId: id } : {}) };
}

function safe(text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch {
    return '[]';
  }
}

/** Also where the page has no secure context, and with it no `randomUUID`. */
function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function grouped(actions: readonly ActionInfo[]) {
  const blocks = new Map<string, string[]>();
  for (const { block, action } of actions) blocks.set(block, [...(blocks.get(block) ?? []), action]);
  return [...blocks].sort(([a], [b]) => a.localeCompare(b)).map(([group, items]) => ({ group, items: items.sort() }));
}

function marksOf(text: string, remarks: readonly { readonly pointer: string; readonly text: string }[]) {
  const places = placesIn(text);
  return remarks.map((remark) => ({ ...placeOf(places, remark.pointer), text: remark.text }));
}

/** Member names and words of lists anywhere in a schema, for completion. */
function wordsOf(schema: unknown): string[] {
  const words = new Set<string>();
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { properties, enum: list } = value as { properties?: object; enum?: readonly unknown[] };
    for (const name of Object.keys(properties ?? {})) words.add(name);
    for (const word of list ?? []) words.add(String(word));
    for (const inner of Object.values(value)) walk(inner);
  };
  walk(schema);
  return [...words].sort();
}

function VerdictLines({
  verdict,
  action,
  ver,
  jsonError,
}: {
  readonly verdict: ReturnType<typeof useVerdict>;
  readonly action: string;
  readonly ver: string | undefined;
  readonly jsonError: string | undefined;
}) {
  if (jsonError !== undefined) return <span className="bad">✗ The JSON cannot be read: {jsonError}</span>;
  if (verdict === undefined || action === '') return <span className="muted">Choose an action.</span>;
  const [first] = verdict.schema;
  return (
    <>
      {first === undefined ? (
        <span>
          <span className="ok">✓</span> fits {action} of OCPP {ver}
        </span>
      ) : (
        <span className="bad">
          ✗ <code>{first.pointer || '(payload)'}</code> {first.text}
          {verdict.schema.length > 1 && `, and ${verdict.schema.length - 1} more`}
        </span>
      )}
      {[...verdict.protocol, ...verdict.compatibility].map((remark) => (
        <span key={remark.rule} className={remark.severity === 'error' ? 'bad' : 'warn'}>
          {remark.severity === 'error' ? '✗' : '⚠'} {remark.text}{' '}
          {remark.clause !== undefined && <span className="muted">({remark.clause})</span>}
        </span>
      ))}
    </>
  );
}

function Expected({ applied, ver }: { readonly applied: readonly Mutator[]; readonly ver: string }) {
  const last = applied.at(-1);
  const codes = last?.expected(ver) ?? [];
  return (
    <span className="warn" data-testid="expected">
      A correct peer{' '}
      {codes.length === 0 ? 'need not answer this in any one way' : `answers CALLERROR ${codes.join(' or ')}`}.
    </span>
  );
}

function useSuggestions(station: string): Readonly<Record<string, readonly string[]>> {
  const tokens = useGet<Page<{ readonly idToken: string }>>(apiPath('/tokens', { limit: 100 }));
  const running = useGet<Page<{ readonly transactionId: string; readonly station: string }>>(
    apiPath('/transactions', { state: 'active', limit: 100 }),
  );
  return useMemo(() => {
    const ids = tokens.data?.items.map((token) => token.idToken) ?? [];
    const transactions =
      running.data?.items.filter((each) => each.station === station).map((each) => each.transactionId) ?? [];
    return { idTag: ids, idToken: ids, transactionId: transactions, parentIdTag: ids };
  }, [tokens.data, running.data, station]);
}

function HistoryMenu({ onUse }: { onUse(row: Row): void }) {
  const [opened, setOpened] = useState(false);
  const history = useGet<Page<Row>>(
    opened ? apiPath('/messages', { q: 'source:user is:request', limit: 20 }) : undefined,
  );
  return (
    <Menu position="bottom-end" onChange={setOpened} width={360}>
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={12} />}>
          History
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {(history.data?.items ?? []).map((row) => (
          <Menu.Item
            key={row.s}
            onClick={() => onUse(row)}
            rightSection={<span className="muted small">{row.x?.st}</span>}
          >
            {row.a} <span className="muted">→ {row.to}</span>
          </Menu.Item>
        ))}
        {history.data?.items.length === 0 && <Menu.Label>Nothing was sent by a person yet</Menu.Label>}
      </Menu.Dropdown>
    </Menu>
  );
}

function LastMenuItem({ action, onUse }: { readonly action: string; onUse(payload: unknown): void }) {
  const last = useGet<Page<Row>>(apiPath('/messages', { q: `action:${action} is:request -is:invalid`, limit: 1 }));
  const row = last.data?.items[0];
  return (
    <Menu.Item
      disabled={row === undefined}
      onClick={() => {
        if (row !== undefined)
          void api.get<Message>(apiPath(`/messages/${row.s}`)).then((message) => onUse(message.payload));
      }}
    >
      As in the last {action}
    </Menu.Item>
  );
}

import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconPencil, IconRefresh, IconSearch } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { api, apiPath, part } from '../../api/client.ts';
import { problemOf } from '../../api/problem-of.ts';
import { refresh } from '../../api/queries.ts';
import type { Station } from '../../api/shapes.ts';
import { dayTime } from '../../parts/format.ts';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import { type StationItem, useItems } from './item-table.tsx';

/** Configuration keys of 1.6, variables of the device model of 2.x: read, found, changed; the answer stands beside each. */
export function VariableTable({ station }: { readonly station: Station }) {
  const items = useItems(station, 'variables');
  const [wanted, setWanted] = useState('');
  const [note, setNote] = useState<string>();
  const v16 = station.version === '1.6';
  const off = station.link === 'disconnected';
  const send = async (action: string, payload: object): Promise<string> => {
    const answer = await api.post<Record<string, unknown>>(
      apiPath(`/stations/${part(station.id)}/ocpp/${action}`),
      payload,
    );
    refresh(`/stations/${part(station.id)}/variables`);
    return words(answer);
  };
  const read = (): void => {
    setNote('Asking …');
    const asked = v16
      ? send('GetConfiguration', {})
      : send('GetBaseReport', { requestId: Date.now() % 2 ** 31, reportBase: 'FullInventory' });
    asked.then(
      (answer) => setNote(v16 ? 'Read.' : answer),
      (thrown) => setNote(problemOf(thrown).title),
    );
  };
  return (
    <div className="stack">
      <div className="page-head">
        <TextInput
          aria-label="Find keys"
          placeholder={v16 ? 'Key or value …' : 'Component, variable or value …'}
          leftSection={<IconSearch size={14} />}
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
          w={300}
        />
        <Button
          leftSection={<IconRefresh size={14} />}
          onClick={read}
          disabled={off}
          title={off ? 'Not connected' : ''}
        >
          {v16 ? 'Read all' : 'Get the full report'}
        </Button>
        {note !== undefined && (
          <span className="muted small" role="status">
            {note}
          </span>
        )}
      </div>
      <Loaded query={items} what="the configuration">
        {(page) =>
          page.items.length === 0 ? (
            <EmptyState
              title="The configuration was not read yet"
              actions={
                <Button onClick={read} disabled={off}>
                  Read it now
                </Button>
              }
            />
          ) : (
            <Table items={page.items} wanted={wanted} v16={v16} off={off} send={send} />
          )
        }
      </Loaded>
    </div>
  );
}

function words(answer: Record<string, unknown>): string {
  if (typeof answer['status'] === 'string') return answer['status'];
  const first = (answer['setVariableResult'] as { attributeStatus?: string }[] | undefined)?.[0];
  return first?.attributeStatus ?? 'Done';
}

interface TableProps {
  readonly items: readonly StationItem[];
  readonly wanted: string;
  readonly v16: boolean;
  readonly off: boolean;
  send(action: string, payload: object): Promise<string>;
}

function Table({ items, wanted, v16, off, send }: TableProps) {
  const found = useMemo(() => {
    const text = wanted.toLowerCase();
    return items
      .filter((item) => `${item.id} ${JSON.stringify(item.value)}`.toLowerCase().includes(text))
      .sort((a, b) => variableOf(a).name.localeCompare(variableOf(b).name));
  }, [items, wanted]);
  return (
    <div className="card scroll-x">
      <table className="plain">
        <thead>
          <tr>
            <th>{v16 ? 'Key' : 'Component · variable'}</th>
            <th>Value</th>
            <th>Access</th>
            <th>Read</th>
            <th>Answer to a change</th>
          </tr>
        </thead>
        <tbody>
          {found.map((item) => (
            <VariableRow key={item.id} item={item} v16={v16} off={off} send={send} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function VariableRow({
  item,
  v16,
  off,
  send,
}: Pick<TableProps, 'v16' | 'off' | 'send'> & { readonly item: StationItem }) {
  const { name, value, readonly, reboot } = variableOf(item);
  const [draft, setDraft] = useState<string>();
  const [answer, setAnswer] = useState<string>();
  const save = (): void => {
    if (draft === undefined) return;
    const [action, payload] = v16
      ? ['ChangeConfiguration', { key: (item.value as unknown as Variable).variable, value: draft }]
      : ['SetVariables', { setVariableData: [{ ...target(item), attributeValue: draft }] }];
    setAnswer('…');
    send(action as string, payload as object).then(
      (status) => {
        setAnswer(status);
        setDraft(undefined);
      },
      (thrown) => setAnswer(problemOf(thrown).title),
    );
  };
  return (
    <tr>
      <td className="mono">{name}</td>
      <td className="mono" style={{ overflowWrap: 'anywhere', minWidth: 140 }}>
        {draft === undefined ? (
          <>
            {value} {reboot && <span className="tag">after a reboot</span>}
          </>
        ) : (
          <form
            className="row"
            onSubmit={(event) => {
              event.preventDefault();
              save();
            }}
          >
            <TextInput
              aria-label={`New value of ${name}`}
              value={draft}
              onChange={(event) => setDraft(event.currentTarget.value)}
              autoFocus
            />
            <Button type="submit">Set</Button>
            <Button variant="default" onClick={() => setDraft(undefined)}>
              Cancel
            </Button>
          </form>
        )}
      </td>
      <td className="muted nowrap">{readonly ? 'read only' : 'read, write'}</td>
      <td className="muted nowrap">{dayTime(item.at)}</td>
      <td className="nowrap">
        <span className={answer === 'Accepted' ? 'ok' : answer === undefined || answer === '…' ? '' : 'warn'}>
          {answer}
        </span>
        {draft === undefined && (
          <ActionIcon
            aria-label={`Change ${name}`}
            disabled={readonly || off}
            title={readonly ? 'The station says that it can only be read' : off ? 'Not connected' : 'Change'}
            onClick={() => setDraft(value)}
          >
            <IconPencil size={14} />
          </ActionIcon>
        )}
      </td>
    </tr>
  );
}

/** A configuration key or a variable, as the CSMS keeps it. */
interface Variable {
  /** Empty for 1.6, whose keys have no component. */
  readonly component: string;
  readonly componentInstance?: string;
  readonly evse?: number;
  readonly connector?: number;
  readonly variable: string;
  readonly instance?: string;
  readonly attribute: string;
  readonly value?: unknown;
  readonly mutability?: string;
  readonly afterReboot?: boolean;
}

function variableOf(item: StationItem): { name: string; value: string; readonly: boolean; reboot: boolean } {
  const variable = item.value as unknown as Variable;
  const { component, value, mutability } = variable;
  const at = [variable.evse, variable.connector].filter((part) => part !== undefined).join('.');
  const name = [component, at === '' ? undefined : `(${at})`, variable.instance]
    .filter((part) => part !== undefined && part !== '')
    .join(' ');
  return {
    name: name === '' ? variable.variable : `${name} · ${variable.variable}`,
    value:
      value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value),
    readonly: mutability === 'ReadOnly',
    reboot: variable.afterReboot === true,
  };
}

/** Component and variable of a 2.x item, as SetVariables wants them. */
function target(item: StationItem): object {
  const { component, componentInstance, evse, connector, variable, instance, attribute } =
    item.value as unknown as Variable;
  return {
    attributeType: attribute,
    component: {
      name: component,
      ...(componentInstance === undefined ? {} : { instance: componentInstance }),
      ...(evse === undefined
        ? {}
        : { evse: { id: evse, ...(connector === undefined ? {} : { connectorId: connector }) } }),
    },
    variable: { name: variable, ...(instance === undefined ? {} : { instance }) },
  };
}

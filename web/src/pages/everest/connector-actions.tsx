import { Button, Menu, NativeSelect, TextInput } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { api, apiPath, part } from '../../api/client.ts';
import { useKeys } from '../../app/keys.ts';
import { useAttempt } from '../../parts/attempt.ts';
import type { Capability, EverestConnector, EverestStation } from './everest-shapes.ts';

interface Done {
  readonly dialect: string;
  readonly published: readonly { readonly topic: string; readonly payload: string }[];
  readonly warnings: readonly string[];
}

const MODES = [
  { value: 'ac-iec', label: 'AC, IEC 61851' },
  { value: 'ac-iso2', label: 'AC, ISO 15118-2' },
  { value: 'dc-iso2', label: 'DC, ISO 15118-2' },
];

/** Car, card and EVSE. What this station cannot do is disabled with its reason. */
export function ConnectorActions({
  station,
  connector,
  operations,
}: {
  readonly station: EverestStation;
  readonly connector: EverestConnector;
  readonly operations: Readonly<Record<string, Capability>> | undefined;
}) {
  const { busy, run } = useAttempt();
  const [done, setDone] = useState<Done>();
  const [token, setToken] = useState('044A2DAA856280');
  const [mode, setMode] = useState('ac-iec');
  const [current, setCurrent] = useState('16');
  const [list, setList] = useState(
    connector.car?.list ?? 'sleep 1;iec_wait_pwr_ready;sleep 1;draw_power_regulated 16,3;sleep 36000',
  );
  const why = (operation: string): string | undefined => {
    if (!station.broker.connected) return 'the broker is not connected';
    if (!station.control) return 'this station is only watched';
    const capability = operations?.[operation] ?? operations?.[operation.replace(/\/.*/, '/*')];
    return capability?.is === 'unsupported' ? (capability.why ?? 'not supported here') : undefined;
  };
  const act = (operation: string, body: object = {}): void => {
    const path = `/everest/stations/${part(station.id)}/connectors/${connector.n}/${operation}`;
    void run(operation, () => api.post<Done>(apiPath(path), body)).then((result) => setDone(result?.answer));
  };
  const button = (operation: string) => ({
    disabled: why(operation) !== undefined,
    title: why(operation),
    loading: busy === operation,
  });
  const start = (): void => act('ev/start', { mode, currentA: Number(current) || 16 });
  useKeys(
    connector.n === 1
      ? [
          { keys: 'a', does: 'Present the token at connector 1', run: () => act('authorize', { idToken: token }) },
          { keys: 's', does: 'Plug the car in at connector 1', run: start },
        ]
      : [],
  );
  return (
    <div className="stack" style={{ gap: 10 }}>
      <div className="row wrap" style={{ alignItems: 'end' }}>
        <NativeSelect label="Car" data={MODES} value={mode} onChange={(event) => setMode(event.currentTarget.value)} />
        <TextInput
          label="At most, A"
          w={80}
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
        <Button {...button('ev/start')} onClick={start}>
          {mode === 'ac-iec' ? 'Start IEC' : 'Start ISO 15118'}
        </Button>
        <Button variant="default" {...button('ev/unplug')} onClick={() => act('ev/unplug')}>
          Unplug
        </Button>
      </div>
      <div className="row wrap" style={{ alignItems: 'end' }}>
        <TextInput label="Token" w={180} value={token} onChange={(event) => setToken(event.currentTarget.value)} />
        <Button {...button('authorize')} onClick={() => act('authorize', { idToken: token })}>
          Authorise
        </Button>
        <Actions
          label="Car"
          items={[
            ['Pause', 'ev/pause'],
            ['Resume', 'ev/resume'],
            ['End charging', 'ev/stop'],
            ['Heal what stays', 'ev/reset'],
          ]}
          why={why}
          act={act}
        />
        <Actions
          label="EVSE"
          items={[
            ['Pause', 'evse/pause'],
            ['Resume', 'evse/resume'],
            ['Stop the transaction', 'evse/stop'],
            ['Unlock the plug', 'evse/unlock'],
            ['Limit to 6 A', 'evse/limit', { amps: 6 }],
            ['Limit to 32 A', 'evse/limit', { amps: 32 }],
            ['Out of use', 'evse/disable'],
            ['Into use', 'evse/enable'],
          ]}
          why={why}
          act={act}
        />
        <Actions
          label="Faults"
          items={[
            ['Residual current', 'errors/rcd', { mA: 30 }],
            ['Diode fails', 'errors/diode'],
            ['Pilot shorted', 'errors/cp-e'],
          ]}
          why={why}
          act={act}
        />
      </div>
      <details>
        <summary className="small">Its own list of car commands</summary>
        <div className="row" style={{ alignItems: 'end', paddingTop: 6 }}>
          <TextInput
            className="grow"
            aria-label="Car commands"
            value={list}
            onChange={(event) => setList(event.currentTarget.value)}
            styles={{ input: { fontFamily: 'var(--mono)' } }}
          />
          <Button variant="default" {...button('ev/commands')} onClick={() => act('ev/commands', { commands: list })}>
            Send
          </Button>
        </div>
      </details>
      {done !== undefined && (
        <div className="small" aria-live="polite" data-testid="published">
          {done.published.map(({ topic, payload }) => (
            <p key={topic} className="clip" title={`${topic}\n${payload}`}>
              <span className="ok">✓</span> <code>{topic}</code> <code className="muted">{payload}</code>
            </p>
          ))}
          {done.warnings.map((warning) => (
            <p key={warning} className="warn">
              ⚠ {warning}
            </p>
          ))}
        </div>
      )}
    </div>
  );
}

function Actions({
  label,
  items,
  why,
  act,
}: {
  readonly label: string;
  readonly items: readonly (readonly [label: string, operation: string, body?: object])[];
  why(operation: string): string | undefined;
  act(operation: string, body?: object): void;
}) {
  return (
    <Menu>
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={12} />}>
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {items.map(([text, operation, body]) => (
          <Menu.Item
            key={text}
            disabled={why(operation) !== undefined}
            title={why(operation)}
            onClick={() => act(operation, body)}
          >
            {text}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

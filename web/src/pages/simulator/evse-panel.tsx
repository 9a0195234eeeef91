import { Button, Menu, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { ConnectorGlyph } from '../../parts/connector-glyph.tsx';
import { energy, power } from '../../parts/format.ts';
import { type SimEvse, type SimStation, statusOf, type Templates } from './sim-shapes.ts';

const FAULTS = [
  'GroundFailure',
  'HighTemperature',
  'OverCurrentFailure',
  'OverVoltage',
  'UnderVoltage',
  'ConnectorLockFailure',
  'PowerMeterFailure',
  'PowerSwitchFailure',
  'ReaderFailure',
  'InternalError',
  'OtherError',
];

interface Props {
  readonly station: SimStation;
  readonly evse: SimEvse;
  readonly templates: Templates | undefined;
  readonly tokens: readonly string[];
  readonly act: (action: Record<string, unknown>) => void;
}

/** What a driver can do at one EVSE: plug, card, stop button, pull the plug; and what may break. */
export function EvsePanel({ station, evse, templates, tokens, act }: Props) {
  const [car, setCar] = useState('');
  const [soC, setSoC] = useState<number | string>(30);
  const [token, setToken] = useState(tokens[0] ?? '04A2B3C4D5');
  const [connectorId, setConnectorId] = useState(evse.connectors[0]?.id ?? 1);
  const used = evse.connectors.find((connector) => connector.plug !== 'empty');
  const shown = used ?? evse.connectors.find((connector) => connector.id === connectorId);
  const plugged = used?.plug === 'ev';
  const fault = evse.connectors.find((connector) => connector.fault !== undefined);
  const off = !station.powered;
  const at = { evseId: evse.id };
  return (
    <section className="sim-evse" data-testid="evse-card" data-evse={evse.id} aria-label={`EVSE ${evse.id}`}>
      <div className="sim-socket">
        <ConnectorGlyph status={statusOf(evse, shown)} size={34} />
        <b>EVSE {evse.id}</b>
        <span data-testid="sim-status">{shown?.status}</span>
        <span className="muted">
          {shown?.plug === 'ev' ? 'car plugged in' : shown?.plug === 'cable' ? 'cable only' : 'socket free'}
          {shown?.locked === true ? ', locked' : ''}
        </span>
      </div>
      <div className="sim-lines">
        <div className="row wrap" style={{ gap: 20 }}>
          <span className="meter" title="Meter register">
            {energy(evse.meterWh)}
          </span>
          <span>{power(evse.powerW)}</span>
          <span className="muted small">
            {evse.currentA
              .map((amps, phase) => `L${phase + 1} ${evse.voltageV[phase]?.toFixed(0) ?? '–'} V ${amps.toFixed(1)} A`)
              .join(' · ')}
          </span>
          {evse.soCPercent !== undefined && (
            <span className="glyph-text small">
              <span className="bar" aria-hidden="true">
                <i style={{ width: `${evse.soCPercent}%` }} />
              </span>
              battery {evse.soCPercent.toFixed(0)} %
            </span>
          )}
        </div>
        <div className="sim-line">
          <span className="caps">Vehicle</span>
          <div className="row wrap">
            {!plugged && (
              <>
                <NativeSelect
                  aria-label="Which car"
                  data={[
                    { value: '', label: 'Car of the template' },
                    ...(templates?.cars.map((each) => ({
                      value: each.name,
                      label: `${each.name} ${Math.round(each.capacityWh / 1_000)} kWh`,
                    })) ?? []),
                  ]}
                  value={car}
                  onChange={(event) => setCar(event.currentTarget.value)}
                />
                <NumberInput
                  aria-label="Charge of the battery in percent"
                  suffix=" %"
                  min={0}
                  max={100}
                  w={80}
                  value={soC}
                  onChange={setSoC}
                />
                {evse.connectors.length > 1 && (
                  <NativeSelect
                    aria-label="Which connector"
                    data={evse.connectors.map((connector) => ({
                      value: String(connector.id),
                      label: `Connector ${connector.id}`,
                    }))}
                    value={String(connectorId)}
                    onChange={(event) => setConnectorId(Number(event.currentTarget.value))}
                  />
                )}
                <Button
                  disabled={off}
                  onClick={() =>
                    act({
                      type: 'plug',
                      ...at,
                      connectorId,
                      ...(car === '' ? {} : { car }),
                      ...(typeof soC === 'number' ? { soCPercent: soC } : {}),
                    })
                  }
                >
                  Plug in
                </Button>
              </>
            )}
            {plugged && (
              <>
                <Button onClick={() => act({ type: 'unplug', ...at, connectorId: used.id })} disabled={off}>
                  Unplug
                </Button>
                <Button variant="default" onClick={() => act({ type: 'pause-car', ...at })}>
                  Car pauses
                </Button>
                <Button variant="default" onClick={() => act({ type: 'resume-car', ...at })}>
                  Car goes on
                </Button>
              </>
            )}
          </div>
        </div>
        <div className="sim-line">
          <span className="caps">Card</span>
          <div className="row wrap">
            <TextInput
              aria-label="Token on the card"
              value={token}
              onChange={(event) => setToken(event.currentTarget.value)}
              list={`tokens-${evse.id}`}
              w={180}
            />
            <datalist id={`tokens-${evse.id}`}>
              {tokens.map((each) => (
                <option key={each} value={each} />
              ))}
            </datalist>
            <Button disabled={off || token === ''} onClick={() => act({ type: 'swipe', ...at, token })}>
              Swipe
            </Button>
            {evse.transaction !== undefined && (
              <Button variant="default" onClick={() => act({ type: 'stop-button', ...at })}>
                Stop button
              </Button>
            )}
          </div>
        </div>
        <div className="sim-line">
          <span className="caps">Trouble</span>
          <div className="row wrap">
            <Menu>
              <Menu.Target>
                <Button variant="default" rightSection={<IconChevronDown size={12} />} disabled={off}>
                  Fault
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {FAULTS.map((code) => (
                  <Menu.Item
                    key={code}
                    onClick={() => act({ type: 'fault', ...at, connectorId: shown?.id ?? 1, code })}
                  >
                    {code}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
            {fault !== undefined && (
              <Button variant="default" onClick={() => act({ type: 'repair', ...at, connectorId: fault.id })}>
                Repair {fault.fault}
              </Button>
            )}
            <Button variant="default" disabled={off} onClick={() => act({ type: 'freeze-meter', ...at, frozen: true })}>
              Freeze the meter
            </Button>
          </div>
        </div>
        {evse.transaction !== undefined && (
          <p className="small">
            <b>{evse.transaction.chargingState}</b> {energy(evse.transaction.energyWh)} in transaction{' '}
            <code>{evse.transaction.number ?? evse.transaction.id}</code>
          </p>
        )}
      </div>
    </section>
  );
}

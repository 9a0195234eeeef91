import { apiPath, part } from '../../api/client.ts';
import { useGet } from '../../api/queries.ts';
import { EvseStatusShape } from '../../parts/evse-status.tsx';
import { ago, energy, power } from '../../parts/format.ts';
import { ConnectorActions } from './connector-actions.tsx';
import type { Capabilities, EverestConnector, EverestStation } from './everest-shapes.ts';

/** One card a connector: what EVerest says of it, and everything that can be done there. */
export function ConnectorsTab({ station }: { readonly station: EverestStation }) {
  const capabilities = useGet<Capabilities>(apiPath(`/everest/stations/${part(station.id)}/capabilities`));
  return (
    <div className="ev-cards">
      {station.connectors.map((connector) => (
        <section
          key={connector.n}
          className="card ev-connector"
          data-testid="everest-connector"
          data-n={connector.n}
          aria-label={`Connector ${connector.n}`}
        >
          <header>
            <h2>Connector {connector.n}</h2>
            <State connector={connector} />
            <span className="push muted small">
              {connector.since === undefined ? '' : `for ${ago(connector.since)}`}
            </span>
          </header>
          <Numbers connector={connector} />
          <div className="body stack" style={{ gap: 12 }}>
            <Remarks connector={connector} />
            <ConnectorActions
              station={station}
              connector={connector}
              operations={capabilities.data?.connectors.find(({ n }) => n === connector.n)?.operations}
            />
          </div>
        </section>
      ))}
    </div>
  );
}

const SHAPES: Readonly<Record<string, string>> = {
  idle: 'Available',
  charging: 'Occupied',
  waitAuth: 'Reserved',
  authTimeout: 'Reserved',
  preparing: 'Occupied',
  pausedEv: 'Occupied',
  pausedEvse: 'Occupied',
  finished: 'Occupied',
  disabled: 'OutOfService',
  faulted: 'OutOfService',
};

function State({ connector }: { readonly connector: EverestConnector }) {
  const { state, word, fault } = connector;
  return (
    <span className="glyph-text" data-testid="everest-state">
      <svg className="glyph" viewBox="-7 -7 14 14" aria-hidden="true">
        <EvseStatusShape status={fault ? 'OutOfService' : SHAPES[state]} size={6} />
      </svg>
      {word ?? state}
    </span>
  );
}

function Numbers({ connector: { meter, limit, token } }: { readonly connector: EverestConnector }) {
  const phases = Object.entries(meter?.currentA ?? {}).filter(([phase]) => phase !== 'N');
  return (
    <div className="numbers">
      <div>
        Power <b>{power(meter?.powerW)}</b>
      </div>
      <div>
        Meter <b>{energy(meter?.energyWh)}</b>
      </div>
      <div title={phases.map(([phase, amperes]) => `${phase} ${amperes} A`).join(', ')}>
        Current <b>{phases.length === 0 ? '–' : `${Math.max(...phases.map(([, amperes]) => amperes))} A`}</b>
      </div>
      <div title={token === undefined ? undefined : `Token ${token.value} ${token.status ?? ''}`}>
        Limit <b>{limit?.currentA !== undefined ? `${limit.currentA} A` : power(limit?.powerW)}</b>
      </div>
    </div>
  );
}

function Remarks({ connector }: { readonly connector: EverestConnector }) {
  const { errors, inconsistent, limitZero, pauseReasons, token, hlcFailed, car } = connector;
  return (
    <ul className="small stack" style={{ gap: 2 }}>
      {errors.map((error) => (
        <li key={error.type} className={error.fatal ? 'bad' : 'warn'}>
          {error.fatal ? '✗' : '⚠'} {error.type} {error.message}
        </li>
      ))}
      {inconsistent && <li className="warn">⚠ its dialects say different things</li>}
      {limitZero && <li className="warn">⚠ less than 6 A are allowed</li>}
      {pauseReasons.length > 0 && <li className="muted">paused: {pauseReasons.join(', ')}</li>}
      {hlcFailed !== undefined && <li className="warn">⚠ ISO 15118 failed: {hlcFailed}</li>}
      {token !== undefined && (
        <li className="muted">
          token <code>{token.value}</code> {token.status ?? 'presented'}
        </li>
      )}
      {car !== undefined && (
        <li className="muted clip" title={car.list}>
          the car was told <code>{car.list}</code>
        </li>
      )}
    </ul>
  );
}

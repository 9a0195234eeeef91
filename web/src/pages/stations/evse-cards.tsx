import type { Evse, Station } from '../../api/shapes.ts';
import { AppLink } from '../../app/router.tsx';
import { ConnectorGlyph } from '../../parts/connector-glyph.tsx';
import { dayTime, energy, power } from '../../parts/format.ts';
import { EmptyState } from '../../parts/states.tsx';
import { transactionPath } from '../sessions/session-words.tsx';
import { evseState } from './station-words.tsx';

/** What each EVSE does now. */
export function EvseCards({ station }: { readonly station: Station }) {
  const evses = station.evses.filter((evse) => evse.id > 0);
  if (evses.length === 0) {
    return (
      <EmptyState title="No EVSE was reported">The station tells its connectors with StatusNotification.</EmptyState>
    );
  }
  return (
    <div className="cards" style={{ gridTemplateColumns: 'repeat(auto-fill, minmax(min(420px, 100%), 1fr))' }}>
      {evses.map((evse) => (
        <EvseCard key={evse.id} evse={evse} />
      ))}
    </div>
  );
}

function EvseCard({ evse }: { readonly evse: Evse }) {
  const { reading } = evse;
  const charges = evse.transaction !== undefined;
  // Connector 0 stands for the whole EVSE: worth a line only where it is alone.
  const connectors = evse.connectors.filter((connector) => connector.id > 0 || evse.connectors.length === 1);
  return (
    <article className="evse" data-testid="evse-card" data-evse={evse.id}>
      <header>
        <ConnectorGlyph status={evseState(evse)} size={18} />
        <h2>EVSE {evse.id}</h2>
        <span>{evseState(evse)}</span>
        <span className="push" />
        {evse.transaction !== undefined && <AppLink to={transactionPath(evse.transaction)}>Open the session</AppLink>}
      </header>
      {reading !== undefined && (
        <div className="numbers">
          <Figure label="Power" value={charges ? power(reading.powerW) : '–'} />
          <Figure label="Meter" value={energy(reading.energyWh)} />
          <Figure label="Current" value={reading.currentA === undefined ? '–' : `${reading.currentA.toFixed(1)} A`} />
          <Figure
            label={reading.socPercent === undefined ? 'Voltage' : 'Battery'}
            value={
              reading.socPercent === undefined
                ? reading.voltageV === undefined
                  ? '–'
                  : `${reading.voltageV.toFixed(0)} V`
                : `${reading.socPercent.toFixed(0)} %`
            }
          />
        </div>
      )}
      <ul className="connectors">
        {connectors.map((connector) => (
          <li key={connector.id}>
            <ConnectorGlyph status={connector.status} />
            <span className="mono">
              {evse.id}.{connector.id}
            </span>
            {connector.status}
            {connector.errorCode !== undefined && connector.errorCode !== 'NoError' && (
              <span className="bad">{connector.errorCode}</span>
            )}
            {connector.info !== undefined && <span className="muted">{connector.info}</span>}
            <span className="push muted">since {dayTime(connector.since)}</span>
          </li>
        ))}
      </ul>
    </article>
  );
}

function Figure({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div>
      <span className="muted small">{label}</span>
      <b>{value}</b>
    </div>
  );
}

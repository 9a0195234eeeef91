import type { Evse, Station } from '../../api/shapes.ts';
import { type Health, HealthMark } from '../../parts/atoms.tsx';
import { ConnectorGlyph } from '../../parts/connector-glyph.tsx';
import { ago } from '../../parts/format.ts';

const LINK: Readonly<Record<Station['link'], { readonly health: Health; readonly word: string }>> = {
  connected: { health: 'ok', word: 'connected' },
  silent: { health: 'degraded', word: 'silent' },
  stale: { health: 'degraded', word: 'stale' },
  disconnected: { health: 'down', word: 'disconnected' },
};

/** The state of a station's link, and since when. */
export function LinkText({ station, now }: { readonly station: Station; readonly now?: number }) {
  const { health, word } = LINK[station.link];
  return (
    <span title={station.since}>
      <HealthMark health={health}>
        {word} <span className="muted">{ago(station.since, now)}</span>
      </HealthMark>
    </span>
  );
}

export function EvseStates({ station }: { readonly station: Station }) {
  const evses = station.evses.filter((evse) => evse.id > 0);
  if (evses.length === 0) return <span className="muted">none reported</span>;
  if (evses.length > 4) {
    const counts = new Map<string, number>();
    for (const evse of evses) counts.set(evseState(evse), (counts.get(evseState(evse)) ?? 0) + 1);
    return (
      <span className="row">
        {[...counts].map(([status, number]) => (
          <span key={status} className="glyph-text">
            <ConnectorGlyph status={status} /> {number}
          </span>
        ))}
      </span>
    );
  }
  return (
    <span className="row">
      {evses.map((evse) => (
        <span key={evse.id} className="glyph-text">
          <ConnectorGlyph status={evseState(evse)} />
          <span className="muted">{evse.id}</span> {evseState(evse)}
        </span>
      ))}
    </span>
  );
}

export function BootText({ station }: { readonly station: Station }) {
  const { boot } = station;
  if (boot === 'none') return <span className="muted">–</span>;
  return <span className={boot === 'Accepted' ? undefined : boot === 'Pending' ? 'warn' : 'bad'}>{boot}</span>;
}

export function modelOf({ info }: Station): string {
  return [info['vendor'], info['model'], info['firmware']].filter((part) => part !== undefined).join(' ');
}

/** What an EVSE does: a 2.x connector only says Occupied, its transaction says that it charges. */
export function evseState(evse: Evse): string {
  return evse.status === 'Occupied' && evse.transaction !== undefined && (evse.powerW ?? 0) > 0
    ? 'Charging'
    : evse.status;
}

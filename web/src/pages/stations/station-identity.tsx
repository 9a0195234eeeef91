import type { Station } from '../../api/shapes.ts';
import { dayTime } from '../../parts/format.ts';

/** What the station says of itself, and how it is connected. */
export function StationIdentity({ station }: { readonly station: Station }) {
  const facts: [string, string | undefined][] = [
    ['Identity', station.id],
    ...Object.entries(station.info),
    [
      'Boot',
      `${station.boot}${station.bootAt === undefined ? '' : `, ${dayTime(station.bootAt)}`} ${station.bootReason ?? ''}`,
    ],
    ['Admission', station.admission ?? 'as the boot policy says'],
    ['Heartbeat', `${station.heartbeatIntervalS} s`],
    ['Password', station.hasPassword ? 'set' : 'none'],
    ['First seen', dayTime(station.firstSeenAt)],
    ['Last heard', station.lastSeenAt === undefined ? undefined : dayTime(station.lastSeenAt)],
    ['Local list', station.localListVersion === undefined ? undefined : `version ${station.localListVersion}`],
    ['Firmware update', station.firmwareStatus?.status],
    ['Diagnostics', station.diagnosticsStatus?.status],
    ['Connection', station.connection?.conn],
    ['Subprotocol', station.connection?.subprotocol],
    ['Waiting messages', station.connection === undefined ? undefined : String(station.connection.pendingCalls)],
    ...Object.entries(station.connection?.facts ?? {}),
  ];
  return (
    <div className="card">
      <div className="body">
        <dl className="facts">
          {facts.map(([name, value]) =>
            value === undefined || value.trim() === '' ? null : <Pair key={name} name={name} value={value} />,
          )}
        </dl>
      </div>
    </div>
  );
}

function Pair({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

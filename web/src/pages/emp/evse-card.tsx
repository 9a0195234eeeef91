import { Button, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { api, apiPath, part } from '../../api/client.ts';
import { refresh, useGet } from '../../api/queries.ts';
import type { Page } from '../../api/shapes.ts';
import { useKeys } from '../../app/keys.ts';
import { AppLink } from '../../app/router.tsx';
import { useAttempt } from '../../parts/attempt.ts';
import { DetailCard, Facts } from '../../parts/desk.tsx';
import { EvseStatus } from '../../parts/evse-status.tsx';
import { ago, dayTime } from '../../parts/format.ts';
import {
  type ActionAnswer,
  addressOf,
  type Contract,
  type Driver,
  type EmpSession,
  type EvseEntry,
  facilityOf,
} from './emp-shapes.ts';
import { ActionSteps, SessionStateTag } from './emp-words.tsx';

const RUNNING: readonly EmpSession['state'][] = ['authorised', 'accepted', 'charging', 'stopping'];

/** One EVSE as the EMP sees it, with what a customer does there: start, reserve, stop. */
export function EvseCard({ entry, back }: { readonly entry: EvseEntry; readonly back: string }) {
  const { evseId, record, status, statusSince } = entry;
  return (
    <DetailCard title={<span className="mono">{evseId}</span>} back={back}>
      <div className="row wrap">
        <EvseStatus status={status} />
        {statusSince !== undefined && <span className="muted small">for {ago(statusSince)}</span>}
      </div>
      <Facts
        facts={[
          ['Station', record.ChargingStationNames?.[0]?.value ?? record.ChargingStationID],
          ['Address', addressOf(record)],
          ['Power', facilityOf(record)],
          ['Plugs', record.Plugs?.join(', ')],
          ['Open', record.IsOpen24Hours === true ? 'always' : 'by opening hours'],
          ['Who may charge', record.AuthenticationModes?.join(', ')],
          ['Offers', record.ValueAddedServices?.filter((each) => each !== 'None').join(', ')],
          ['Operator', `${record.OperatorName ?? ''} ${entry.operatorId}`],
          ['Data of', record.lastUpdate === undefined ? undefined : dayTime(record.lastUpdate)],
        ]}
      />
      <ChargeHere key={evseId} evseId={evseId} />
      <div className="row wrap small">
        <AppLink to={`/hub/evses/${part(evseId)}`}>The hub’s view</AppLink>
        <AppLink to={`/traffic?q=${part(`evseid:"${evseId}"`)}`}>Its traffic</AppLink>
        <AppLink to={`/compose?from=emp&to=hub&proto=oicp&action=AuthorizeRemoteStart`}>Edit before sending</AppLink>
      </div>
    </DetailCard>
  );
}

function ChargeHere({ evseId }: { readonly evseId: string }) {
  const contracts = useGet<Page<Contract>>(apiPath('/emp/contracts', { limit: 200 }));
  const drivers = useGet<Page<Driver>>(apiPath('/emp/drivers', { limit: 200 }));
  const sessions = useGet<Page<EmpSession>>(apiPath('/emp/sessions', { limit: 100 }));
  const [chosen, setChosen] = useState<string>();
  const [answer, setAnswer] = useState<ActionAnswer>();
  const { busy, run } = useAttempt();
  const all = contracts.data?.items ?? [];
  const contract = chosen ?? all.find((each) => !each.locked)?.id ?? all[0]?.id;
  const session = sessions.data?.items.find((each) => each.evseId === evseId && RUNNING.includes(each.state));
  const act = (action: string, body: object): void => {
    setAnswer(undefined);
    void run(action, () => api.post<ActionAnswer>(apiPath('/emp/actions'), { action, ...body })).then((result) => {
      setAnswer(result?.answer);
      refresh('/emp');
    });
  };
  const start = (): void => act('start', { evseId, evcoId: contract });
  const stop = (): void => {
    if (session !== undefined) act(session.kind === 'reservation' ? 'cancel' : 'stop', { sessionId: session.id });
  };
  useKeys([
    { keys: 's', does: 'Start charging at this EVSE', run: () => session === undefined && start() },
    { keys: 'x', does: 'Stop charging at this EVSE', run: stop },
  ]);
  const nameOf = (id: string): string => drivers.data?.items.find((each) => each.contracts.includes(id))?.name ?? '';
  return (
    <div className="stack" data-testid="charge-here">
      {session === undefined ? (
        <>
          <NativeSelect
            label="For the customer"
            value={contract ?? ''}
            onChange={(event) => setChosen(event.currentTarget.value)}
            data={all.map(({ id, locked }) => ({
              value: id,
              label: `${nameOf(id)} ${id}${locked ? ' (locked)' : ''}`.trim(),
            }))}
          />
          <div className="row wrap">
            <Button disabled={contract === undefined} loading={busy === 'start'} onClick={start}>
              Start
            </Button>
            <Button
              variant="default"
              disabled={contract === undefined}
              loading={busy === 'reserve'}
              onClick={() => act('reserve', { evseId, evcoId: contract, minutes: 30 })}
            >
              Reserve 30 min
            </Button>
          </div>
        </>
      ) : (
        <div className="row wrap">
          <SessionStateTag session={session} />
          {session.energyKwh !== undefined && <b>{session.energyKwh.toFixed(3)} kWh</b>}
          <AppLink to={`/emp/sessions/${part(session.id)}`}>Session</AppLink>
          <span className="push" />
          <Button color="red" variant="light" loading={busy === 'stop' || busy === 'cancel'} onClick={stop}>
            {session.kind === 'reservation' ? 'Cancel' : 'Stop'}
          </Button>
        </div>
      )}
      {answer !== undefined && <ActionSteps answer={answer} />}
    </div>
  );
}

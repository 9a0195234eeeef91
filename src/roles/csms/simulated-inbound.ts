import type { Clock } from '../../core/clock.ts';
import type { Recorder } from '../../journal/entry.ts';
import { noticedRecorder } from '../../journal/noticed-recorder.ts';
import type { OcppLink } from '../../link/ocpp-link.ts';
import type { Transport } from '../../link/transport.ts';
import type { OcppVersion } from '../../protocols/ocpp/versions.ts';
import type { CsmsState } from './state/csms-state.ts';
import type { StationConnections } from './station-connections.ts';

/** What the CSMS would have answered to a simulated message. */
export interface SimulatedAnswer {
  readonly text: string;
  /** Its number in the journal. */
  readonly seq: number;
}

export interface SimulationWorld {
  readonly connections: StationConnections;
  readonly state: CsmsState;
  readonly clock: Clock;
  readonly recorder: Recorder | null;
  /** How long an answer is waited for. */
  readonly limitMs: number;
}

/**
 * "Simulate inbound": handles a text as if the station had sent it, on a link of its own that never was a socket. `done`
 * hears the texts that the CSMS would have answered. Returns the journal's sequence number of the text.
 */
export function simulateInbound(
  world: SimulationWorld,
  station: string,
  version: OcppVersion,
  text: string,
  done: (answers: readonly SimulatedAnswer[]) => void,
): number {
  const { connections, state, clock, recorder } = world;
  const answers: SimulatedAnswer[] = [];
  const seqs = new Map<unknown, number>();
  let link: OcppLink | undefined;
  const finish = (): void => {
    link?.disconnected(1000, 'simulated');
    done(answers);
  };
  const transport: Transport = {
    description: { type: 'inproc', conn: 'simulate inbound', subprotocol: '', facts: {} },
    bufferedBytes: 0,
    send(answer) {
      answers.push({ text: answer, seq: seqs.get(answer) ?? 0 });
      finish();
    },
    close() {},
    terminate() {},
    ping() {},
    pause() {},
    resume() {},
    listen() {},
  };
  const id = connections.identityOf(station, version);
  if (state.stations.get(id) === undefined) state.stations.put({ ...connections.newStation(id, clock.now()), version });
  const noticing = recorder === null ? null : noticedRecorder(recorder, (entry, seq) => seqs.set(entry.raw, seq));
  link = connections.openLink(transport, id, version, { synthetic: { origin: 'user' }, recorder: noticing });
  link.text(text);
  // What needs no answer (a SEND, an answer, garbage that 1.6 ignores) ends with the time-out.
  clock.after(world.limitMs, () => {
    if (answers.length === 0) finish();
  });
  return seqs.get(text) ?? 0;
}

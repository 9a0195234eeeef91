import { describe, expect, it } from 'vitest';
import { actionsFrom } from '../src/protocols/ocpp/actions.ts';
import { OCPP_VERSIONS, type OcppVersion } from '../src/protocols/ocpp/versions.ts';
import { CsmsTestBench } from '../src/roles/csms/test-bench.ts';
import { createStation } from '../src/roles/station/create-station.ts';
import { loopbackDialer } from '../src/roles/station/dialer.ts';
import {
  COMMANDS_16,
  COMMANDS_21_ONLY,
  COMMANDS_201,
  type CsmsCommand,
} from '../src/roles/station/testing/csms-commands.ts';

/**
 * Our CSMS and our station, engine to engine over the loopback, both strict: each command goes to the station's real
 * handler, its answer comes back to the CSMS's real handler, and what both then know is compared with what it was before.
 */

const TABLES: Record<OcppVersion, readonly CsmsCommand[]> = {
  '1.6': COMMANDS_16,
  '2.0.1': COMMANDS_201,
  '2.1': [...COMMANDS_21_ONLY, ...COMMANDS_201],
};
/** Answers of these mean that the station did something, and that the CSMS has something to remember. */
const TAKEN = /^(Accepted|Scheduled|RebootRequired|Unlocked|AcceptedCanceled)$/;
/** Asked, answered, and nothing to keep: the answer itself is what was wanted. */
const ONLY_ANSWERS = new Set(['GetTransactionStatus']);

async function world(version: OcppVersion) {
  const bench = new CsmsTestBench();
  bench.state.tokens.put({
    idToken: 'APP',
    type: version === '1.6' ? 'ISO14443' : 'Central',
    status: 'Accepted',
    concurrent: true,
  });
  const station = createStation({
    identity: 'CS1',
    version,
    endpoint: 'ws://csms/ocpp',
    clock: bench.clock,
    seed: 'every-action',
    dialer: loopbackDialer(
      bench.clock,
      (server, identity) => bench.csms.connections.connectInProcess(server, identity, version)?.text,
    ),
    files: { run: async () => ({ ok: false, bytes: 0, error: 'failed' }) },
  });
  station.start();
  await bench.clock.runFor(10_000);
  station.plug({ evseId: 1 });
  station.swipe('APP', { evseId: 1, ...(version === '1.6' ? {} : { tokenType: 'Central' }) });
  await bench.clock.runFor(15_000);
  return { bench, station };
}

/** What the CSMS knows of the station, as text. */
function knowledge({ state }: CsmsTestBench): string {
  return JSON.stringify([
    state.stations.get('CS1'),
    [...state.items.page({ station: 'CS1' }, 1_000, undefined).items],
    state.transactions.page({ station: 'CS1' }, 100, undefined).items,
  ]);
}

describe.each(OCPP_VERSIONS)('OCPP %s', (version) => {
  it('the station boots, reports itself and charges at the real CSMS', async () => {
    const { bench } = await world(version);
    const [transaction] = bench.state.transactions.activeOn('CS1');
    expect(transaction).toMatchObject({ state: 'active', idToken: 'APP', evse: 1, authorization: 'Accepted' });
    expect(bench.state.stations.get('CS1')).toMatchObject({
      boot: { status: 'Accepted' },
      info: { vendor: 'Compote' },
    });
    expect(bench.defects).toEqual([]);
    expect(bench.findings).toEqual([]);
  });

  it('every command is answered by the station’s own handler, and the CSMS keeps what was taken', async () => {
    const { bench } = await world(version);
    const tried = new Set<string>();
    for (const [action, text, error] of TABLES[version]) {
      tried.add(action);
      const transactionId = bench.state.transactions.activeOn('CS1')[0]?.transactionId ?? 'none';
      const payload = JSON.parse(text.replaceAll('"TX"', `"${transactionId}"`).replaceAll(':TX', `:${transactionId}`));
      const before = knowledge(bench);
      const outcome = await bench.command('CS1', action, payload);
      const after = knowledge(bench);
      const got = outcome.kind === 'error' ? outcome.code : outcome.kind;
      expect([action, got]).toEqual([action, error ?? 'result']);
      if (outcome.kind !== 'result') {
        expect([action, after]).toEqual([action, before]);
      } else {
        // The answer bears the id of its request, and both stand in the journal.
        const { message } = outcome;
        expect([message.answers?.id, message.answers?.action]).toEqual([message.id, action]);
        const pair = bench.entries
          .filter((entry) => entry.messageId === message.id)
          .map((entry) => [entry.kind, entry.action]);
        expect(pair).toEqual([
          ['request', action],
          ['response', action],
        ]);
        const status = outcome.payload['status'];
        if (typeof status === 'string' && TAKEN.test(status) && !ONLY_ANSWERS.has(action)) {
          expect([action, after === before]).toEqual([action, false]);
        }
      }
      await bench.clock.runFor(3_000);
    }
    expect(actionsFrom(version, 'csms').filter((action) => !tried.has(action))).toEqual([]);
    await bench.clock.runFor(120_000);
    expect(bench.defects).toEqual([]);
    // Strict on both sides: whatever the station sent by itself meanwhile was valid, too.
    expect(bench.findings.map(({ rule, text }) => `${rule}: ${text}`)).toEqual([]);
  });
});

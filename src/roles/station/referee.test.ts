import { RPCServer } from 'ocpp-rpc';
import { afterEach, describe, expect, it } from 'vitest';
import { SystemClock } from '../../core/system-clock.ts';
import { createStation } from './create-station.ts';
import { COMMANDS_16, COMMANDS_201, type CsmsCommand } from './testing/csms-commands.ts';

type Json = Record<string, unknown>;

/** What is used of `ocpp-rpc`; its own declarations are wrong for handlers. */
interface Peer {
  handle(handler: (call: { readonly method: string; readonly params: Json }) => Json): void;
  call(action: string, payload: unknown): Promise<Json>;
  on(
    event: 'strictValidationFailure',
    listener: (event: { readonly error: unknown; readonly messageId: string }) => void,
  ): void;
}
interface Server {
  on(event: 'client', listener: (client: Peer) => void): void;
  listen(port: number, host: string): Promise<{ address(): { port: number } }>;
  close(options: { readonly force: boolean }): Promise<void>;
}

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function answer(method: string, params: Json): Json {
  switch (method) {
    case 'BootNotification':
      return { status: 'Accepted', currentTime: '2026-03-02T08:00:00Z', interval: 300 };
    case 'StartTransaction':
      return { transactionId: 42, idTagInfo: { status: 'Accepted' } };
    case 'Heartbeat':
      return { currentTime: '2026-03-02T08:00:00Z' };
    case 'TransactionEvent':
      return params['idToken'] === undefined ? {} : { idTokenInfo: { status: 'Accepted' } };
    case 'Authorize':
      return { idTagInfo: { status: 'Accepted' }, idTokenInfo: { status: 'Accepted' } };
    default:
      return {};
  }
}

describe.each(['1.6', '2.0.1'] as const)('an ocpp-rpc server in strict mode, OCPP %s', (version) => {
  it('is satisfied with a session and with the answer to every command', async () => {
    const protocol = `ocpp${version}`;
    const server = new (RPCServer as unknown as new (options: object) => Server)({
      protocols: [protocol],
      strictMode: true,
    });
    const violations: unknown[] = [];
    const seen: { method: string; params: Json }[] = [];
    let wake: (() => void) | undefined;
    let peer: Peer | undefined;
    server.on('client', (client) => {
      peer = client;
      client.on('strictValidationFailure', (event) => violations.push(event.error));
      client.handle(({ method, params }) => {
        seen.push({ method, params });
        wake?.();
        const full = answer(method, params);
        if (method === 'Authorize') delete full[version === '1.6' ? 'idTokenInfo' : 'idTagInfo'];
        return full;
      });
    });
    const { port } = (await server.listen(0, '127.0.0.1')).address();
    closing.push(() => server.close({ force: true }));
    const station = createStation({
      identity: 'SIM-1',
      version,
      endpoint: `ws://127.0.0.1:${port}`,
      clock: new SystemClock(),
      followCsmsClock: false,
    });
    closing.push(() => station.stop());
    const until = async (done: () => boolean): Promise<void> => {
      while (!done()) await new Promise<void>((resolve) => (wake = resolve));
    };
    station.start();
    await until(() => seen.some((one) => one.method === 'SecurityEventNotification'));
    station.plug({ car: { reactionMs: 20 } });
    station.swipe('APP', { tokenType: 'Central' });
    await until(() => seen.some((one) => ['StartTransaction', 'TransactionEvent'].includes(one.method)));
    const transaction = station.view().evses[0]?.transaction?.id ?? '';
    const commands: readonly CsmsCommand[] = version === '1.6' ? COMMANDS_16 : COMMANDS_201;
    for (const [action, payload, error] of commands) {
      const params: unknown = JSON.parse(payload.replaceAll('"TX"', `"${transaction}"`).replaceAll(':TX', ':42'));
      const call = peer?.call(action, params);
      if (error === undefined) await call;
      else await expect(call).rejects.toThrow();
    }
    await until(() => seen.some((one) => one.method === 'StopTransaction' || one.params['eventType'] === 'Ended'));
    expect(violations).toEqual([]);
  });
});

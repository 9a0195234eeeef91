import { describe, expect, it } from 'vitest';
import { Content } from '../platform/http/answers.ts';
import type { Forwarder } from './forward.ts';
import { sendingPlace, sendRoute } from './send-route.ts';

const wish = (from: string, to: string, proto: string, mode: string) => ({ from, to, proto, mode });

describe('who sends a message', () => {
  it.each([
    [wish('csms', 'CS-1', 'ocpp', 'wire'), 'csms'],
    [wish('CS-1', 'csms', 'ocpp', 'inbound'), 'csms'],
    [wish('CS-1', 'csms', 'ocpp', 'wire'), 'station'],
    [wish('csms', 'hub', 'oicp', 'wire'), 'csms'],
    [wish('hub', 'csms', 'oicp', 'inbound'), 'csms'],
    [wish('emp', 'hub', 'oicp', 'wire'), 'emp'],
    [wish('hub', 'emp', 'oicp', 'inbound'), 'emp'],
    [wish('hub', 'emp', 'oicp', 'wire'), 'hub'],
    [wish('emp', 'hub', 'oicp', 'inbound'), 'hub'],
    [wish('my-partner', 'hub', 'oicp', 'inbound'), 'hub'],
  ])('%o is the business of %s', (asked, service) => {
    expect(sendingPlace(asked).service).toBe(service);
  });

  it('a party that speaks no OICP here is named', () => {
    expect(() => sendingPlace(wish('CS-1', 'hub', 'oicp', 'wire'))).toThrow(
      expect.objectContaining({ code: 'INVALID_REQUEST' }),
    );
  });

  it('a simulated station gets the text, and the answer names the message', async () => {
    const actor = { name: 'ann', role: 'operator', scope: 'all' };
    const asked: unknown[] = [];
    const post = async (...args: unknown[]) => {
      asked.push(args);
      return new Content('application/json', '{}');
    };
    const route = sendRoute({ post } as unknown as Forwarder, () => 'id-1');
    const answer = (await route.handler({
      body: { ...wish('CS-1', 'csms', 'ocpp', 'wire'), action: 'Heartbeat' },
      token: 't',
      actor,
    } as never)) as Content;
    expect(asked).toEqual([
      [
        'station',
        'sim/stations/CS-1/actions',
        { type: 'send-text', text: '[2,"id-1","Heartbeat",{}]' },
        expect.objectContaining({ token: 't', actor }),
      ],
    ]);
    expect(JSON.parse(String(answer.body))).toEqual({ outcome: 'sent', messageId: 'id-1' });
  });

  it.each([
    ['emp', wish('csms', 'CS-1', 'ocpp', 'wire')],
    ['emp', wish('CS-1', 'csms', 'ocpp', 'inbound')],
    ['emp', wish('csms', 'hub', 'oicp', 'wire')],
    ['emp', wish('hub', 'emp', 'oicp', 'wire')],
    ['cpo', wish('emp', 'hub', 'oicp', 'wire')],
    ['cpo', wish('hub', 'emp', 'oicp', 'inbound')],
  ])('somebody who sees the half %s may not send %o', async (scope, body) => {
    const post = () => Promise.reject(new Error('was sent'));
    const route = sendRoute({ post } as unknown as Forwarder, () => 'id-1');
    const asked = { body, token: 't', actor: { name: 'ann', role: 'operator', scope } } as never;
    await expect(route.handler(asked)).rejects.toMatchObject({ code: 'OUT_OF_SCOPE' });
  });
});

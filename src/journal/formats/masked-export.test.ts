import { describe, expect, it } from 'vitest';
import { withoutTokens } from './mask-tokens.ts';
import { commaSeparated } from './table.ts';

async function* pages(...texts: string[]): AsyncGenerator<string> {
  yield* texts;
}
async function joined(texts: AsyncIterable<string>): Promise<string> {
  let all = '';
  for await (const text of texts) all += text;
  return all;
}
const line = (raw: string, more: object = {}): string => `${JSON.stringify({ seq: 1, raw, ...more })}\n`;

describe('an export without tokens', () => {
  it('has another text of the same form for each card, the same wherever it stands', async () => {
    const text = await joined(
      withoutTokens(
        pages(
          line('[2,"1","Authorize",{"idTag":"04A2B3C4D5"}]', { findings: [{ text: 'the token 04A2B3C4D5 is odd' }] }),
          line('[2,"2","TransactionEvent",{"idToken":{"idToken":"04A2B3C4D5","type":"ISO14443"}}]'),
          line('[2,"3","Authorize",{"idTag":"05FFFFFFFF"}]'),
        ),
      ),
    );
    expect(text).not.toMatch(/04A2B3C4D5|05FFFFFFFF/);
    expect(text.match(/0000000001/g)).toHaveLength(3);
    expect(text.match(/0000000002/g)).toHaveLength(1);
    expect(text).toContain('ISO14443');
  });

  it('keeps provider and form of a contract, also inside a text of JSON, and drops certificates', async () => {
    const inner = JSON.stringify({ emaid: 'DE-DCB-C12345678-X', certificate: '-----BEGIN\nMIIB+/=\n' });
    const text = await joined(withoutTokens(pages(line(JSON.stringify([2, '1', 'DataTransfer', { data: inner }])))));
    expect(text).not.toMatch(/12345678|MIIB/);
    expect(text).toContain('DE-DCB-C00000000-1');
    const raw = (JSON.parse(text) as { raw: string }).raw;
    const { data } = (JSON.parse(raw) as [number, string, string, { data: string }])[3];
    expect(JSON.parse(data)).toEqual({ emaid: 'DE-DCB-C00000000-1', certificate: '***' });
  });
});

describe('an export as a table', () => {
  it('has one message a line, quoted where needed, and no formula of a stranger', async () => {
    const message = {
      seq: 7,
      time: { received: '2026-01-31T12:00:00.000Z' },
      proto: 'ocpp',
      kind: 'response',
      from: { id: '=cmd()' },
      to: { id: 'a,"b"' },
      action: 'Heartbeat',
      partner: { seq: 6, latencyMs: 12.5 },
      findings: [{ rule: 'R-1' }, { rule: 'R-2' }],
      flags: ['imported'],
    };
    const [head, row] = (await joined(commaSeparated(pages(`${JSON.stringify(message)}\n`)))).split('\r\n');
    expect(head).toMatch(/^seq,time,protocol,/);
    expect(row).toBe(
      `7,2026-01-31T12:00:00.000Z,ocpp,,response,'=cmd(),"a,""b""",Heartbeat,,,6,12.5,,,R-1 R-2,imported,`,
    );
  });
});

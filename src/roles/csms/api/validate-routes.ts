import Type, { type Static } from 'typebox';
import { CompoteError } from '../../../core/errors.ts';
import { type Route, route } from '../../../platform/http/route.ts';
import { oneOf } from '../../../platform/schema/words.ts';
import { actionRow } from '../../../protocols/ocpp/actions.ts';
import { CALL, CALLRESULT, parseFrame, SEND } from '../../../protocols/ocpp/frame.ts';
import { UNREADABLE_RULES } from '../../../protocols/ocpp/rpc-report.ts';
import { isV2, OCPP_VERSIONS, type OcppVersion } from '../../../protocols/ocpp/versions.ts';
import { payloadSchema } from './action-routes.ts';
import type { CsmsApi } from './csms-api.ts';
import { innerRemarks } from './inner-messages.ts';
import { oicpRemarks } from './oicp-actions.ts';

const Remark = Type.Object({
  rule: Type.String(),
  severity: oneOf(['error', 'warning', 'info']),
  pointer: Type.String({ description: 'JSON pointer into the payload.' }),
  text: Type.String(),
  clause: Type.Optional(Type.String()),
});
type Remark = Static<typeof Remark>;

const Draft = Type.Object(
  {
    proto: oneOf(['ocpp', 'oicp']),
    ver: oneOf([...OCPP_VERSIONS, '2.3']),
    action: Type.Optional(Type.String({ description: 'Not needed where `raw` is a CALL.' })),
    kind: Type.Optional(oneOf(['request', 'response', 'send'], { default: 'request' })),
    payload: Type.Optional(Type.Unknown()),
    raw: Type.Optional(Type.String({ description: 'A whole frame instead.' })),
    to: Type.Optional(Type.String({ description: 'Who would get it; the present state of a station is looked at.' })),
  },
  { additionalProperties: false },
);

/** Judges a message before it is sent, by the validator that judges the traffic. */
export function validateRoutes(api: CsmsApi): Route[] {
  return [
    route({
      method: 'POST',
      path: '/validate',
      summary: 'Judge a message without sending it',
      tags: ['Schemas'],
      access: 'viewer',
      body: Draft,
      response: Type.Object({
        schema: Type.Array(Remark, { description: 'Against the schema of its version.' }),
        protocol: Type.Array(Remark, { description: 'Against the rules, in the present state of the station.' }),
        compatibility: Type.Array(Remark, { description: 'Against what this peer is known to accept.' }),
      }),
      handler({ body }) {
        const { ver, raw, to } = body;
        if (raw === undefined && body.action === undefined)
          throw new CompoteError('INVALID_REQUEST', {
            fields: [{ pointer: '/action', msg: 'is needed without `raw`' }],
          });
        if (body.proto === 'oicp' || ver === '2.3') {
          const kind = body.kind === 'response' ? 'response' : 'request';
          return { schema: oicpRemarks(body.action ?? '', kind, body.payload, to), protocol: [], compatibility: [] };
        }
        const draft = raw === undefined ? { ...body, kind: body.kind ?? 'request' } : readRaw(raw, body);
        if ('remark' in draft) return { schema: [draft.remark], protocol: [], compatibility: [] };
        const { action = '', kind, payload } = draft;
        return {
          schema: [
            ...schemaRemarks(api, ver, action, kind, payload),
            ...(ver === '1.6' && action === 'DataTransfer' && kind === 'request' ? innerRemarks(payload) : []),
          ],
          protocol: [...directionRemarks(ver, action, kind, to), ...stationRemarks(api, ver, action, to)],
          compatibility: [],
        };
      },
    }),
  ];
}

type Kind = 'request' | 'response' | 'send';
interface ReadDraft {
  readonly action?: string;
  readonly kind: Kind;
  readonly payload?: unknown;
}

function readRaw(raw: string, { action }: Static<typeof Draft>): ReadDraft | { readonly remark: Remark } {
  const frame = parseFrame(raw);
  switch (frame.type) {
    case CALL:
      return { action: frame.action, kind: 'request', payload: frame.payload };
    case SEND:
      return { action: frame.action, kind: 'send', payload: frame.payload };
    case CALLRESULT:
      if (action !== undefined) return { action, kind: 'response', payload: frame.payload };
      throw new CompoteError('INVALID_REQUEST', {
        fields: [{ pointer: '/action', msg: 'a CALLRESULT does not say its action: name it' }],
      });
    case 0:
      return {
        remark: {
          rule: UNREADABLE_RULES[frame.reason],
          severity: 'error',
          pointer: '',
          text: frame.text,
          clause: 'OCPP-J §4.2',
        },
      };
    default:
      return { remark: { rule: 'FRAME', severity: 'info', pointer: '', text: 'An error frame has no payload schema' } };
  }
}

function schemaRemarks(api: CsmsApi, ver: OcppVersion, action: string, kind: Kind, payload: unknown): Remark[] {
  if (actionRow(ver, action) === undefined)
    return [{ rule: 'OCPPJ-RPC-018', severity: 'error', pointer: '', text: `OCPP ${ver} has no ${action}` }];
  return payloadSchema(api, ver, action, kind)
    .violations(payload)
    .map(({ pointer, keyword, text }) => ({
      rule: 'OCPPJ-RPC-021',
      severity: 'error',
      pointer,
      text: `${text} (${keyword})`,
    }));
}

function directionRemarks(ver: OcppVersion, action: string, kind: Kind, to: string | undefined): Remark[] {
  const row = actionRow(ver, action);
  if (row === undefined || to === undefined || row.sender === 'both') return [];
  const towardsStation = to !== 'csms';
  const fits = (kind === 'response') === (row.sender === 'csms') ? !towardsStation : towardsStation;
  if (fits) return [];
  const text = `${action} is sent by the ${row.sender === 'csms' ? 'CSMS' : 'station'}`;
  return [{ rule: 'OCPPJ-RPC-019', severity: 'error', pointer: '', text }];
}

/** What the state of the station says about it: connected, of that version, accepted. */
function stationRemarks({ csms }: CsmsApi, ver: OcppVersion, action: string, to: string | undefined): Remark[] {
  if (to === undefined || to === 'csms') return [];
  const remark = (rule: string, severity: Remark['severity'], text: string, clause?: string): Remark => ({
    rule,
    severity,
    pointer: '',
    text,
    ...(clause === undefined ? {} : { clause }),
  });
  const station = csms.state.stations.get(to);
  if (station === undefined) return [remark('STATION', 'error', `No station ${to} is known`)];
  const session = csms.sessions.get(to);
  if (session === undefined) return [remark('CONNECTED', 'error', `${to} is not connected`)];
  const remarks: Remark[] = [];
  if (session.version !== ver) {
    remarks.push(remark('VERSION', 'error', `${to} is connected with OCPP ${session.version}`));
  }
  const { status } = station.boot;
  if (status !== 'Accepted' && status !== 'none' && /^(Remote|Request)(Start|Stop)Transaction$/.test(action)) {
    const clause = isV2(ver) ? 'B02.FR.05' : '1.6 §4.2';
    remarks.push(remark('BOOT-GATE', 'error', `${to} is ${status}: no transaction may be started or stopped`, clause));
  }
  if (status === 'Rejected')
    remarks.push(remark('BOOT-REJECTED', 'warning', `${to} was rejected at boot: it may not answer`));
  return remarks;
}

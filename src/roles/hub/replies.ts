import type { OicpReply, ReceivedCall } from '../../link/oicp-server.ts';
import {
  type AnswerProfile,
  eRoamingFault,
  faultBody,
  httpMapping,
  isNotificationField,
  type OperationName,
  type RequestOf,
  refusal,
} from '../../protocols/oicp/index.ts';
import type { HubAnswer } from './state/hub-call.ts';

/** How an answer of the hub stands in HTTP. */
export function replyOf(
  profile: AnswerProfile,
  call: ReceivedCall,
  { situation, code, message }: HubAnswer,
): OicpReply {
  const { status, body } = httpMapping(profile, situation, call.operation);
  const info = (message['StatusCode'] as { AdditionalInfo?: string } | undefined)?.AdditionalInfo;
  switch (body) {
    case 'fault':
      return { status, body: eRoamingFault(code, info), code };
    case 'fault-body':
      return { status, body: faultBody([], info), code };
    case 'none':
      return { status, code };
    case 'message':
      return { status, body: message, code };
  }
}

/** The answer to a body that breaks its schema: the place of everything that is wrong. */
export function unreadable(profile: AnswerProfile, { operation, reading: { findings } }: ReceivedCall): OicpReply {
  const { status, body } = httpMapping(profile, 'unreadable', operation);
  if (body === 'fault-body') return { status, body: faultBody(findings), code: '022' };
  const errors = findings.filter(({ severity }) => severity === 'error');
  const text = errors.map(({ pointer, text: said }) => `${pointer} ${said}`.trim()).join('; ');
  // AdditionalInfo has at most 1000 characters.
  return { status, body: refusal(operation, '022', text.slice(0, 1_000)), code: '022' };
}

/** The body as the decision takes it; `undefined` when it is refused for its form. */
export function bodyOf({ operation, reading }: ReceivedCall): RequestOf<OperationName> | undefined {
  if (reading.ok) return reading.value;
  if (operation !== 'ChargingNotifications') return undefined;
  // The hub asks for these members itself, after the session and in its own words.
  const errors = reading.findings.filter(({ severity }) => severity === 'error');
  const later = errors.every(({ pointer, code }) => isMissing(code) && isNotificationField(pointer));
  return later ? (reading.value as RequestOf<'ChargingNotifications'>) : undefined;
}

function isMissing(code: string): boolean {
  return code === 'oicp.body.required' || code === 'oicp.leg.required' || code === 'oicp.notification.progress';
}

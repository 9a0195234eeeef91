import type { HubCall, HubDecision } from './state/hub-call.ts';

/** Kinds of things that others may watch. */
export type Changed = 'session' | 'cdr' | 'evses' | 'statuses' | 'auth-data' | 'pricing';

/** What a decision has changed, by kind and id; nothing where it refused. */
export function changesOf({ operation, body }: HubCall, decision: HubDecision): (readonly [Changed, string])[] {
  if (decision.kind === 'ask') return [['session', decision.pending.sessionId]];
  if (decision.answer.code !== '000') return [];
  switch (operation) {
    case 'AuthorizeStart':
      return [['session', String(decision.answer.message['SessionID'] ?? '')]];
    case 'AuthorizeStop':
      return [['session', body.SessionID]];
    case 'ChargeDetailRecord':
      return [
        ['session', body.SessionID],
        ['cdr', body.SessionID],
      ];
    case 'PushEvseData':
      return [['evses', body.OperatorEvseData.OperatorID]];
    case 'PushEvseStatus':
      return [['statuses', body.OperatorEvseStatus.OperatorID]];
    case 'PushAuthenticationData':
      return [['auth-data', body.ProviderAuthenticationData.ProviderID]];
    case 'PushPricingProductData':
    case 'PushEVSEPricing':
      return [['pricing', '']];
    default:
      return [];
  }
}

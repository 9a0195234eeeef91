import {
  type Correlation,
  type OperationName,
  refusal,
  type StatusCodeValue,
  situationOf,
  statusCode,
} from '../../../protocols/oicp/index.ts';
import type { HubAnswer, HubDecision } from './hub-call.ts';

export function refuse(
  operation: OperationName,
  code: Exclude<StatusCodeValue, '000'>,
  text?: string,
  correlation?: Correlation,
): HubAnswer {
  const situation = operation === 'GetChargeDetailRecords' && code === '022' ? 'range-too-long' : situationOf(code);
  return { situation, code, message: refusal(operation, code, text, correlation) };
}

export function acknowledge(correlation: Correlation = {}, additionalInfo?: string): HubAnswer {
  return processed({ Result: true, StatusCode: statusCode('000', additionalInfo), ...present(correlation) }, '000');
}

/** An answer of something that was dealt with: HTTP 200 in every profile. */
export function processed(message: Readonly<Record<string, unknown>>, code: StatusCodeValue): HubAnswer {
  return { situation: 'processed', code, message };
}

export function answered(answer: HubAnswer): HubDecision {
  return { kind: 'answer', answer, forwards: [] };
}

/** Without the members that are undefined. */
export function present(correlation: Correlation): Record<string, string> {
  return Object.fromEntries(
    Object.entries(correlation).flatMap(([key, id]): [string, string][] => (id === undefined ? [] : [[key, id]])),
  );
}

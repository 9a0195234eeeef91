import type { CsmsAction, StationAction } from '../../../../protocols/ocpp/actions.ts';
import type { RequestOf, ResponseOf } from '../../../../protocols/ocpp/messages.ts';

/**
 * 2.0.1 and 2.1 share their handlers. They are typed by 2.1, which contains 2.0.1; what only 2.1 has is sent only there,
 * and the schemas of the negotiated version check every message.
 */
export type Request<A extends CsmsAction<'2.1'> | StationAction<'2.1'>> = RequestOf<'2.1', A>;
export type Answer<A extends CsmsAction<'2.1'>> = ResponseOf<'2.1', A>;

/** A reason beside a status (2.x StatusInfoType). */
export function info(
  reasonCode: string,
  additionalInfo?: string,
): { statusInfo: { reasonCode: string; additionalInfo?: string } } {
  return {
    statusInfo: {
      reasonCode,
      ...(additionalInfo === undefined ? {} : { additionalInfo: additionalInfo.slice(0, 512) }),
    },
  };
}

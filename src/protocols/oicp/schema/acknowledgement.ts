import Type, { type Static } from 'typebox';
import { StatusCode } from './status-code.ts';
import { PartnerSessionID, SessionID } from './strings.ts';

/** The three correlation fields, optional unless a message says otherwise. */
export const correlation = {
  SessionID: Type.Optional(SessionID),
  CPOPartnerSessionID: Type.Optional(PartnerSessionID),
  EMPPartnerSessionID: Type.Optional(PartnerSessionID),
};

/** One source spells the partner ids with a small d. */
export const correlationAliases = {
  SessionId: 'SessionID',
  CPOPartnerSessionId: 'CPOPartnerSessionID',
  EMPPartnerSessionId: 'EMPPartnerSessionID',
};

export const Acknowledgement = Type.Object(
  {
    Result: Type.Boolean({ description: 'True: received and performed. Never read it from the HTTP status.' }),
    StatusCode,
    ...correlation,
  },
  { title: 'eRoamingAcknowledgement', 'x-aliases': correlationAliases, 'x-rule': 'acknowledgement' },
);
export type Acknowledgement = Static<typeof Acknowledgement>;

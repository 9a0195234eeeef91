import { DEFERRED } from '../../../../../link/ocpp-link.ts';
import { isEmaidConsistent, parseEmaid } from '../../../../../protocols/iso15118/index.ts';
import type { CsmsState } from '../../../state/csms-state.ts';
import type { Inbound } from '../../handler.ts';
import { idTagInfo } from '../id-tag-info.ts';

/** 1.6 §4.1: may this tag charge? Asked before a transaction, so that concurrent use does not count yet. */
export const authorize: Inbound<'1.6', 'Authorize'> = {
  changes: 'nothing; the decision stands in the answer',
  shows: '/messages?q=action:Authorize',
  handle(context, request) {
    const { services, call, station } = context;
    if (isContract(services.state, request.idTag)) {
      services.finding(call, station, {
        rule: 'PNC16-PLAIN',
        severity: 'error',
        text: `${request.idTag} is the account of a contract: Plug & Charge is authorised in DataTransfer, a plain Authorize is for cards`,
        clause: 'Using ISO 15118 Plug & Charge with OCPP 1.6, section 4',
      });
    }
    context.services.authorize(
      { token: { idToken: request.idTag }, station: context.station, starting: false, call: context.call },
      (authorization) => context.link.answer(context.call, { idTagInfo: idTagInfo(authorization) }),
    );
    return DEFERRED;
  },
};

/** An account that is known as such, or an EMAID by its check character: hexadecimal UIDs can look like one without. */
function isContract(state: CsmsState, idTag: string): boolean {
  if (state.tokens.find({ idToken: idTag, type: 'eMAID' })?.type === 'eMAID') return true;
  const emaid = parseEmaid(idTag);
  return emaid?.checkCharacter !== undefined && isEmaidConsistent(emaid);
}

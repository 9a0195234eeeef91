import { sameToken } from '../../authorization/token.ts';
import type { Side2x } from './side.ts';
import { tokenOf } from './tokens.ts';
import { type Answer, info, type Request } from './wire.ts';

/** What one NotifyCustomerInformation carries (data ≤ 512). */
const PART = 512;

/** CustomerInformation (2.0.1 N09, N10): exactly one way to name the customer. */
export function customerInformation(
  side: Side2x,
  request: Request<'CustomerInformation'>,
): Answer<'CustomerInformation'> {
  const { idToken, customerCertificate, customerIdentifier, report, clear, requestId } = request;
  const named = [idToken, customerCertificate, customerIdentifier].filter((one) => one !== undefined).length;
  if (named !== 1) return { status: 'Invalid', ...info('InvalidValue', 'Name the customer in exactly one way') };
  if (!report && !clear)
    return { status: 'Rejected', ...info('MissingParam', 'Neither report nor clear was asked for') };
  const lines: string[] = [];
  if (idToken !== undefined) {
    const token = tokenOf(idToken);
    const cached = side.core.cache.find(token, side.host.now());
    if (cached !== undefined) lines.push(`authorization cache: ${cached.status}`);
    for (const evse of side.core.evses) {
      const { transaction } = evse;
      if (transaction?.token !== undefined && sameToken(transaction.token, token))
        lines.push(`transaction ${transaction.id} at EVSE ${evse.id}`);
    }
    // The local list belongs to the operator and is not cleared.
    if (clear && side.core.cache.remove(token)) side.host.touched('cache');
  }
  // Also when nothing is found, and when only clearing was asked for, the CSMS is told (N09.FR.05).
  side.host.afterAnswer(() => tell(side, requestId, report ? lines.join('\n') : ''));
  return { status: 'Accepted' };
}

function tell(side: Side2x, requestId: number, text: string): void {
  const parts = Math.max(1, Math.ceil(text.length / PART));
  for (let seqNo = 0; seqNo < parts; seqNo++) {
    side.send(
      'NotifyCustomerInformation',
      {
        requestId,
        seqNo,
        generatedAt: side.iso(),
        data: text.slice(seqNo * PART, (seqNo + 1) * PART),
        tbc: seqNo < parts - 1,
      },
      'triggered',
    );
  }
}

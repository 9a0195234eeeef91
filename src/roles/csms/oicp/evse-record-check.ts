import type { EvseDataRecord, OperationBodies } from '../../../protocols/oicp/index.ts';
import type { CpoConfig } from './cpo-context.ts';

/** What is wrong with a record; the pointer is relative to the record. */
export interface RecordFault {
  readonly pointer: string;
  readonly text: string;
}

const AT = '/OperatorEvseData/EvseDataRecord/0';

/**
 * What keeps a record from being pushed. What we send ourselves is to the letter: not even a
 * warning or another spelling (CPO-PD-03, 05, 12).
 */
export function recordFaults(
  record: EvseDataRecord,
  { operatorId, operatorName }: Pick<CpoConfig, 'operatorId' | 'operatorName'>,
  bodies: OperationBodies,
): RecordFault[] {
  const body = {
    ActionType: 'update',
    OperatorEvseData: { OperatorID: operatorId, OperatorName: operatorName, EvseDataRecord: [record] },
  };
  return bodies
    .request('PushEvseData', body, 'strict', { from: 'CPO', to: 'HUB' })
    .findings.map(({ pointer, text }) => ({
      pointer: pointer.startsWith(AT) ? pointer.slice(AT.length) : pointer,
      text,
    }));
}

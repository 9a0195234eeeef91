/** 2.1 K21: one record per transaction, asked for by us or started at the station. */
export function priorityChargingId(transactionId: string): string {
  return `priority-${transactionId}`;
}

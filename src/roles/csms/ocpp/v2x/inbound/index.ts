import type { InboundTable, SendTable } from '../../handler.ts';

export const INBOUND_201 = {} as InboundTable<'2.0.1'>;
export const INBOUND_21 = {} as InboundTable<'2.1'>;
export const SENDS_21 = {} as SendTable<'2.1'>;

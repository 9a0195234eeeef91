import type { OutboundTable } from '../../handler.ts';

export const OUTBOUND_201 = {} as OutboundTable<'2.0.1'>;
export const OUTBOUND_21 = {} as OutboundTable<'2.1'>;

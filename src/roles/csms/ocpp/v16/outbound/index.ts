import type { OutboundTable } from '../../handler.ts';

export const OUTBOUND_16 = {} as OutboundTable<'1.6'>;

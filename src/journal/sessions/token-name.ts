import { isoEvcoIdText, parseEvcoId } from '../../protocols/oicp/index.ts';

/**
 * What all writings of one token have in common: capitals, and for a contract the ISO form with its check character. A car
 * shows DEDCBC12345678, the hub is asked about DE-DCB-C12345678-X, and both are one contract.
 */
export function tokenName(token: string): string {
  const contract = parseEvcoId(token);
  return contract === undefined ? token.toUpperCase() : isoEvcoIdText(contract);
}

import { createHash, X509Certificate } from 'node:crypto';
import { parseTime } from '../../core/time.ts';
import type { Party } from '../../journal/entry.ts';
import { headerOf } from '../../link/http-port.ts';
import { isThisMachine } from '../../link/oicp-caller-check.ts';
import type { CallerFacts } from '../../link/oicp-server.ts';
import { operationRow } from '../../protocols/oicp/index.ts';
import { sha256 } from './state/partner-input.ts';
import type { Partners } from './state/partners.ts';

export type CallerMode = 'certificate' | 'header' | 'path';

/** Who calls. Without `partner` the id in the path is believed. */
export type Caller = { readonly ok: true; readonly partner?: string } | { readonly ok: false; readonly text: string };

export interface CallerRules {
  readonly modes: ReadonlySet<CallerMode>;
  /** Certificates must be vouched for by an authority of ours, beside being registered. */
  readonly trustedOnly: boolean;
}

/**
 * Recognises a caller by the strongest thing it shows: its client certificate, its key, or (from this machine) its path.
 * What is shown must be right: a wrong certificate is not made good by a right path.
 */
export function callerOf(facts: CallerFacts, partners: Partners, rules: CallerRules, nowMs: number): Caller {
  const { clientCertificate, remoteAddress } = facts;
  if (rules.modes.has('certificate') && clientCertificate !== undefined) {
    return byCertificate(clientCertificate, partners, rules.trustedOnly, nowMs);
  }
  const key = headerOf(facts.headers, 'x-api-key');
  if (rules.modes.has('header') && key !== undefined) {
    const hash = sha256(key);
    const partner = partners.all().find(({ apiKeySha256 }) => apiKeySha256 === hash);
    return partner === undefined
      ? { ok: false, text: 'the key is not registered' }
      : { ok: true, partner: partner.key };
  }
  if (rules.modes.has('path') && isThisMachine(remoteAddress)) return { ok: true };
  const wanted = [...rules.modes].filter((mode) => mode !== 'path');
  return { ok: false, text: `the caller shows no ${wanted.join(' and no ') || 'address of this machine'}` };
}

function byCertificate(
  { der, trusted }: { readonly der: Uint8Array; readonly trusted: boolean },
  partners: Partners,
  trustedOnly: boolean,
  nowMs: number,
): Caller {
  const fingerprint = createHash('sha256').update(der).digest('hex');
  const partner = partners.all().find(({ certificateFingerprints }) => certificateFingerprints.includes(fingerprint));
  if (partner === undefined) return { ok: false, text: `the certificate ${fingerprint} is not registered` };
  const { validFrom, validTo } = new X509Certificate(der);
  const [from, to] = [parseTime(validFrom), parseTime(validTo)];
  if (from === undefined || to === undefined || nowMs < from || to < nowMs) {
    return { ok: false, text: `the certificate is valid from ${validFrom} to ${validTo}` };
  }
  if (trustedOnly && !trusted) return { ok: false, text: 'no authority of ours vouches for the certificate' };
  return { ok: true, partner: partner.key };
}

/** The caller as a party of the journal: who it proves to be, else who its path or body names. */
export function partyOf(facts: CallerFacts, partners: Partners, rules: CallerRules, nowMs: number): Party {
  const role = operationRow(facts.operation).legs[0].from === 'CPO' ? 'csms' : 'emp';
  const caller = callerOf(facts, partners, rules, nowMs);
  if (caller.ok && caller.partner !== undefined) return { id: caller.partner, role };
  const named = facts.pathId ?? operatorIn(facts.json);
  const partner =
    named === undefined ? undefined : role === 'csms' ? partners.operator(named) : partners.provider(named);
  return partner === undefined ? { id: 'unknown', role: 'ext' } : { id: partner.key, role };
}

function operatorIn(json: unknown): string | undefined {
  if (typeof json !== 'object' || json === null || !('OperatorID' in json)) return undefined;
  return typeof json.OperatorID === 'string' ? json.OperatorID : undefined;
}

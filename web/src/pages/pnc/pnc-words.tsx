import type { Standing } from './pnc-shapes.ts';

const STANDINGS: Readonly<Record<Standing, { readonly tone: string; readonly mark: string; readonly word: string }>> = {
  valid: { tone: 'ok', mark: '✓', word: 'valid' },
  soon: { tone: 'warn', mark: '⚠', word: 'expires soon' },
  expired: { tone: 'bad', mark: '✗', word: 'expired' },
  revoked: { tone: 'bad', mark: '✗', word: 'revoked' },
  'not-yet': { tone: 'warn', mark: '⋯', word: 'not yet valid' },
};

export function StandingMark({ state }: { readonly state: Standing | undefined }) {
  const { tone, mark, word } = STANDINGS[state ?? 'valid'];
  return (
    <span className={`${tone} nowrap`}>
      {mark} {word}
    </span>
  );
}

const ROLES: Readonly<Record<string, string>> = {
  'v2g-root': 'V2G root',
  'mo-root': 'Mobility operator root',
  'oem-root': 'Vehicle maker root',
  contract: 'Contract',
  secc: 'Station (SECC)',
  'oem-provisioning': 'Vehicle provisioning',
  cps: 'Provisioning service',
};

/** What a certificate is for, in words. */
export function roleWord(role: string | undefined): string {
  return (
    ROLES[role ?? ''] ??
    (role ?? '').replace(/-/g, ' ').replace(/\b(cpo|cps|mo|oem|ca|v2g)\b/g, (word) => word.toUpperCase())
  );
}

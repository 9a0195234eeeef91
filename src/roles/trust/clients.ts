import { SCOPES } from '../../protocols/opcp/index.ts';
import type { ClientSettings } from './section.ts';

/** Clients whose secrets everybody can read here: for a world on one machine. They own everything (lenient profile). */
export const DEMO_CLIENTS: readonly ClientSettings[] = (
  [
    ['cpo-demo', ['CPO'], 'Demo CPO'],
    ['mo-demo', ['MO_OWN_PKI', 'MO_V2G_PKI'], 'Demo EMP'],
    ['oem-demo', ['OEM'], 'Demo OEM'],
    ['cps-demo', ['CPS'], 'Demo provisioning service'],
    ['admin-demo', ['ADMIN'], 'Demo administrator'],
  ] as const
).map(([id, callers, name]) => ({
  id,
  secret: `${id}-secret`,
  callers: [...callers],
  scopes: [...SCOPES],
  wmis: [],
  providers: [],
  operators: [],
  name,
}));

/** The holder of the token that the public sandbox page shows: every role. */
export const SANDBOX_CLIENT: ClientSettings = {
  id: 'sandbox',
  secret: '',
  callers: ['CPO', 'MO_OWN_PKI', 'MO_V2G_PKI', 'OEM', 'CPS'],
  scopes: [...SCOPES],
  wmis: [],
  providers: [],
  operators: [],
  name: 'Sandbox page',
};

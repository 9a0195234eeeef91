import type { Static } from 'typebox';
import { httpKeys, section } from '../platform/config/shared-config.ts';

/** The section `workbench` of the configuration. */
export const workbenchSection = section(
  { ...httpKeys(3000) },
  'The workbench: one web UI and one API over all services.',
);

export type WorkbenchSection = Static<typeof workbenchSection>;

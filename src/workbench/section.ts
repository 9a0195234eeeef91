import Type, { type Static } from 'typebox';
import { httpKeys, section } from '../platform/config/shared-config.ts';

/** The section `workbench` of the configuration. */
export const workbenchSection = section(
  {
    ...httpKeys(3000),
    token: Type.Optional(
      Type.String({
        description:
          'An access token for the journals of the services, where they ask for one. Without it the workbench reads them in the name of the first person who logs in.',
      }),
    ),
  },
  'The workbench: one web UI and one API over all services.',
);

export type WorkbenchSection = Static<typeof workbenchSection>;

import Type from 'typebox';
import { type Route, route } from '../../../platform/http/route.ts';
import { faultKeys } from '../section.ts';
import type { Trust } from '../trust.ts';

const FaultsNow = Type.Object(faultKeys, { additionalProperties: false });
const FaultsWanted = Type.Partial(FaultsNow, { additionalProperties: false });

export function switchRoutes(trust: Trust): Route[] {
  const { faults } = trust.world;
  return [
    route({
      method: 'GET',
      path: '/pnc/faults',
      summary: 'What misbehaves on purpose',
      tags: ['Switches'],
      response: FaultsNow,
      handler: () => faults.now,
    }),
    route({
      method: 'PATCH',
      path: '/pnc/faults',
      summary: 'Turn misbehaviour on and off; members that are absent stay',
      tags: ['Switches'],
      body: FaultsWanted,
      response: FaultsNow,
      handler: ({ body }) => {
        faults.set({ ...faults.now, ...body });
        return faults.now;
      },
    }),
    route({
      method: 'POST',
      path: '/pnc/reset',
      summary: 'New keys for everything that was generated; vehicles and contracts are forgotten',
      tags: ['Switches'],
      access: 'admin',
      handler: () => trust.reset(),
    }),
  ];
}

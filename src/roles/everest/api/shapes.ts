import Type from 'typebox';

export const stationParams = Type.Object({ sid: Type.String({ description: 'The station, for example `cp001`' }) });
export const connectorParams = Type.Object({
  sid: Type.String({ description: 'The station, for example `cp001`' }),
  n: Type.Integer({ minimum: 1, description: 'Number of the connector' }),
});

export const Done = Type.Object(
  {
    commandId: Type.String(),
    dialect: Type.String(),
    published: Type.Array(Type.Object({ topic: Type.String(), payload: Type.String() })),
    warnings: Type.Array(Type.String()),
    reply: Type.Optional(Type.Unknown({ description: 'What EVerest answered (dialect E).' })),
    state: Type.String({ description: 'The state as known now: a publish has no answer, the state is the evidence.' }),
  },
  { title: 'EverestCommand' },
);

export const PROBLEMS = [
  'NOT_FOUND',
  'FORBIDDEN',
  'CONFLICT',
  'CAR_LIST_INVALID',
  'NOT_SUPPORTED',
  'NOT_AVAILABLE',
  'PEER_TIMEOUT',
] as const;

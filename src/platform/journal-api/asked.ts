import Type from 'typebox';

/** What several routes of the journal are asked with. */

export const filter = Type.String({
  maxLength: 4_000,
  description: 'A filter, for example `action:Authorize -is:synthetic station:CS-1`; empty: everything.',
});
export const order = Type.Union([Type.Literal('newest'), Type.Literal('oldest')], { default: 'newest' });
export const entity = Type.Union([Type.Literal('messages'), Type.Literal('exchanges')], {
  default: 'exchanges',
  description: '`exchanges`: a request and its answer are one row; `messages`: every message is one.',
});
export const cursor = Type.Optional(
  Type.String({ description: 'Continue after this point: the `next` of the page before.' }),
);
export const limit = Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 100 }));
export const seqParams = Type.Object({ seq: Type.Integer({ minimum: 1 }) });
export const viewParams = Type.Object({ id: Type.String({ maxLength: 100 }) });

/** A copy without members that are `undefined`. */
export function present<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as never;
}

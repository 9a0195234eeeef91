import Type from 'typebox';
import { call, command } from './command.ts';

/** 1.6 §5.4, 2.x C11. */
export const clearCache = command({
  name: 'clear-cache',
  summary: 'Empty the authorisation cache',
  bodyOptional: true,
  body: Type.Object({}, { additionalProperties: false }),
  translate: () => call('ClearCache'),
});

import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Settings } from 'typebox/system';
import type { FieldError } from '../../core/errors.ts';
import { fieldErrors } from './field-errors.ts';

// TypeBox stops after 8 errors unless told otherwise, and a union spends them on branches that nobody meant.
Settings.Set({ maxErrors: 200 });

/** Tells what is wrong with a value; an empty list means that it fits. */
export interface Validator {
  fits(value: unknown): boolean;
  /** @param prefix stands before every pointer, for example `/query`. */
  errors(value: unknown, prefix?: string): FieldError[];
}

/** Compiles the schema on first use, so that hundreds of routes cost nothing at start. */
export function lazyValidator(schema: TSchema): Validator {
  let compiled: ReturnType<typeof Compile> | undefined;
  const validator = (): ReturnType<typeof Compile> => {
    compiled ??= Compile(schema);
    return compiled;
  };
  return {
    fits: (value) => validator().Check(value),
    errors: (value, prefix = '') => (validator().Check(value) ? [] : fieldErrors(validator().Errors(value), prefix)),
  };
}

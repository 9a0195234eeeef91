import { Problem, type ProblemDocument } from './client.ts';

/** Anything that was thrown, as something that can be shown. */
export function problemOf(thrown: unknown): ProblemDocument {
  if (thrown instanceof Problem) return thrown.document;
  return {
    title: 'This part of the page failed',
    status: 0,
    code: 'PAGE',
    detail: thrown instanceof Error ? thrown.message : String(thrown),
    hint: 'This is a defect of the workbench. The rest of the page goes on working.',
  };
}

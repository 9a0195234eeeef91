import type { Journal } from '../../../journal/index.ts';
import type { Emp } from '../emp.ts';

/** What the routes of the EMP work on. */
export interface EmpApi {
  readonly emp: Emp;
  readonly hubUrl: () => string;
  readonly journal: Pick<Journal, 'query'>;
}

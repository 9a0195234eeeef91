export type Severity = 'error' | 'warning' | 'info';

/** `strict`: as documented. `lenient`: what the live hub takes and where the sources differ, each with a finding. */
export type Strength = 'strict' | 'lenient';

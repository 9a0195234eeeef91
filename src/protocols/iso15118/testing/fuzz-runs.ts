/**
 * How often a fuzz test runs: bounded and seeded in a plain test run; COMPOTE_FUZZ_RUNS raises the number and then also
 * frees the seed, so that long runs look at new inputs (fast-check prints seed and path of a failure).
 */
export function fuzzRuns(standard: number): { numRuns: number; seed?: number } {
  const asked = Number(process.env['COMPOTE_FUZZ_RUNS'] ?? '');
  return asked > 0 ? { numRuns: asked } : { numRuns: standard, seed: 15118 };
}

import fc from 'fast-check';

/**
 * Property tests draw the same cases on every run, so that a green run stays green; `COMPOTE_SEED=n npm test` draws others.
 * A failing case found that way becomes a test of its own.
 */
fc.configureGlobal({ seed: Number(process.env['COMPOTE_SEED'] ?? 20_261_125) });

// The report of `npm run load` as Markdown.

const number = (value, digits = 0) =>
  Number.isFinite(value)
    ? value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits })
    : '?';
const MB = 2 ** 20;

/** A table as the formatter of this project wants it: columns of one width. */
export function markdownTable(header, rows) {
  const all = [header, ...rows].map((row) => row.map(String));
  const widths = header.map((_, column) => Math.max(3, ...all.map((row) => row[column].length)));
  const line = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  const [head, ...body] = all.map(line);
  return [head, line(widths.map((width) => '-'.repeat(width))), ...body].join('\n');
}

const failedOf = ({ failedCalls }) => Object.values(failedCalls).reduce((sum, one) => sum + one, 0);
const failuresOf = ({ failedCalls }) =>
  Object.entries(failedCalls)
    .map(([what, count]) => `${what} ${count}`)
    .join(', ') || 'none';

function latencies({ latencyMs }) {
  return markdownTable(
    ['action', 'calls', '50 % ms', '95 % ms', '99 % ms', 'slowest ms'],
    Object.entries(latencyMs)
      .sort(([, a], [, b]) => b.count - a.count)
      .map(([action, { count, p50, p95, p99, max }]) => [
        action,
        number(count),
        ...[p50, p95, p99, max].map((value) => number(value, 1)),
      ]),
  );
}

/** Memory in about ten steps, and how it changed over the second half. */
function memoryOf({ memory }, warmupS) {
  const after = memory.filter(({ atS }) => atS >= warmupS);
  const step = Math.max(1, Math.floor(memory.length / 10));
  const rows = memory
    .filter((_, index) => index % step === step - 1)
    .map(({ atS, fleet, csms }) => [number(atS), number(fleet / MB), number(csms / MB)]);
  const half = after.slice(Math.floor(after.length / 2));
  return [
    markdownTable(['after s', 'fleet MB', 'CSMS MB'], rows),
    '',
    `Over the second half: fleet ${slope(half, 'fleet')} MB a minute, CSMS ${slope(half, 'csms')} MB a minute (least squares).`,
  ].join('\n');
}

function slope(samples, side) {
  if (samples.length < 3) return '?';
  const minutes = samples.map(({ atS }) => atS / 60);
  const sizes = samples.map((sample) => sample[side] / MB);
  const mean = (values) => values.reduce((sum, one) => sum + one, 0) / values.length;
  const [meanX, meanY] = [mean(minutes), mean(sizes)];
  const up = minutes.reduce((sum, x, i) => sum + (x - meanX) * (sizes[i] - meanY), 0);
  const down = minutes.reduce((sum, x) => sum + (x - meanX) ** 2, 0);
  return number(up / down, 1);
}

/** When all were accepted again, seconds after the power came back; undefined when they never were. */
export function recoveryS({ lines, summary }, darkS) {
  const dark = lines.findIndex(({ accepted }, index) => index > 0 && accepted === 0);
  if (dark < 0) return undefined;
  const back = lines.slice(dark).find(({ accepted }) => accepted === summary.stations);
  return back === undefined ? undefined : Math.max(0, back.atS - (lines[dark - 1]?.atS ?? 0) - darkS);
}

export function mixedSection(run, { minutes, warmupS }) {
  const { summary, lines } = run;
  const steady = lines.filter(({ atS }) => atS >= warmupS);
  const perS = steady.reduce((sum, line) => sum + line.perS, 0) / Math.max(1, steady.length);
  return [
    `## Mixed behaviour, ${number(minutes, 1)} minutes`,
    '',
    `${number(summary.stations)} stations, a third each of OCPP 1.6, 2.0.1 and 2.1, with two EVSEs; drivers come, show a card (5 % of them one that is refused), charge 5 to 20 minutes and leave.`,
    '',
    markdownTable(
      ['', ''],
      [
        ['accepted at the end', `${number(summary.accepted)} of ${number(summary.stations)}`],
        [
          'all accepted for the first time',
          `${number((summary.allAcceptedMs ?? Number.NaN) / 1000, 1)} s after the first start`,
        ],
        ['sessions started, ended', `${number(summary.sessionsStarted)}, ${number(summary.sessionsEnded)}`],
        ['refused cards', number(summary.refusedCards)],
        ['calls answered', `${number(summary.messages)}, ${number(perS)} a second`],
        ['failed calls', `${number(failedOf(summary))} (${failuresOf(summary)})`],
        ['failed or broken connections', `${number(summary.connectFailures)}, ${number(summary.disconnects)}`],
        ['worst delay of the fleet’s own timers', `${number(summary.ownDelayMs)} ms`],
      ],
    ),
    '',
    latencies(summary),
    '',
    memoryOf(run, warmupS),
  ].join('\n');
}

export function blackoutSection(run, { title, darkS }) {
  const { summary } = run;
  const seconds = recoveryS(run, darkS);
  return [
    `## ${title}`,
    '',
    `${number(summary.stations)} stations lose their power at once, without a goodbye, and have it again ${darkS} s later, all at the same moment.`,
    '',
    markdownTable(
      ['', ''],
      [
        ['first start: all accepted', `${number((summary.allAcceptedMs ?? Number.NaN) / 1000, 1)} s`],
        [
          'after the blackout: all accepted again',
          seconds === undefined
            ? `never: ${number(summary.accepted)} at the end`
            : `${number(seconds)} s after the power came back`,
        ],
        ['failed calls', `${number(failedOf(summary))} (${failuresOf(summary)})`],
        ['failed connections', number(summary.connectFailures)],
      ],
    ),
    '',
    latencies(summary),
  ].join('\n');
}

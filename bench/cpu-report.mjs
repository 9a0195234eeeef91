// Loaded before a program under test (`node --import`): says at its end what it has cost, as the last line of its errors.
process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  const { maxRSS } = process.resourceUsage();
  process.stderr.write(
    `\n${JSON.stringify({ cpuMs: Math.round((user + system) / 1000), maxRssMiB: Math.round(maxRSS / 1024) })}\n`,
  );
});

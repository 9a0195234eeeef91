import { quirks } from './quirks.ts';

/** docs/reference/quirks.md: the names, what each does, what it is made of, and what shows it. */
export function quirksPage(): string {
  const rows = quirks().map(([name, { does, actions, sign, heldBy, version }]) => {
    const made = actions.map((action) => `\`${JSON.stringify(action)}\``).join(', ');
    const shown =
      sign === undefined
        ? `test: \`${heldBy}\``
        : Object.entries(sign)
            .map(([word, text]) => `${word} \`${text}\``)
            .join('');
    return `| \`${name}\` | ${does}${version === undefined ? '' : ` (${version})`} | ${made} | ${shown} |`;
  });
  return `# Quirks of stations, by name

Written from the table that the simulator plays (\`npm run docs:reference\`). Deviations that were seen in public issues of other
projects, each of one firmware: never assume one for a brand. The last ones are what experience expects. A simulated station has
one from \`{"type":"quirk","name":"kwhAsWh"}\` on (\`POST /api/v1/sim/stations/{id}/actions\`, or a step of a scenario) until \`{"type":"clear-faults"}\`. Each is made of other actions, which can be sent by
themselves and changed: \`where\` picks messages by their content, \`times\`, \`after\` and \`chance\` say how often.

With \`validation: lenient\` (default) the CSMS takes them, goes on, and files findings. \`test/quirks.test.ts\` plays every line
against it and looks for the sign on the wire: what the station \`says\`, \`lacks\`, or says \`twice\`.

| name | what it does | actions | sign |
|---|---|---|---|
${rows.join('\n')}

Of a CSMS: passwords that are the text of a hexadecimal key (\`hexVerbatim\`, \`keyAsPlain\`) are \`csms.security.basicAuthEncoding\`;
\`bootTriggerCsms\` is \`POST /api/v1/stations/{id}/ocpp/TriggerMessage\` right after a connection.

No name has: \`noConnectionUpgrade\` (an HTTP server of Node.js hands no such request over; it is answered as plain HTTP),
\`noFirmwareStatusHandler\`, \`chattyStatusZero\`, \`statusEverySecond\`, \`singleCallPerSocket\`, \`localListCaseSensitive\`, and
\`octtPss\`, which is a matter of certificates.
`;
}

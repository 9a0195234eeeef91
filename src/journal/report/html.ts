/** Text as HTML shows it. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** A page that needs nothing else: no script, and nothing is asked of anybody, however it is opened. */
export function standalonePage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}

const STYLE = `
:root { color-scheme: light dark; --text: #1c2330; --soft: #566073; --line: #d5dae3; --page: #fff; --sunk: #f4f6f9;
  --ocpp: #1f5fbf; --oicp: #9a4d00; --pnc: #6b3fa0; --mqtt: #00705f; --bad: #b3261e; --ok: #1b6b3a; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e9ef; --soft: #a5aebd; --line: #3a4352; --page: #14181f; --sunk: #1c222c;
  --ocpp: #82b1ff; --oicp: #f2b266; --pnc: #c9a6f5; --mqtt: #6fd3c1; --bad: #ff8a80; --ok: #7fd8a0; } }
body { margin: 0; background: var(--page); color: var(--text); font: 14px/20px system-ui, sans-serif; }
main { max-width: 1200px; margin: 0 auto; padding: 24px; }
h1 { font-size: 22px; line-height: 28px; margin: 0 0 4px; } h2 { font-size: 16px; margin: 32px 0 8px; }
p { margin: 4px 0; } .soft { color: var(--soft); } .bad { color: var(--bad); } .ok { color: var(--ok); }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: 13px; }
th, td { text-align: left; padding: 4px 10px 4px 0; border-bottom: 1px solid var(--line); vertical-align: top; white-space: nowrap; }
td.num { text-align: right; font-variant-numeric: tabular-nums; } code, pre { font: 12px/18px ui-monospace, monospace; }
pre { margin: 4px 0 8px; padding: 8px 12px; background: var(--sunk); border-radius: 4px; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
details { border-bottom: 1px solid var(--line); } summary { padding: 3px 0; cursor: pointer; }
svg { display: block; } svg text { fill: var(--text); font: 12px system-ui, sans-serif; } svg .soft { fill: var(--soft); }
.life { stroke: var(--line); } .ocpp { --c: var(--ocpp); } .oicp { --c: var(--oicp); } .pnc { --c: var(--pnc); } .mqtt { --c: var(--mqtt); }
.arrow { stroke: var(--c, var(--soft)); fill: none; } .tip { fill: var(--c, var(--soft)); } b.proto { color: var(--c, var(--soft)); }
`;

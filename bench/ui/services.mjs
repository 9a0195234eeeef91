import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Workbench and CSMS of the build on free ports, over a folder. */
export async function startServices(folder, services, messages) {
  const settings = [
    'csms.port=0',
    'workbench.port=0',
    `journal.maxEntries=${messages * 2}`,
    'journal.maxBytes=8000000000',
  ];
  const child = spawn(
    process.execPath,
    [
      fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url)),
      ...['up', '--only', services, '--data', folder],
      ...settings.flatMap((one) => ['--set', one]),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NO_COLOR: '1' } },
  );
  let printed = '';
  await new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the services ended with ${code}: ${printed}`)));
    child.stdout.on('data', (chunk) => {
      printed += chunk;
      if (printed.includes('Ctrl-C')) resolve();
    });
  });
  return {
    url: /Workbench\s+(http\S+)/.exec(printed)?.[1],
    csmsUrl: /csms\s+UI\s+(http\S+)\/ui/.exec(printed)?.[1],
    stop: () =>
      new Promise((resolve) => {
        child.removeAllListeners('exit');
        child.once('exit', resolve);
        child.kill('SIGTERM');
      }),
  };
}

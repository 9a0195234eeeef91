// `npm start`: the whole world, from the build. Says what to do when there is none.
import { existsSync } from 'node:fs';

const main = new URL('../dist/cli/main.js', import.meta.url);
if (!existsSync(main)) {
  console.error(
    'OCPP Compote is not built yet. Run: npm run build   (npm ci does it too, unless scripts are switched off)',
  );
  process.exit(1);
}
process.argv.splice(2, 0, 'up');
await import(main.href);

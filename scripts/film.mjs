// The films of the READMEs, from the browser tests that they show: npm run film
import { join } from 'node:path';
import { ensureInstalled, projectRoot } from './lib/install.mjs';
import { run, tools } from './lib/run.mjs';

await ensureInstalled();
const script = join(projectRoot, 'scripts', 'film.ts');
process.exit(await run(tools.tsx(script, ...process.argv.slice(2))));

// The pictures under docs/, from a real n8n in a real browser: npm run screenshots [-- name ...]
import { join } from 'node:path';
import { ensureInstalled, projectRoot } from './lib/install.mjs';
import { run, tools } from './lib/run.mjs';

await ensureInstalled();
const script = join(projectRoot, 'scripts', 'screenshots.ts');
process.exit(await run(tools.tsx(script, ...process.argv.slice(2))));

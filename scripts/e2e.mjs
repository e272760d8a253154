// The tests in a real n8n: npm run test:e2e [-- --help]
import { join } from 'node:path';
import { ensureInstalled, projectRoot } from './lib/install.mjs';
import { run, tools } from './lib/run.mjs';

await ensureInstalled();
const script = join(projectRoot, 'scripts', 'e2e.ts');
process.exit(await run(tools.tsx(script, ...process.argv.slice(2))));

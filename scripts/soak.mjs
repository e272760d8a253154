// Half an hour of mixed work in a real n8n, books compared at the end: npm run soak [-- <minutes>]
import { join } from 'node:path';
import { ensureInstalled, projectRoot } from './lib/install.mjs';
import { run, tools } from './lib/run.mjs';

await ensureInstalled();
const script = join(projectRoot, 'test', 'soak', 'soak.ts');
process.exit(await run(tools.tsx(script, ...process.argv.slice(2))));

// The measurements of bench/: npm run bench [-- transfers concurrency trigger load]
import { join } from 'node:path';
import { ensureInstalled, projectRoot } from './lib/install.mjs';
import { run, tools } from './lib/run.mjs';

await ensureInstalled();
const script = join(projectRoot, 'bench', 'main.ts');
process.exit(await run(tools.tsx(script, ...process.argv.slice(2))));

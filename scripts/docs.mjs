// The parts of docs/ that are made from the code: npm run docs
import { join } from 'node:path';
import { ensureInstalled, projectRoot } from './lib/install.mjs';
import { run, tools } from './lib/run.mjs';

await ensureInstalled();
const script = join(projectRoot, 'scripts', 'docs.ts');
process.exit(await run(tools.tsx(script, ...process.argv.slice(2))));

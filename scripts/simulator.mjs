// Starts the WeCom simulator by hand: npm run simulator -- --help
import { join } from 'node:path';
import { ensureInstalled, projectRoot } from './lib/install.mjs';
import { run, tools } from './lib/run.mjs';

await ensureInstalled();
const script = join(projectRoot, 'scripts', 'simulator.ts');
process.exit(await run(tools.tsx(script, ...process.argv.slice(2))));

// Whether this may be released: npm run release:check [-- --help]
import { join } from 'node:path';
import { ensureInstalled, projectRoot } from './lib/install.mjs';
import { run, tools } from './lib/run.mjs';

await ensureInstalled();
const script = join(projectRoot, 'scripts', 'releaseCheck.ts');
process.exit(await run(tools.tsx(script, ...process.argv.slice(2))));

// Compiles nodes and credentials into dist and copies what the compiler leaves behind.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, projectRoot } from './lib/install.mjs';
import { run, tools } from './lib/run.mjs';

await ensureInstalled();
rmSync(join(projectRoot, 'dist'), { recursive: true, force: true });

for (const step of [tools.tsc('-p', 'tsconfig.json'), tools.gulp('--silent', 'build:assets')]) {
	const code = await run(step);
	if (code !== 0) process.exit(code);
}

/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
/* eslint-disable @n8n/community-nodes/no-dangerous-functions -- reads a module that only Node itself can load */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from '../../scripts/lib/cache';

const table = pathToFileURL(join(projectRoot, 'scripts', 'lib', 'mutations.mjs')).href;
const program = `
	import { applied, mutations } from '${table}';
	const problems = mutations.map((each) => ({ ...each, ...applied(process.argv[1], each) }));
	const stale = problems.filter(({ problem }) => problem).map(({ what, problem }) => what + ': ' + problem);
	console.log(JSON.stringify({ count: mutations.length, stale }));`;

test('each breakage of npm run test:mutations names one place of the product and a test that is there', () => {
	const args = ['--input-type=module', '--eval', program, projectRoot];
	const printed = execFileSync(process.execPath, args, { encoding: 'utf8' });
	const { count, stale } = JSON.parse(printed) as { count: number; stale: string[] };
	expect(count).toBeGreaterThan(0);
	expect(stale).toEqual([]);
});

/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
/* eslint-disable @n8n/community-nodes/no-dangerous-functions -- reads a module that only Node itself can load */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from '../../scripts/lib/cache';

interface Mutation {
	what: string;
	file: string;
	find: string;
	replace: string;
	test: string;
}

const table = pathToFileURL(join(projectRoot, 'scripts', 'lib', 'mutations.mjs')).href;
const program = `import { mutations } from '${table}'; console.log(JSON.stringify(mutations));`;
const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', program]);
const mutations = JSON.parse(printed.toString('utf8')) as Mutation[];

test('each breakage of npm run test:mutations names one place of the product and a test that is there', () => {
	expect(mutations.length).toBeGreaterThan(0);
	const stale = mutations.filter(({ file, find, replace, test: judge }) => {
		const places = readFileSync(join(projectRoot, file), 'utf8').split(find).length - 1;
		return places !== 1 || replace === find || !existsSync(join(projectRoot, judge));
	});
	expect(stale.map(({ what }) => what)).toEqual([]);
});

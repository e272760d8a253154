/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';

/**
 * Makes an instance of a compiled node or credential.
 *
 * @param path as in package.json, such as `dist/nodes/WeComMedia/WeComMedia.node.js`; n8n's rule: the class has the
 * file's name up to the first dot
 */
export function instanceFrom<T>(packageFolder: string, path: string): T {
	const load = createRequire(join(packageFolder, 'package.json'));
	const exported = load(`./${path}`) as Record<string, new () => T>;
	return new exported[basename(path).split('.')[0]]();
}

/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import type { ICredentialType, INodeType } from 'n8n-workflow';
import { manifestOf } from './packageTarball';
import { panelOf, type Panel } from './panel';

/** The panel of an unpacked package, from its compiled code. */
export async function packedPanel(folder: string): Promise<Panel> {
	const { n8n } = await manifestOf(folder);
	const load = createRequire(join(folder, 'package.json'));
	// n8n's rule: the class has the file's name up to the first dot.
	const instanceFrom = <T>(path: string) => {
		const exported = load(join(folder, path)) as Record<string, new () => T>;
		return new exported[basename(path).split('.')[0]]();
	};
	return panelOf(
		n8n.nodes.map((path) => instanceFrom<INodeType>(path).description),
		n8n.credentials.map((path) => instanceFrom<ICredentialType>(path)),
	);
}

/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { ICredentialType, INodeType } from 'n8n-workflow';

export const projectRoot = resolve(__dirname, '..', '..');

interface Manifest {
	name: string;
	n8n: { nodes: string[]; credentials: string[] };
}

export function readManifest(): Manifest {
	return JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as Manifest;
}

/** n8n's rule: the class has the file's name up to the first dot. */
async function instanceFrom<T>(compiledPath: string): Promise<T> {
	const source = compiledPath.replace(/^dist\//, '').replace(/\.js$/, '');
	const exported = (await import(join(projectRoot, source))) as Record<string, new () => T>;
	return new exported[basename(source).split('.')[0]]();
}

/**
 * This package's nodes and credentials, from source, as package.json lists them. Nodes can be found
 * under their own name and under the one saved workflows use (`n8n-nodes-wecom-media.weComMedia`).
 */
export async function loadPackageTypes(): Promise<{
	nodeTypes: Record<string, INodeType>;
	credentialTypes: ICredentialType[];
}> {
	const { name, n8n } = readManifest();
	const nodeTypes: Record<string, INodeType> = {};
	for (const path of n8n.nodes) {
		const type = await instanceFrom<INodeType>(path);
		nodeTypes[type.description.name] = type;
		nodeTypes[`${name}.${type.description.name}`] = type;
	}
	const credentialTypes: ICredentialType[] = [];
	for (const path of n8n.credentials) {
		credentialTypes.push(await instanceFrom<ICredentialType>(path));
	}
	return { nodeTypes, credentialTypes };
}

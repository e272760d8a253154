/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { posix } from 'node:path';
import { importsOf } from './imports';

const base = 'nodes/WeComMedia';
const wecom = ['calls', 'accounts', 'files', 'client', 'hints'] as const;

/** Rooms from the outside inwards, each with the rooms it may import besides itself. */
const rooms: Array<{ name: string; path: RegExp; below: readonly string[] }> = [
	{
		name: 'shell',
		path: /^nodes\/WeComMedia\/[^/]+\.node$/,
		below: ['trigger', 'actions', 'n8n', ...wecom, 'callback'],
	},
	{ name: 'credentials', path: /^credentials\//, below: ['n8n', ...wecom, 'callback'] },
	room('trigger', ['n8n', ...wecom, 'callback']),
	room('actions', ['n8n', ...wecom]),
	room('n8n', [...wecom, 'callback']),
	...wecom.map((name, index) => room(name, wecom.slice(index + 1), 'wecom/')),
	room('callback', [], 'wecom/'),
];

function room(name: string, below: readonly string[], parent = '') {
	return { name, path: new RegExp(`^${base}/${parent}${name}/`), below };
}

const insideWecom: readonly string[] = [...wecom, 'callback'];
const packagesOf = (name: string) =>
	insideWecom.includes(name) ? ['crypto'] : ['crypto', 'n8n-workflow'];

/** Each of these files of `wecom/accounts` is one system among others. */
const systems = ['corpApp', 'thirdPartyApp', 'robots', 'officialAccount'];
/** The third-party app is the corp app, authorized in another way. */
const buildsOn: Record<string, string> = { thirdPartyApp: 'corpApp' };
/** The only file that names systems: which credential opens which of them. */
const tableOfSystems = `${base}/n8n/accounts`;

export interface SourceFile {
	/** From the project's root, with slashes. */
	path: string;
	text: string;
}

/**
 * Imports that break the direction shell → actions, trigger → n8n → wecom, and inside wecom
 * calls → accounts → files → client → hints, with callback alone.
 */
export function violations(files: SourceFile[]): string[] {
	return files.flatMap(({ path, text }) =>
		importsOf(path, text).flatMap(({ specifier, line }) => {
			const complaint = complaintAbout(path.replace(/\.(ts|js)$/, ''), specifier);
			return complaint ? [`${path}:${line} imports ${specifier}: ${complaint}`] : [];
		}),
	);
}

function complaintAbout(from: string, specifier: string): string | undefined {
	const own = roomOf(from);
	if (!own) return 'the importing file is in no room';
	if (!specifier.startsWith('.')) {
		return packagesOf(own.name).includes(specifier)
			? undefined
			: `${own.name} may not use this package`;
	}
	const target = posix.join(posix.dirname(from), specifier);
	const other = roomOf(target);
	if (!other) return 'it is outside nodes and credentials';
	if (other !== own && !own.below.includes(other.name)) {
		return `${own.name} may not import ${other.name}`;
	}
	return own.name === 'credentials' ? undefined : complaintAboutSystem(from, systemOf(target));
}

function complaintAboutSystem(from: string, system: string | undefined): string | undefined {
	if (!system || from === tableOfSystems) return undefined;
	const own = systemOf(from);
	if (own && (own === system || buildsOn[own] === system)) return undefined;
	return `${system} is one system among others`;
}

function systemOf(path: string): string | undefined {
	return systems.find((name) => path === `${base}/wecom/accounts/${name}`);
}

function roomOf(path: string) {
	return rooms.find((candidate) => candidate.path.test(path));
}

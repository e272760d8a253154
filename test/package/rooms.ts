/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { posix } from 'node:path';
import { importsOf } from './imports';

/** Rooms from the outside inwards; the first pattern that fits a path decides. */
const rooms = [
	{ name: 'shell', path: /^nodes\/WeComMedia\/[^/]+\.node$/ },
	{ name: 'credentials', path: /^credentials\// },
	{ name: 'trigger', path: /^nodes\/WeComMedia\/trigger\// },
	{ name: 'actions', path: /^nodes\/WeComMedia\/actions\// },
	{ name: 'helpers', path: /^nodes\/WeComMedia\/helpers\// },
	{ name: 'transport', path: /^nodes\/WeComMedia\/transport\// },
	{ name: 'protocol', path: /^nodes\/WeComMedia\/protocol\// },
] as const;
type Room = (typeof rooms)[number]['name'];

/** A room may also import itself. */
const roomsBelow: Record<Room, Room[]> = {
	shell: ['trigger', 'actions', 'helpers', 'transport', 'protocol'],
	credentials: ['helpers', 'transport', 'protocol'],
	// It shapes the result of an asynchronous upload as the operations do.
	trigger: ['actions', 'helpers', 'transport', 'protocol'],
	actions: ['helpers', 'transport', 'protocol'],
	helpers: ['transport', 'protocol'],
	transport: ['protocol'],
	protocol: [],
};

const packagesOf = (room: Room) => (room === 'protocol' ? ['crypto'] : ['crypto', 'n8n-workflow']);

const systemsFolder = 'nodes/WeComMedia/protocol/systems/';
/** What all systems share; every other file of that folder is one system. */
const sharedBySystems = ['authorisers', 'rules', 'settings', 'types'];
/** The third-party app is the corp app, authorised in another way. */
const buildsOn: Record<string, string> = { thirdPartyApp: 'corpApp' };
/** The only action that names systems: which credential opens which of them. */
const tableOfSystems = 'nodes/WeComMedia/actions/accounts';

export interface SourceFile {
	/** From the project's root, with slashes. */
	path: string;
	text: string;
}

/** Imports that break the direction shell → trigger, actions → helpers → transport → protocol. */
export function violations(files: SourceFile[]): string[] {
	return files.flatMap(({ path, text }) =>
		importsOf(path, text).flatMap(({ specifier, line }) => {
			const complaint = complaintAbout(path.replace(/\.(ts|js)$/, ''), specifier);
			return complaint ? [`${path}:${line} imports ${specifier}: ${complaint}`] : [];
		}),
	);
}

function complaintAbout(from: string, specifier: string): string | undefined {
	const room = roomOf(from);
	if (!room) return 'the importing file is in no room';
	if (!specifier.startsWith('.')) {
		return packagesOf(room).includes(specifier) ? undefined : `${room} may not use this package`;
	}
	const target = posix.join(posix.dirname(from), specifier);
	const targetRoom = roomOf(target);
	if (!targetRoom) return 'it is outside nodes and credentials';
	if (targetRoom !== room && !roomsBelow[room].includes(targetRoom)) {
		return `${room} may not import ${targetRoom}`;
	}
	return room === 'credentials' ? undefined : complaintAboutSystem(from, systemOf(target));
}

function complaintAboutSystem(from: string, system: string | undefined): string | undefined {
	if (!system || from === tableOfSystems) return undefined;
	const own = systemOf(from);
	if (own && (own === system || buildsOn[own] === system)) return undefined;
	return `${system} is one system among others`;
}

function systemOf(path: string): string | undefined {
	if (!path.startsWith(systemsFolder)) return undefined;
	const name = path.slice(systemsFolder.length);
	return sharedBySystems.includes(name) ? undefined : name;
}

function roomOf(path: string): Room | undefined {
	return rooms.find((room) => room.path.test(path))?.name;
}

import {
	decideType,
	problemWith,
	refuseBySize,
	type Candidate,
	type RequestedType,
} from '../../nodes/WeComMedia/wecom/files/checks';
import { WeComInputError } from '../../nodes/WeComMedia/wecom/client/errors';
import { sniff } from '../../nodes/WeComMedia/wecom/files/sniff';
import { corpApp, customerService } from '../../nodes/WeComMedia/wecom/accounts/corpApp';
import { officialAccount } from '../../nodes/WeComMedia/wecom/accounts/officialAccount';
import { robot } from '../../nodes/WeComMedia/wecom/accounts/robots';
import type { System } from '../../nodes/WeComMedia/wecom/accounts/system';
import type { MediaType } from '../../nodes/WeComMedia/wecom/files/mediaRule';
import { contentOf, KIB, MIB, type Kind } from './files';
import { testWorld } from './testWorld';

const world = testWorld();
const baseUrl = 'https://wecom.example';
const corp = { baseUrl, corpId: 'ww', corpSecret: 'made-up-secret', agentId: '' };
const SYSTEMS: Record<string, System> = {
	app: corpApp(corp, world),
	customerService: customerService(corp, world),
	robot: robot({ baseUrl, webhookKey: 'made-up-key' }),
	officialAccount: officialAccount({ baseUrl, appId: 'wx', appSecret: 'made-up' }, world),
};

function candidate(kind: Kind, size: number): Candidate {
	return { fileName: `a.${kind}`, size, sniffed: sniff(contentOf(kind, 64)) };
}

describe('problemWith', () => {
	const rules: Array<[string, MediaType, Kind, number]> = [
		['app', 'image', 'jpg', 10 * MIB],
		['app', 'video', 'mp4', 10 * MIB],
		['app', 'file', 'txt', 20 * MIB],
		['customerService', 'image', 'png', 10 * MIB],
		['robot', 'file', 'jpg', 20 * MIB],
		['officialAccount', 'image', 'gif', 10 * MIB],
		['officialAccount', 'voice', 'mp3', 2 * MIB],
		['officialAccount', 'video', 'mp4', 10 * MIB],
		['officialAccount', 'thumb', 'jpg', 64 * KIB],
	];
	test.each(rules)('%s %s: a %s may have 6 to %d bytes', (name, type, kind, largest) => {
		const { types, label } = SYSTEMS[name];
		const rule = types[type] ?? fail(type);
		const problem = (size: number) => problemWith(candidate(kind, size), rule, type, label);
		expect(problem(6)).toBe('');
		expect(problem(largest)).toBe('');
		expect(problem(0)).toBe(`'a.${kind}' is empty`);
		expect(problem(5)).toBe(`'a.${kind}' has 5 bytes; ${label} takes ${type}s of at least 6 bytes`);
		const [, shown, limit] =
			/has ([\d.]+ [KM]B); .+ up to ([\d.]+ [KM]B)$/.exec(problem(largest + 1)) ?? [];
		expect(shown).not.toBe(limit);
	});

	test('Customer Service has no permanent images, an app takes them from 5 bytes on', () => {
		expect(SYSTEMS.customerService.uploadImg).toBeUndefined();
		const rule = SYSTEMS.app.uploadImg?.rule ?? fail('uploadImg');
		const problem = (size: number) =>
			problemWith(candidate('png', size), rule, 'image', 'WeCom app');
		expect([problem(5), problem(2 * MIB)]).toEqual(['', '']);
		expect(problem(4)).toMatch(/at least 5 bytes$/);
		expect(problem(2 * MIB + 1)).toMatch(/up to 2 MB$/);
	});
});

describe('decideType', () => {
	const options = { fallbackToFile: false, skipChecks: false };

	test('auto with skipChecks goes by the content and leaves the size to the server', () => {
		const huge = candidate('png', 15 * MIB);
		const decided = decideType(SYSTEMS.app, huge, {
			...options,
			requested: 'auto',
			skipChecks: true,
		});
		expect(decided).toEqual({ type: 'image', reason: '' });
	});

	test('with skipChecks the type asked for is sent, whatever the content', () => {
		for (const requested of ['image', 'voice', 'video', 'file'] as RequestedType[]) {
			const decided = decideType(SYSTEMS.app, candidate('txt', 1), {
				...options,
				requested,
				skipChecks: true,
			});
			expect(decided).toEqual({ type: requested, reason: '' });
		}
	});

	test('with skipChecks a type the system does not have is still refused', () => {
		const request = { ...options, requested: 'image' as const, skipChecks: true };
		expect(() => decideType(SYSTEMS.robot, candidate('png', 100), request)).toThrow(
			"'Media Type' is 'image', which the group robot does not take",
		);
	});

	test('what is too large even as file is refused with the limit of files', () => {
		const request = { ...options, requested: 'image' as const, fallbackToFile: true };
		expect(() => decideType(SYSTEMS.app, candidate('png', 20 * MIB + 1), request)).toThrow(
			/files up to 20 MB$/,
		);
	});

	test('too few bytes for any type are refused with fallbackToFile as well', () => {
		const request = { ...options, requested: 'image' as const, fallbackToFile: true };
		expect(() => decideType(SYSTEMS.app, candidate('png', 5), request)).toThrow(/at least 6 bytes/);
	});
});

describe('refuseBySize', () => {
	test.each([
		['app', 20 * MIB],
		['robot', 20 * MIB],
		['officialAccount', 10 * MIB],
	])('%s: the largest type decides', (name, largest) => {
		const attempt = (size: number) => refuseBySize({ fileName: '', size }, false, SYSTEMS[name]);
		expect(() => attempt(largest)).not.toThrow();
		expect(() => attempt(largest + 1)).toThrow(WeComInputError);
		expect(() => attempt(0)).toThrow("'file' is empty");
	});
});

function fail(what: string): never {
	throw new Error(`no rule for ${what}`);
}

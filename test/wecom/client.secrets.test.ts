/** No message, log line or thrown object may hold a token, secret, key, ticket or code. */
import type { Fault } from '../simulator';
import { leaks, secretsOf } from '../helpers/leaks';
import { downloadMedia, downloadHdVoice } from '../../nodes/WeComMedia/wecom/calls/download';
import { uploadImage } from '../../nodes/WeComMedia/wecom/calls/upload';
import { everythingIn } from './everything';
import { contentOf, fileOf } from './files';
import { bytesIn, harmlessCall, upload, useScene, type Connected } from './scene';
import { unreachableFirst } from './testWorld';

const scene = useScene({ maxRetries: 1 });

/** Every secret of the simulator's world, and both ends of each token issued so far: an excerpt may cut one. */
function secrets(): string[] {
	const ends = scene.sim.state.tokens
		.all()
		.flatMap(({ value }) => [value.slice(0, 24), value.slice(-24)]);
	return [...secretsOf(scene.sim), ...ends, 'made-up-wrong-secret'];
}

/** Runs what has to fail; gives every text in what it threw and logged. */
async function traceOf(work: Promise<unknown>): Promise<string> {
	const thrown = await work.then(
		() => Promise.reject(new Error('nothing failed')),
		(error: unknown) => error,
	);
	return everythingIn([thrown, scene.world.lines]);
}

const SYSTEMS: Array<[string, () => Connected]> = [
	['corp app', () => scene.app()],
	['Customer Service', () => scene.customerService()],
	['third-party app', () => scene.thirdPartyApp()],
	['robot', () => scene.robot()],
	['Official Account', () => scene.officialAccount()],
];

/** What servers and proxies answer, with the request's own secrets echoed in every form met. */
function echoing(secret: string): Fault[] {
	const coded = encodeURIComponent(secret);
	const page = `Cannot POST /cgi-bin/media/upload?access_token=${coded}&amp;key=${coded}&type=file`;
	return [
		{ errcode: 40058, errmsg: `invalid value ${secret}` },
		{ errcode: 987654, errmsg: `nobody knows {"token":"${secret}"}` },
		{ status: 502, body: page },
		{ status: 403, body: `the value ${secret} was refused` },
		{ status: 301, headers: { Location: `http://127.0.0.1/?access_token=${coded}` } },
		{ status: 404 },
		{ body: `<html>${page}</html>` },
		{ body: `{"errcode":40058,"errmsg":"no","details":{"seen":["${secret}"]}}` },
		{ cut: 'beforeAnswer' },
	];
}

describe.each(SYSTEMS)('an upload through the %s', (_name, connect) => {
	test('shows no secret, whatever is answered', async () => {
		const connected = connect();
		await upload(connected, fileOf('jpg'));
		const used = scene.sim.record.all.at(-1)?.query ?? {};
		const secret = used.access_token ?? used.key;
		expect(secret.length).toBeGreaterThan(20);
		for (const fault of echoing(secret)) {
			scene.sim.faults.clear();
			scene.sim.faults.next({ ...fault, path: connected.system.uploadPath, times: 9 });
			const trace = await traceOf(upload(connected, fileOf('jpg')));
			expect({ fault, found: leaks(secrets(), trace) }).toEqual({ fault, found: [] });
		}
	});

	test('shows no secret when nobody listens', async () => {
		const connected = connect();
		scene.world.transport = unreachableFirst(connected.system.uploadPath, 9);
		const trace = await traceOf(upload(connected, fileOf('jpg')));
		expect(leaks(secrets(), trace)).toEqual([]);
	});
});

const TOKEN_CALLS: Array<[string, () => Connected, () => string]> = [
	['gettoken', () => scene.app(), () => scene.sim.demo.corp.corpSecret],
	['service/get_suite_token', () => scene.thirdPartyApp(), () => scene.sim.demo.suite.suiteTicket],
	['service/get_suite_token', () => scene.thirdPartyApp(), () => scene.sim.demo.suite.suiteSecret],
	['service/get_corp_token', () => scene.thirdPartyApp(), () => scene.sim.demo.suite.permanentCode],
	['service/get_corp_token', () => scene.thirdPartyApp(), () => suiteToken()],
	['stable_token', () => scene.officialAccount(), () => scene.sim.demo.officialAccount.appSecret],
];

function suiteToken(): string {
	const { tokens, suites } = scene.sim.state;
	const holder = { kind: 'suite' as const, suite: suites[0] };
	return (tokens.current(holder) ?? tokens.issue(holder)).value;
}

test.each(TOKEN_CALLS)(
	'%s shows no secret, whatever is answered',
	async (path, connect, secretOf) => {
		for (const fault of echoing(secretOf())) {
			scene.sim.faults.clear();
			scene.sim.faults.next({ ...fault, path, times: 9 });
			const trace = await traceOf(harmlessCall(connect()));
			expect({ fault, found: leaks(secrets(), trace) }).toEqual({ fault, found: [] });
		}
	},
);

test('a wrong secret is not repeated in the error', async () => {
	const trace = await traceOf(harmlessCall(scene.app('made-up-wrong-secret')));
	expect(leaks(secrets(), trace)).toEqual([]);
});

test('a renewed token leaves no trace in the log, nor does the second refusal', async () => {
	scene.sim.faults.next({ path: 'media/upload', errcode: 40014, times: 2 });
	const trace = await traceOf(upload(scene.app(), fileOf('pdf')));
	expect(trace).toContain('renewing it');
	expect(leaks(secrets(), trace)).toEqual([]);
});

test('uploadimg and downloads show no secret', async () => {
	const { client, system } = scene.app();
	const mediaId = scene.sim.state.addMedia({ bytes: contentOf('pdf', 90_000) });
	await harmlessCall({ client, system });
	const [token] = scene.sim.state.tokens.all().map(({ value }) => value);
	const image = { file: fileOf('png'), fileName: '', skipChecks: false };
	const work: Array<[string, () => Promise<unknown>]> = [
		['media/uploadimg', async () => await uploadImage(client, system, image)],
		['media/get', async () => await bytesIn(await downloadMedia(client, system, mediaId))],
		['media/get/jssdk', async () => await downloadHdVoice(client, mediaId)],
	];
	for (const [path, run] of work) {
		for (const fault of echoing(token).filter(({ body }) => !body?.startsWith('<html>'))) {
			scene.sim.faults.clear();
			scene.sim.faults.next({ ...fault, path, times: 9 });
			expect({ path, fault, found: leaks(secrets(), await traceOf(run())) }).toMatchObject({
				found: [],
			});
		}
	}
});

describe('everythingIn', () => {
	test.each([
		['a message', new Error('made-up-secret')],
		['a nested property', { a: [{ b: { c: 'made-up-secret' } }] }],
		['a property that does not show', Object.defineProperty({}, 'x', { value: 'made-up-secret' })],
		['a cause', new Error('no', { cause: new Error('made-up-secret') })],
		['a symbol’s value', { [Symbol('x')]: 'made-up-secret' }],
		['a map', new Map([['k', { v: 'made-up-secret' }]])],
		['bytes', { body: Buffer.from('made-up-secret') }],
		['what toJSON gives', { toJSON: () => 'made-up-secret' }],
		[
			'a getter of a class',
			new (class {
				get secret() {
					return 'made-up-secret';
				}
			})(),
		],
	])('finds a secret in %s', (_where, value) => {
		expect(leaks(['made-up-secret'], everythingIn({ value }))).toEqual(['made-up-secret']);
	});
});

import { leaks, logText, serialize } from '../helpers/engine';
import { secretsOf } from '../helpers/leaks';
import type { NodeRun } from '../helpers/runNode';
import type { Fault } from '../simulator';
import { sample, sampleFile, setupScene, systems, type SystemName } from './scene';

const scene = setupScene();
const items = [{ binary: { data: sampleFile('voice.amr', '语音.amr') } }];

/** Secrets that a finished run holds anywhere: output, error with stack and cause, the stored execution, the log. */
function leaked({ run, items: output, errorItems, error }: NodeRun): string[] {
	const parts = [error?.message, error?.description, error?.stack, error?.cause, error?.context];
	return leaks(
		secretsOf(scene.simulator),
		run,
		output,
		errorItems,
		serialize(error),
		...parts.map(serialize),
		logText(),
	);
}

const names = Object.keys(systems) as SystemName[];
const pathOf = (system: SystemName) =>
	system === 'robot' ? 'webhook/upload_media' : 'media/upload';

/** Answers with the address of the call, as error pages of proxies do. */
function quoting(path: string): Fault {
	const fault: Fault = {
		path,
		status: 502,
		times: 9,
		when: ({ query }) => {
			const address = `https://wecom.example/cgi-bin/${path}?${new URLSearchParams(query).toString()}`;
			fault.body = `<p>Bad gateway: ${address}</p><p>${Object.values(query).join(' ')}</p>`;
			return true;
		},
	};
	return fault;
}

/** Says the token that came with the call, in the text that WeCom gives for a code. */
function saying(path: string): Fault {
	const fault: Fault = {
		path,
		errcode: 40058,
		when: ({ query }) => {
			fault.errmsg = `invalid param ${query.access_token ?? query.key}`;
			return true;
		},
	};
	return fault;
}

const failures: Array<[string, (path: string) => Fault]> = [
	['a refusal', (path) => ({ path, errcode: 45001 })],
	['a token refused twice', (path) => ({ path, errcode: 40014, times: 9 })],
	['a connection cut on arrival', (path) => ({ path, cut: 'onArrival', times: 9 })],
	['a connection cut before the answer', (path) => ({ path, cut: 'beforeAnswer', times: 9 })],
	['an answer that breaks off', (path) => ({ path, cutAfterBytes: 5, times: 9 })],
	['no answer', (path) => ({ path, stall: true, times: 9 })],
	['an error page that quotes the address', quoting],
	['a refusal that quotes the token', saying],
	[
		'a redirect to elsewhere',
		(path) => ({ path, status: 302, headers: { location: 'http://127.0.0.1:9/?key=1' }, body: '' }),
	],
];
const options = { maxRetries: 1 };
/** Waiting for an answer that does not come takes a second of real time, the shortest there is. */
const optionsFor = (what: string) =>
	what === 'no answer' ? { maxRetries: 0, requestTimeout: 1 } : options;

describe('no secret shows up anywhere', () => {
	test.each(names)('%s: when everything goes well', async (system) => {
		const run = await scene.run({ system, items, options: { includeInputFields: true } });
		expect(run.error).toBeUndefined();
		expect(leaked(run)).toEqual([]);
		expect(logText()).not.toBe('');
	});

	describe.each(names)('%s, upload', (system) => {
		test.each(failures)('after %s', async (what, faultAt) => {
			scene.simulator.faults.next(faultAt(pathOf(system)));
			const run = await scene.run({ system, items, options: optionsFor(what) });
			expect(run.error).toBeDefined();
			expect(leaked(run)).toEqual([]);
		});
	});

	test.each(failures)('download, after %s', async (what, faultAt) => {
		const mediaId = scene.simulator.state.addMedia({ bytes: sample('report.pdf') });
		scene.simulator.faults.next(faultAt('media/get'));
		const run = await scene.run({
			operation: 'get',
			parameters: { mediaId },
			options: optionsFor(what),
		});
		expect(run.error).toBeDefined();
		expect(leaked(run)).toEqual([]);
	});

	// A token call that is not answered is given up after three times half a minute only.
	const tokenFailures = failures.filter(([what]) => !/^(no answer|a token)/.test(what));
	test.each(tokenFailures)('token call, after %s', async (_what, faultAt) => {
		scene.simulator.faults.next({ ...faultAt('gettoken'), times: 9 });
		const run = await scene.run({ items, options });
		expect(run.error).toBeDefined();
		expect(leaked(run)).toEqual([]);
	});

	test.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'%s: in items that stand for failures',
		async (onError) => {
			scene.simulator.faults.next(quoting('media/upload'));
			const run = await scene.run({ items, options, onError });
			const [said] = [...run.items, ...run.errorItems];
			expect(said.json.error).toContain('access_token=***');
			expect(leaked(run)).toEqual([]);
		},
	);

	test.each([
		['a wrong Secret', { corpSecret: 'made-up-wrong-secret' }],
		['a Secret that is no secret', { corpSecret: 'made-up wrong secret' }],
		['nobody there', { corpSecret: 'made-up-wrong-secret', baseUrl: 'http://127.0.0.1:9' }],
		['a Base URL with a secret in it', { baseUrl: 'https://made-up:wrong-secret@wecom.example' }],
	])('after %s', async (_what, credential) => {
		const run = await scene.run({ items, options, credential });
		expect(run.error).toBeDefined();
		expect(leaked(run)).toEqual([]);
		expect(leaks(['wrong-secret', 'made-up wrong secret'], run.run, logText())).toEqual([]);
	});
});

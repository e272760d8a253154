import { leaks, logText } from '../../helpers/engine';
import type { Fault } from '../../simulator';
import { setupScene } from '../scene';
import { asking, uploading, useLinks } from './support';

const scene = setupScene();
const links = useLinks();
const SIGN = 'made-up-signature-of-the-link';

/** Every secret of the account, the tokens issued so far and what stands in the query of a signed link. */
function secrets(): string[] {
	const { corp } = scene.simulator.demo;
	const tokens = scene.simulator.state.tokens.all().map(({ value }) => value);
	expect(tokens).not.toEqual([]);
	return [corp.corpSecret, ...tokens];
}

const signed = (path: string) => ({ json: { url: `${links.link(path)}?sign=${SIGN}` } });

test('uploads, their results and their log hold no secret', async () => {
	links.put('a.txt', Buffer.from('made-up report'));
	const run = await scene.run(uploading([signed('a.txt')], { waitForCompletion: true }));
	expect(run.items[0].json.state).toBe('done');
	expect(leaks([...secrets(), SIGN], run.items, logText())).toEqual([]);
	expect(leaks(secrets(), run.run)).toEqual([]);
});

test.each<[string, Fault]>([
	['HTTP 502', { status: 502 }],
	['a cut connection', { cut: 'onArrival' }],
	['a refusal', { errcode: 60020 }],
	['garbage', { body: '<html>' }],
])('a call that ends in %s leaves no secret behind', async (_what, fault) => {
	links.put('a.txt', Buffer.from('made-up report'));
	// Both calls of the asynchronous upload end so.
	scene.simulator.faults.next({ path: /upload_by_url/, times: 99, ...fault });
	const failed = await scene.run(uploading([signed('a.txt')]));
	expect(failed.error).toBeDefined();
	const asked = await scene.run(
		asking([{ json: { jobid: 'jobid_1' } }], {}, { onError: 'continueRegularOutput' }),
	);
	expect(asked.items[0].json.error).toBeDefined();
	expect(leaks(secrets(), failed.run, asked.run, asked.items, logText())).toEqual([]);
});

test('what is said of a refused link does not show its signature', async () => {
	const { error, run } = await scene.run(uploading([signed('nothing-here')]));
	// The input item holds it, of course.
	const said = [error?.message, error?.description, JSON.stringify(run.data.resultData.error)];
	expect(said[0]).toContain('404');
	expect(leaks([SIGN], ...said, logText())).toEqual([]);
});

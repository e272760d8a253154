/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/lib/cache';
import { demoCredentials, exampleWorkflows } from '../../scripts/lib/demoWorld';
import { isIdentical, type RoundTrip } from '../../scripts/lib/exampleRun';
import { EXAMPLE_RUNS, placesOf, type ExampleWorld } from '../../scripts/lib/examples';
import { startExampleHost } from '../../scripts/lib/largeFiles';
import { N8N_VERSION, startWorld, type World } from './world';

const folder = join(projectRoot, 'examples');
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

let world: World;
let stage: ExampleWorld;
beforeAll(async () => {
	world = await startWorld();
	const { n8n, simulator } = world;
	stage = { n8n, simulator, links: await startExampleHost(0) };
	await n8n.importCredentials(demoCredentials(simulator.demo, simulator.url));
	await n8n.importWorkflows(await exampleWorkflows(placesOf(stage, n8n.url)));
});
afterAll(async () => {
	await stage?.links.host.close();
	await world?.close();
});

/** Two examples may belong together: they run once. */
const runs = new Map<string, Promise<RoundTrip[]>>();

describe(`imported into a real n8n ${N8N_VERSION} by its command line`, () => {
	test.each(files)('%s runs, and its file arrives identical', async (file) => {
		const example = EXAMPLE_RUNS.find(({ files: own }) => own.includes(file));
		if (!example) throw new Error(`scripts/lib/examples.ts does not run ${file}`);
		const { title, run } = example;
		if (!runs.has(title)) runs.set(title, run(stage));
		const trips = (await runs.get(title)) ?? [];

		expect(trips.length).toBeGreaterThan(0);
		for (const trip of trips) {
			expect(trip).toMatchObject({ fileName: expect.stringMatching(/\.\w+$/) });
			expect(trip.size).toBeGreaterThan(0);
			expect(isIdentical(trip)).toBe(true);
		}
		const { id } = JSON.parse(await readFile(join(folder, file), 'utf8')) as { id: string };
		const ids = await world.rest.executionIds(id);
		const ended = await Promise.all(ids.map(async (own) => await world.rest.finished(own)));
		expect(ended.length).toBeGreaterThan(0);
		expect(ended.filter(({ status }) => status !== 'success')).toEqual([]);
	});
});

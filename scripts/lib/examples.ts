import type { RealN8n } from '../../test/e2e/realN8n';
import type { Simulator } from '../../test/simulator';
import { runExample } from './exampleRun';
import type { RoundTrip } from './exampleRun';
import {
	EXAMPLE_FOLDER,
	EXAMPLE_HOST,
	EXAMPLE_N8N,
	runTriggerExample,
	runWaitingExample,
	runWelcomeExample,
	runWelcomeInOneExample,
	WECHAT,
	WECOM,
} from './largeFiles';
import type { ExampleHost } from './largeFiles';
import {
	runDraftExample,
	runGroupExample,
	runImageExample,
	runMembersExample,
} from './smallExamples';
import { runArchiveExample, runBotExample, runCustomerExample } from './receivingExamples';

/** Where the examples run: a started n8n into which they were imported, and what they talk to. */
export interface ExampleWorld {
	n8n: RealN8n;
	simulator: Simulator;
	links: ExampleHost;
}

export interface ExampleRun {
	title: string;
	/** The files of examples/ that it runs. */
	files: string[];
	run(world: ExampleWorld): Promise<RoundTrip[]>;
}

/** Every example, in the order of the demo. */
export const EXAMPLE_RUNS: ExampleRun[] = [
	{
		title: 'Forward a file',
		files: ['forward-a-file.json'],
		run: async ({ n8n, simulator }) => await runExample(n8n.rest, simulator),
	},
	{
		title: 'Send every new file to a group',
		files: ['new-file-to-group.json'],
		run: async ({ n8n, simulator }) => [await runGroupExample(n8n.rest, simulator)],
	},
	{
		title: 'Send a file to members',
		files: ['file-to-members-with-reuse.json'],
		run: async ({ n8n, simulator }) => [await runMembersExample(n8n.rest, simulator)],
	},
	{
		title: 'A permanent image in an article',
		files: ['permanent-image-in-article.json'],
		run: async ({ n8n }) => [await runImageExample(n8n.rest)],
	},
	{
		title: 'Upload a large file and wait',
		files: ['large-file-wait.json'],
		run: async ({ n8n, links }) => [await runWaitingExample(n8n, links)],
	},
	{
		title: 'Go on when WeCom has finished',
		files: ['large-file-submit.json', 'large-file-finished.json'],
		run: async ({ n8n, simulator, links }) => [await runTriggerExample(n8n, simulator, links)],
	},
	{
		title: 'Publish a large video from n8n',
		files: ['welcome-video-from-n8n.json'],
		run: async ({ n8n, simulator }) => [await runWelcomeExample(n8n, simulator)],
	},
	{
		title: 'Publish a welcome video in one step',
		files: ['welcome-video-in-one.json'],
		run: async ({ n8n, simulator, links }) => [await runWelcomeInOneExample(n8n, simulator, links)],
	},
	{
		title: 'A weekly picture in a draft',
		files: ['weekly-picture-in-draft.json'],
		run: async ({ n8n, simulator }) => [await runDraftExample(n8n.rest, simulator)],
	},
	{
		title: 'Archive what members send',
		files: ['archive-what-members-send.json'],
		run: async ({ n8n, simulator }) => [await runArchiveExample(n8n, simulator)],
	},
	{
		title: 'A smart bot takes a file',
		files: ['smart-bot-takes-a-file.json'],
		run: async ({ n8n, simulator }) => [await runBotExample(n8n, simulator)],
	},
	{
		title: "Save customers' pictures and answer",
		files: ['customer-pictures-with-answer.json'],
		run: async ({ n8n, simulator }) => [await runCustomerExample(n8n, simulator)],
	},
];

/** What stands in the examples for a place of the user's own → what stands there in this world. */
export function placesOf(
	{ n8n, simulator, links }: ExampleWorld,
	n8nUrl: string,
): Record<string, string> {
	return {
		[EXAMPLE_HOST]: links.host.url,
		[EXAMPLE_FOLDER]: n8n.filesFolder,
		[EXAMPLE_N8N]: n8nUrl,
		[WECOM]: simulator.url,
		[WECHAT]: simulator.url,
	};
}

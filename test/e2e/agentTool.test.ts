import { startLinkHost, type LinkHost } from '../simulator';
import { leaks } from '../helpers/leaks';
import { saveAccounts, type Accounts } from './accounts';
import { startChatModel, type ChatModel, type ChatRequest, type Turn } from './chatModel';
import { sample } from './files';
import { submitJob } from './largeJob';
import { outputOf, type CredentialReference, type Execution } from './rest';
import { readFiles, workflowOf, type Step } from './workflowOf';
import { N8N_VERSION, startWorld, type World } from './world';

let world: World;
let accounts: Accounts;
let model: ChatModel;
let host: LinkHost;
/** All that the model was asked. */
const everything: ChatRequest[] = [];
let openAiApi: CredentialReference;
beforeAll(async () => {
	world = await startWorld();
	accounts = await saveAccounts(world);
	host = await startLinkHost();
	model = await startChatModel();
	const key = { apiKey: 'made-up-key-of-no-model', url: model.url };
	openAiApi = await world.rest.createCredential('openAiApi', key);
});
afterEach(() => {
	everything.push(...model.requests);
});
beforeEach(() => {
	model.requests.length = 0;
	world.simulator.state.messages.length = 0;
});
afterAll(async () => {
	await host?.close();
	await model?.close();
	await world?.close();
});

/** The node as n8n offers it to agents. */
const asTool = (step: Step): Step => ({ ...step, type: `${step.type}Tool` });

function sendToGroup(): Step {
	const text = "={{ $fromAI('text', 'What the message says', 'string') }}";
	return asTool(accounts.node('Send to Group', 'robot', 'send', { content: 'text', text }));
}

const largeUpload = () =>
	asTool(
		accounts.node('Large Upload', 'app', 'asyncResult', {
			jobId: "={{ $fromAI('jobid', 'The jobid of the upload', 'string') }}",
		}),
	);

/** Lets an agent with these tools work through a script. */
async function ask(tools: Step[], script: Turn[], ...before: Step[]): Promise<Execution> {
	model.script.splice(0, model.script.length, ...script);
	const agent: Step = {
		name: 'Agent',
		type: '@n8n/n8n-nodes-langchain.agent',
		typeVersion: 3,
		parameters: { promptType: 'define', text: 'Tell the group how it stands.', options: {} },
	};
	const chat: Step = {
		name: 'Model',
		type: '@n8n/n8n-nodes-langchain.lmChatOpenAi',
		typeVersion: 1.2,
		parameters: {
			model: { __rl: true, mode: 'id', value: 'scripted' },
			options: { maxRetries: 0 },
		},
		credentials: { openAiApi },
	};
	const workflow = workflowOf(expect.getState().currentTestName ?? 'test', ...before, agent);
	for (const [index, step] of [chat, ...tools].entries()) {
		const type = step === chat ? 'ai_languageModel' : 'ai_tool';
		workflow.nodes.push({ ...step, id: `sub-${index}`, position: [index * 200, 300] });
		workflow.connections[step.name] = { [type]: [[{ node: 'Agent', type, index: 0 }]] };
	}
	return await world.rest.run(await world.rest.createWorkflow(workflow));
}

/** What the tools gave back, as a request to the model holds it. */
function resultsOf(request?: ChatRequest): unknown[] {
	const results = request?.messages.filter(({ role }) => role === 'tool') ?? [];
	return results.map(({ content }) => JSON.parse(String(content)) as unknown);
}

describe(`as a tool of an AI agent in a real n8n ${N8N_VERSION}`, () => {
	test('the model is offered a name, a purpose and just the parameters it may fill in', async () => {
		await ask([sendToGroup(), largeUpload()], ['Nothing to do.']);

		const tools = model.requests[0].tools?.map((tool) => tool.function) ?? [];
		expect(Object.fromEntries(tools.map(({ name, ...tool }) => [name, tool]))).toMatchObject({
			Send_to_Group: {
				description: expect.stringMatching(/send/i),
				parameters: {
					properties: { text: { type: 'string', description: 'What the message says' } },
				},
			},
			Large_Upload: {
				description: expect.stringMatching(/large upload/i),
				parameters: { properties: { jobid: { type: 'string' } } },
			},
		});
		const offered = tools.flatMap(({ parameters }) => Object.keys(parameters.properties));
		expect(offered.sort()).toEqual(['jobid', 'text']);
	});

	test('it sends a text to a group, and the model learns that it was sent', async () => {
		const text = '季度报告已发布 📎';
		const execution = await ask(
			[sendToGroup()],
			[{ tool: 'Send_to_Group', args: { text } }, 'The group knows.'],
		);

		expect(execution.error).toBeUndefined();
		const { messages } = world.simulator.state;
		expect(messages).toMatchObject([
			{ via: 'robot', msgtype: 'text', body: { text: { content: text } } },
		]);
		expect(resultsOf(model.requests.at(-1))).toEqual([[{ msgtype: 'text' }]]);
		expect(outputOf(execution, 'Agent')[0].json).toMatchObject({ output: 'The group knows.' });
	});

	test('it asks for a large upload, and the next tool uses what came of it', async () => {
		const job = await submitJob(world.simulator, host);
		await world.simulator.jobs.settled();
		const execution = await ask(
			[sendToGroup(), largeUpload()],
			[
				{ tool: 'Large_Upload', args: { jobid: job.jobId } },
				{ tool: 'Send_to_Group', args: { text: 'It is there.' } },
				'Done.',
			],
		);

		expect(execution.error).toBeUndefined();
		const results = resultsOf(model.requests.at(-1));
		expect(results).toMatchObject([
			[{ jobid: job.jobId, state: 'done', media_id: job.mediaId }],
			[{ msgtype: 'text' }],
		]);
		expect(world.simulator.state.messages).toHaveLength(1);
	});

	test('a call that fails under "Continue" tells the model what is wrong and what to do', async () => {
		const tool = { ...largeUpload(), onError: 'continueRegularOutput' } as const;
		const script = [{ tool: 'Large_Upload', args: { jobid: 'no-such-job' } }, 'Unknown.'];
		const execution = await ask([tool], script);

		expect(execution.error).toBeUndefined();
		expect(resultsOf(model.requests.at(-1))).toMatchObject([
			[
				{
					error: expect.stringContaining('40058'),
					errcode: 40058,
					hint: expect.stringMatching(/./),
				},
			],
		]);
	});

	test('n8n hands it no files, and it says that there is none', async () => {
		const read = readFiles(await world.addFile('a.pdf', await sample('report.pdf')));
		const file = { content: 'binary', binaryPropertyName: 'data' };
		const send = asTool(
			accounts.node('Send to Group', 'robot', 'send', file, { onError: 'continueRegularOutput' }),
		);
		await ask([send], [{ tool: 'Send_to_Group', args: {} }, 'Not sent.'], read);

		expect(resultsOf(model.requests.at(-1))).toMatchObject([
			[{ error: expect.stringMatching(/no file in the field 'data'/) }],
		]);
		expect(world.simulator.state.messages).toEqual([]);
	});

	test('the model sees no secret and no token', () => {
		const { corp, robot } = world.simulator.demo;
		const tokens = world.simulator.state.tokens.all().map(({ value }) => value);
		const secrets = [corp.corpSecret, robot.webhookKey, ...tokens];
		expect(leaks(secrets, JSON.stringify(everything))).toEqual([]);
		expect(leaks(['Send_to_Group'], JSON.stringify(everything))).toEqual(['Send_to_Group']);
	});
});

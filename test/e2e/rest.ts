/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { createHash } from 'node:crypto';
import type {
	IConnections,
	INode,
	INodeExecutionData,
	INodeListSearchResult,
	IRunData,
} from 'n8n-workflow';
import { parseFlatted } from './flatted';

export interface Owner {
	email: string;
	password: string;
}

export interface WorkflowDefinition {
	name: string;
	nodes: INode[];
	connections: IConnections;
	settings?: Record<string, unknown>;
}

export interface SavedWorkflow extends WorkflowDefinition {
	id: string;
	versionId: string;
}

export interface CredentialReference {
	id: string;
	name: string;
}

export interface ListedType {
	name: string;
	displayName: string;
	/** Paths below the editor's address. */
	iconUrl?: string | { light: string; dark: string };
}

export interface Execution {
	id: string;
	status: string;
	/** Run data by node name. */
	runData: IRunData;
	error?: { message: string; description?: string | null };
	/** What n8n stored, as text: for searching it. */
	stored: string;
}

interface ResultData {
	runData?: IRunData;
	error?: Execution['error'];
}

interface Publication {
	status: string;
	triggers: Array<{ errorMessage?: string | null }>;
}

const FINISHED = ['success', 'error', 'crashed', 'canceled'];

/** How long a run or a change of n8n's state may take, in ms. */
const PATIENCE = 120_000;
/** After how many ms it is looked at again: soon at first, since most runs are short. */
const FIRST_LOOK = 20;
const LAST_LOOK = 200;

export const pause = async (ms: number): Promise<void> =>
	await new Promise((resolve) => setTimeout(resolve, ms));

/** What n8n's editor sends, for the few things a test or the demo does in it. */
export class N8nRest {
	private cookie = '';

	constructor(private readonly url: string) {}

	/** Makes the owner account where there is none yet, and logs in. */
	async logIn(owner: Owner): Promise<void> {
		const settings = await this.call<{ userManagement: { showSetupOnFirstLoad: boolean } }>(
			'GET',
			'rest/settings',
		);
		if (settings.userManagement.showSetupOnFirstLoad) {
			await this.call('POST', 'rest/owner/setup', {
				...owner,
				firstName: 'Demo',
				lastName: 'Owner',
			});
		}
		await this.call('POST', 'rest/login', {
			emailOrLdapLoginId: owner.email,
			password: owner.password,
		});
	}

	/** What the editor knows of every node and credential. */
	async types(kind: 'nodes' | 'credentials'): Promise<ListedType[]> {
		return (await (await this.send('GET', `types/${kind}.json`)).json()) as ListedType[];
	}

	/** Fetches something the editor shows, such as an icon. */
	async text(path: string): Promise<string> {
		return await (await this.send('GET', path)).text();
	}

	async createCredential(type: string, data: object, name = type): Promise<CredentialReference> {
		const { id } = await this.call<{ id: string }>('POST', 'rest/credentials', {
			name,
			type,
			data,
		});
		return { id, name };
	}

	async deleteCredential({ id }: CredentialReference): Promise<void> {
		await this.call('DELETE', `rest/credentials/${id}`);
	}

	/** All that are saved, newest first. */
	async credentials(): Promise<Array<CredentialReference & { type: string; createdAt: string }>> {
		const saved = await this.call<Array<CredentialReference & { type: string; createdAt: string }>>(
			'GET',
			'rest/credentials',
		);
		return saved.sort((a, b) => b.createdAt.localeCompare(a.createdAt));
	}

	/** Saves a credential and presses its "Test", as the editor does on saving. */
	async testCredential(
		type: string,
		data: object,
	): Promise<{ status: 'OK' | 'Error'; message: string }> {
		const saved = await this.createCredential(type, data);
		const credentials = { ...saved, type, data };
		return await this.call('POST', 'rest/credentials/test', { credentials });
	}

	async createWorkflow(workflow: WorkflowDefinition): Promise<SavedWorkflow> {
		// n8n 1 wants to be told that it is not active.
		return await this.call('POST', 'rest/workflows', { active: false, settings: {}, ...workflow });
	}

	async workflow(id: string): Promise<SavedWorkflow> {
		return await this.call('GET', `rest/workflows/${id}`);
	}

	/** Deletes all workflows, which ends their triggers, and all credentials. */
	async removeAll(): Promise<void> {
		const workflows = await this.call<Array<{ id: string }>>('GET', 'rest/workflows');
		for (const { id } of workflows) {
			await this.call('POST', `rest/workflows/${id}/archive`);
			// Newer versions end its triggers after they have answered, and refuse to delete it until then.
			await this.until(`workflow ${id} to be deleted`, async () => {
				const deleted = this.send('DELETE', `rest/workflows/${id}`).then(() => true);
				return await deleted.catch(unless(409));
			});
		}
		for (const credential of await this.credentials()) await this.deleteCredential(credential);
	}

	/** @throws Error with the reason when a trigger refuses to start */
	async activate({ id, versionId }: SavedWorkflow): Promise<void> {
		await this.call('POST', `rest/workflows/${id}/activate`, { versionId });
		// Newer versions answer at once, publish later, and say here how it went; older ones do not know the path.
		const path = `rest/workflows/${id}/publication-status`;
		await this.until(`workflow ${id} to be published`, async () => {
			const status = await this.call<Publication>('GET', path).catch(unless(404));
			if (status?.status === 'in_progress') return undefined;
			const failed = status?.triggers.find(({ errorMessage }) => errorMessage);
			if (failed) throw new Error(String(failed.errorMessage));
			return true;
		});
	}

	async deactivate({ id }: SavedWorkflow): Promise<void> {
		await this.call('POST', `rest/workflows/${id}/deactivate`);
	}

	/** Presses "Execute workflow" and waits for the end, good or bad. */
	async run(workflow: SavedWorkflow, trigger?: string): Promise<Execution> {
		return await this.finished(await this.begin(workflow, trigger));
	}

	/** Presses "Execute workflow"; gives the execution's id while it runs. */
	async begin(workflow: SavedWorkflow, trigger?: string): Promise<string> {
		const name = trigger ?? workflow.nodes.find((node) => /trigger$/i.test(node.type))?.name;
		const { executionId } = await this.call<{ executionId: string }>(
			'POST',
			`rest/workflows/${workflow.id}/run`,
			{ workflowData: workflow, triggerToStartFrom: { name } },
		);
		return executionId;
	}

	/** Presses "Execute workflow" where the first node is a webhook: n8n then listens at its test URL, for one call. */
	async listen(workflow: SavedWorkflow, trigger: string): Promise<void> {
		const path = `rest/workflows/${workflow.id}/run`;
		const body = { workflowData: workflow, triggerToStartFrom: { name: trigger } };
		await this.send('POST', path, body, { 'push-ref': 'made-up-editor' });
	}

	/** Presses "Stop". */
	async stop(executionId: string): Promise<void> {
		await this.call('POST', `rest/executions/${executionId}/stop`);
	}

	/** Presses "Retry" with the workflow as it ran. */
	async retry(executionId: string): Promise<void> {
		await this.call('POST', `rest/executions/${executionId}/retry`, { loadWorkflow: false });
	}

	/** Presses "Retry" and waits for the end. */
	async retried(executionId: string, workflowId: string): Promise<Execution> {
		const before = await this.executionIds(workflowId);
		await this.retry(executionId);
		const id = await this.until(`the retry of execution ${executionId}`, async () => {
			const ids = await this.executionIds(workflowId);
			return ids.find((each) => !before.includes(each));
		});
		return await this.finished(id);
	}

	/** Ids of a workflow's executions, newest first. */
	async executionIds(workflowId: string): Promise<string[]> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const { results } = await this.call<{ results: Array<{ id: string }> }>(
			'GET',
			`rest/executions?filter=${filter}&limit=100`,
		);
		return results.map(({ id }) => id);
	}

	/** How many of a workflow's executions have one of these states. */
	async countExecutions(workflowId: string, ...status: string[]): Promise<number> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId, status }));
		const path = `rest/executions?filter=${filter}&limit=1`;
		return (await this.call<{ count: number }>('GET', path)).count;
	}

	/** Waits until an execution has ended. */
	async finished(id: string): Promise<Execution> {
		return await this.until(`execution ${id} to end`, async () => {
			const execution = await this.execution(id);
			// n8n 1 writes the status a moment before the data.
			const isEmpty = execution.status === 'success' && Object.keys(execution.runData).length === 0;
			return FINISHED.includes(execution.status) && !isEmpty ? execution : undefined;
		});
	}

	async execution(id: string): Promise<Execution> {
		const { status, data } = await this.call<{ status: string; data: string }>(
			'GET',
			`rest/executions/${id}`,
		);
		// An execution that has just begun has no data yet.
		const parsed = parseFlatted(data) as { resultData: ResultData } | undefined;
		const { runData = {}, error } = parsed?.resultData ?? {};
		return { id, status, runData, error, stored: data };
	}

	/** What a list of a node's panel shows. */
	async list(request: object): Promise<INodeListSearchResult> {
		const path = 'rest/dynamic-node-parameters/resource-locator-results';
		return await this.call('POST', path, request);
	}

	/** The bytes of a binary field, as the editor's "Download" fetches them. */
	async binary(id: string): Promise<Buffer> {
		return Buffer.from(await (await this.download(id)).arrayBuffer());
	}

	/** SHA-256 in hex of a binary field, of which no more than a piece is held at a time. */
	async binarySha256(id: string): Promise<string> {
		const hash = createHash('sha256');
		const { body } = await this.download(id);
		// In Node a body can be iterated over; TypeScript's type is the browsers'.
		for await (const piece of body as unknown as AsyncIterable<Uint8Array>) hash.update(piece);
		return hash.digest('hex');
	}

	/** Repeats `look` until it gives something. */
	async until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
		let interval = FIRST_LOOK;
		for (let waited = 0; waited < PATIENCE; waited += interval) {
			const found = await look();
			if (found !== undefined) return found;
			await pause(interval);
			interval = Math.min(LAST_LOOK, interval * 1.5);
		}
		throw new Error(`Waited ${PATIENCE / 1000} s for ${what}`);
	}

	private async download(id: string): Promise<Response> {
		const query = `id=${encodeURIComponent(id)}&action=download`;
		return await this.send('GET', `rest/binary-data?${query}`);
	}

	private async call<T>(method: string, path: string, body?: object): Promise<T> {
		const response = await this.send(method, path, body);
		return ((await response.json()) as { data: T }).data;
	}

	private async send(
		method: string,
		path: string,
		body?: object,
		headers: Record<string, string> = {},
	): Promise<Response> {
		const response = await fetch(`${this.url}/${path}`, {
			method,
			headers: {
				'content-type': 'application/json',
				cookie: this.cookie,
				// n8n closes an idle connection after 5 s; one that is being closed must not be reused.
				connection: 'close',
				...headers,
			},
			body: body && JSON.stringify(body),
		});
		const [cookie] = response.headers.getSetCookie();
		if (cookie) this.cookie = cookie.split(';')[0];
		if (response.ok) return response;
		throw new Error(`n8n: ${method} /${path}: ${response.status} ${await response.text()}`);
	}
}

/** Takes an answer of this status for nothing. */
function unless(status: number): (error: Error) => undefined {
	return (error) => {
		if (!error.message.includes(`: ${status} `)) throw error;
	};
}

/** The items a node put out (its first output unless another is asked for). */
export function outputOf(execution: Execution, node: string, output = 0): INodeExecutionData[] {
	return execution.runData[node]?.[0]?.data?.main[output] ?? [];
}

/** An active workflow with the node in it: what the node remembers is saved after every execution. */
import { deepCopy } from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	INodeExecutionData,
	INodeParameters,
	INodeType,
} from 'n8n-workflow';
import { WeComMedia } from '../../../nodes/WeComMedia/WeComMedia.node';
import { errorOf, outputOf, runWorkflow, TestCredentials } from '../../helpers/engine';
import { sourceOf, type TestItem } from '../../helpers/runNode';
import { credentialTypes, systems, type SystemName } from '../scene';

export interface Execution {
	system?: SystemName;
	/** Fields of the credential. */
	credential: ICredentialDataDecryptedObject;
	parameters: INodeParameters;
	options?: INodeParameters;
	items: TestItem[];
}

let workflows = 0;

export class ActiveWorkflow {
	/** The static data as n8n's database holds it between executions. */
	saved: IDataObject = {};

	/** How often n8n has written it. */
	writes = 0;

	/** @param node as a process has loaded it: another one is another process */
	constructor(
		private readonly node: INodeType = new WeComMedia(),
		readonly id = `active-workflow-${(workflows += 1)}`,
	) {}

	/** @returns the node's items; throws what stopped it */
	async execute(execution: Execution): Promise<INodeExecutionData[]> {
		const { parameters, account } = systems[execution.system ?? 'app'];
		const type = credentialTypes[account];
		const credentials = new TestCredentials([type]);
		const { node } = this;
		const source = sourceOf(execution.items);
		const staticData = deepCopy(this.saved);
		const run = await runWorkflow({
			id: this.id,
			mode: 'trigger',
			nodes: [
				{ name: 'Source', type: source.description.name },
				{
					name: 'WeCom Media',
					type: node.description.name,
					credentials: { [type.name]: credentials.store(type.name, execution.credential) },
					parameters: {
						...parameters,
						...execution.parameters,
						options: { reuseMediaId: true, ...execution.options },
					},
				},
			],
			nodeTypes: [source, node],
			credentials,
			staticData,
		});
		// As n8n does: stored as a whole when the execution ends, if anything was written to it.
		if (staticData.__dataChanged) {
			this.saved = deepCopy(staticData);
			this.writes += 1;
		}
		const error = errorOf(run);
		if (error) throw new Error(error.message);
		return outputOf(run, 'WeCom Media');
	}
}

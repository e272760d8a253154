/** An active workflow with the node in it: what the node remembers is saved after every execution. */
import { deepCopy } from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	INodeExecutionData,
	INodeParameters,
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

export class ActiveWorkflow {
	/** The static data as n8n's database holds it between executions. */
	saved: IDataObject = {};

	/** @returns the node's items; throws what stopped it */
	async execute(execution: Execution): Promise<INodeExecutionData[]> {
		const { parameters, account } = systems[execution.system ?? 'app'];
		const type = credentialTypes[account];
		const credentials = new TestCredentials([type]);
		const node = new WeComMedia();
		const source = sourceOf(execution.items);
		const staticData = deepCopy(this.saved);
		const run = await runWorkflow({
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
		this.saved = deepCopy(staticData);
		const error = errorOf(run);
		if (error) throw new Error(error.message);
		return outputOf(run, 'WeCom Media');
	}
}

import type { ICredentialType, INodeType } from 'n8n-workflow';
import { instanceFrom } from './compiled';
import { manifestOf } from './packageTarball';
import { panelOf, type Panel } from './panel';

/** The panel of an unpacked package, from its compiled code. */
export async function packedPanel(folder: string): Promise<Panel> {
	const { n8n } = await manifestOf(folder);
	return panelOf(
		n8n.nodes.map((path) => instanceFrom<INodeType>(folder, path).description),
		n8n.credentials.map((path) => instanceFrom<ICredentialType>(folder, path)),
	);
}

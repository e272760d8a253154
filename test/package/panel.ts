import { panelOf, type Panel } from '../../scripts/lib/panel';
import { loadPackageTypes } from '../helpers/packageTypes';

/** The panel of the source. */
export async function sourcePanel(): Promise<Panel> {
	const { nodeTypes, credentialTypes } = await loadPackageTypes();
	const nodes = new Set(Object.values(nodeTypes).map(({ description }) => description));
	return panelOf([...nodes], credentialTypes);
}

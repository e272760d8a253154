import { contentOf } from '../../wecom/files';
import { setupHosting } from './hosting';

const scene = setupHosting({ binaryMode: 'default' });

test('a file n8n keeps in memory cannot be hosted: the node says which setting to change', async () => {
	const { error } = await scene.upload({ bytes: contentOf('pdf'), fileName: '报告.pdf' });
	expect(error?.message).toBe(
		'n8n keeps this file in memory, so it cannot be hosted for WeCom [item 0]',
	);
	expect(error?.description).toContain('N8N_DEFAULT_BINARY_DATA_MODE=filesystem');
	expect(scene.simulator.record.all).toEqual([]);
});

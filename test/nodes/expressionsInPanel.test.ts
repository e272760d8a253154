import { NodeHelpers } from 'n8n-workflow';
import type { INode } from 'n8n-workflow';

import { WeComMedia } from '../../nodes/WeComMedia/WeComMedia.node';

const { description } = new WeComMedia();

test.each([
	['robot', 'send', { content: '={{ $json.content }}', text: '={{ $json.text }}' }],
	['customerService', 'send', { content: '={{ $json.content }}', toUser: '={{ $json.to }}' }],
	['app', 'asyncUpload', { source: '={{ $json.source }}' }],
	['app', 'upload', { purpose: '={{ $json.purpose }}' }],
])(
	'an expression in %s → %s asks for no field of another operation',
	(resource, operation, given) => {
		const node: INode = {
			id: 'a',
			name: 'Node',
			type: 'n8n-nodes-wecom-media.weComMedia',
			typeVersion: 1,
			position: [0, 0],
			parameters: { resource, operation, ...given },
		};
		const shown = description.properties.filter((field) =>
			NodeHelpers.displayParameter(node.parameters, field, node, description),
		);
		const foreign = shown.filter(({ displayOptions }) => {
			const { resource: resources, operation: operations } = displayOptions?.show ?? {};
			return (
				(resources && !resources.includes(resource)) ||
				(operations && !operations.includes(operation))
			);
		});
		expect(foreign.map(({ name, displayOptions }) => ({ name, displayOptions }))).toEqual([]);
	},
);

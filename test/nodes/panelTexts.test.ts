import type {
	ICredentialType,
	INodeProperties,
	INodePropertyCollection,
	INodePropertyOptions,
	INodeTypeDescription,
} from 'n8n-workflow';
import { loadPackageTypes } from '../helpers/packageTypes';

type Option = INodePropertyOptions | INodeProperties | INodePropertyCollection;

/** A field or an option, and where it stands, for the test's title. */
type Entry<T> = [where: string, entry: T];

const isField = (option: Option): option is INodeProperties => 'type' in option;

function fieldsOf(where: string, properties: INodeProperties[]): Array<Entry<INodeProperties>> {
	return properties.flatMap((property) => {
		const place = `${where} → ${property.displayName}`;
		const inner = ((property.options ?? []) as Option[]).filter(isField);
		return [[place, property] as Entry<INodeProperties>, ...fieldsOf(place, inner)];
	});
}

const valueOf = ({ value }: INodePropertyOptions) => value;

let nodes: Map<string, INodeTypeDescription>;
let credentialTypes: ICredentialType[];
let fields: Array<Entry<INodeProperties>>;
let options: Array<Entry<INodePropertyOptions>>;

beforeAll(async () => {
	const types = await loadPackageTypes();
	({ credentialTypes } = types);
	nodes = new Map(
		Object.values(types.nodeTypes).map(({ description }) => [description.name, description]),
	);
	fields = [...nodes.values(), ...credentialTypes].flatMap(({ displayName, properties }) =>
		fieldsOf(displayName, properties),
	);
	options = fields.flatMap(([where, { options: offered = [] }]) =>
		(offered as Option[])
			.filter((option): option is INodePropertyOptions => 'value' in option)
			.map((option) => [`${where} → ${option.name}`, option] as Entry<INodePropertyOptions>),
	);
});

/** Those that break a rule; the list of their places is what a failing test shows. */
const breaking = <T>(entries: Array<Entry<T>>, isFine: (entry: T) => boolean) =>
	entries.filter(([, entry]) => !isFine(entry)).map(([where]) => where);

const isExplained = ({ type }: INodeProperties) =>
	!['notice', 'hidden', 'collection'].includes(type);

test('there is something to look at', () => {
	expect(fields.length).toBeGreaterThan(50);
	expect(options.length).toBeGreaterThan(30);
});

test('every field has a label and a name', () => {
	expect(breaking(fields, ({ displayName, name }) => displayName !== '' && name !== '')).toEqual(
		[],
	);
});

test('every field says what it is for, in a sentence of its own', () => {
	const explained = fields.filter(
		([where, field]) => isExplained(field) && !/→ Operation$/.test(where),
	);
	expect(
		breaking(
			explained,
			({ description = '', displayName }) =>
				/^[A-Z]|^\p{L}/u.test(description) && description !== displayName,
		),
	).toEqual([]);
});

test('every choice has a name and a description', () => {
	expect(
		breaking(options, ({ name, description = '' }) => name !== '' && description.length > 3),
	).toEqual([]);
});

test('every operation has an action for the list of nodes', () => {
	const operations = fields.filter(([, { name }]) => name === 'operation');
	const actions = operations.flatMap(
		([, { options: offered = [] }]) => offered as INodePropertyOptions[],
	);
	expect(actions.length).toBeGreaterThan(8);
	expect(actions.filter(({ action = '' }) => !/^[A-Z][^.]+$/.test(action))).toEqual([]);
	const words = actions.map(({ action = '' }) => action.toLowerCase());
	expect(words.filter((action, index) => words.indexOf(action) !== index)).toEqual([]);
});

test('the group robot comes first, and Send is the first operation of every system that sends', () => {
	const [[, resource]] = fields.filter(([, { name }]) => name === 'resource');
	expect(resource.options?.[0]).toMatchObject({ name: 'Group Robot' });
	const lists = fields
		.filter(([, { name }]) => name === 'operation')
		.map(([, { options: offered = [] }]) => (offered as INodePropertyOptions[]).map(valueOf));
	const sending = lists.filter((values) => values.includes('send'));
	expect(sending.length).toBeGreaterThan(3);
	for (const [first] of sending) expect(first).toBe('send');
});

test('node and trigger, which n8n lists as one, describe themselves in the same words', () => {
	const [node, trigger] = ['weComMedia', 'weComMediaTrigger'].map((name) => nodes.get(name)!);
	expect(trigger.description).toBe(node.description);
});

test.each(['weComMedia', 'weComMediaTrigger'])(
	'%s shows its credentials by a condition that names no field',
	(name) => {
		// Without any `show` the editor's "Create new credential" opens the first type, whatever the
		// system; a field named in one disappears from the panel.
		const conditions = nodes.get(name)!.credentials!.map(({ displayOptions }) => displayOptions);
		for (const condition of conditions) {
			expect(condition?.show).toEqual({ '@version': [1] });
			expect(Object.keys(condition?.hide ?? {})).not.toEqual([]);
		}
	},
);

test.each([
	['WeComCorpApi', '企业微信'],
	['WeComSuiteApi', '第三方应用'],
	['WeComWebhookApi', '群机器人'],
	['WeComSmartBotApi', '智能机器人'],
	['WeChatOfficialAccountApi', '公众号'],
])('%s is found in Chinese, too: %s', (type, word) => {
	const found = credentialTypes.find(({ constructor }) => constructor.name === type)!;
	expect(found.displayName).toContain(word);
});

test('every example in a field starts with "e.g."', () => {
	const withExample = fields.filter(
		([, { placeholder, type }]) => placeholder && !['collection', 'fixedCollection'].includes(type),
	);
	expect(withExample.length).toBeGreaterThan(8);
	expect(breaking(withExample, ({ placeholder }) => placeholder!.startsWith('e.g. '))).toEqual([]);
});

test('every number says which numbers it takes', () => {
	const numbers = fields.filter(([, { type }]) => type === 'number');
	expect(breaking(numbers, ({ typeOptions }) => typeOptions?.minValue !== undefined)).toEqual([]);
});

test('every switch says "Whether"', () => {
	const switches = fields.filter(([, { type }]) => type === 'boolean');
	expect(breaking(switches, ({ description = '' }) => description.startsWith('Whether '))).toEqual(
		[],
	);
});

test('whatever holds a secret is masked', () => {
	const secret = fields.filter(
		([, { name, type }]) =>
			type === 'string' && /secret|token|ticket|permanentCode|webhookKey|aesKey/i.test(name),
	);
	expect(secret.length).toBeGreaterThan(5);
	expect(breaking(secret, ({ typeOptions }) => typeOptions?.password === true)).toEqual([]);
});

test('no default leads outside the choices', () => {
	const lists = fields.filter(([, { type }]) => type === 'options');
	expect(
		breaking(lists, ({ default: chosen, options: offered = [] }) =>
			(offered as INodePropertyOptions[]).some(({ value }) => value === chosen),
		),
	).toEqual([]);
});

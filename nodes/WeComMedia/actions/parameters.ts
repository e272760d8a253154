/** Reads the panel's values, trimmed and checked. */
import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	NodeParameterValueType,
} from 'n8n-workflow';

import { inputFiles } from '../n8n/binary';
import type { InputFile } from '../n8n/binary';
import { WeComInputError } from '../wecom/client/errors';
import type { Run } from './operation';

/** What is known of a parameter for a whole run. */
interface Known {
	/** Its value holds an expression, so each item may have its own. */
	varies: boolean;
	value: unknown;
}

/** By name, of the runs that go on. */
const known = new WeakMap<IExecuteFunctions, Map<string, Known>>();

/**
 * n8n goes through the whole panel for each value it gives, which for a small file costs as much as packing it. So a value
 * without an expression, which is the same for every item, is read once for the run.
 *
 * @returns the value of a parameter, not to be changed; `fallback` where the node has none
 */
export function parameter(
	context: IExecuteFunctions,
	name: string,
	itemIndex: number,
	fallback: NodeParameterValueType = '',
): unknown {
	const ofRun = known.get(context) ?? new Map<string, Known>();
	const before = ofRun.get(name);
	if (before && !before.varies) return before.value;
	// No field of the panel has a `validateType`, so there is nothing for n8n to validate.
	const value: unknown = context.getNodeParameter(name, itemIndex, fallback, {
		skipValidation: true,
	});
	if (before) return value;
	const raw: unknown = context.getNodeParameter(name, itemIndex, fallback, {
		rawExpressions: true,
	});
	known.set(context, ofRun.set(name, { varies: hasExpression(raw), value }));
	return value;
}

function hasExpression(value: unknown): boolean {
	if (typeof value === 'string') return value.startsWith('=');
	return typeof value === 'object' && value !== null && Object.values(value).some(hasExpression);
}

/** @returns a parameter of the panel as a text, trimmed; '' where it is empty */
export function text(context: IExecuteFunctions, name: string, itemIndex: number): string {
	const value = parameter(context, name, itemIndex);
	return value === null || value === undefined ? '' : String(value).trim();
}

/** @returns a text of the Options collection that only one operation has, trimmed */
export function option(context: IExecuteFunctions, name: string, itemIndex: number): string {
	const options = parameter(context, 'options', itemIndex, {}) as IDataObject;
	return String(options[name] ?? '').trim();
}

/** @throws WeComInputError when none is named */
export function readInputFiles(context: IExecuteFunctions, itemIndex: number): InputFile[] {
	const files = inputFiles(parameter(context, 'binaryPropertyName', itemIndex));
	if (files.length > 0) return files;
	throw new WeComInputError(
		"'Input Binary Field' is empty",
		'Name the field that holds the file; most nodes call it data.',
		'Input Binary Field',
	);
}

/** @throws WeComInputError when it is empty, or a file instead of a name */
export function readOutputField(context: IExecuteFunctions, itemIndex: number): string {
	const isName = typeof parameter(context, 'binaryPropertyName', itemIndex) !== 'object';
	const name = text(context, 'binaryPropertyName', itemIndex);
	if (isName && name !== '') return name;
	throw new WeComInputError(
		isName ? "'Put Output File in Field' is empty" : "'Put Output File in Field' is no name",
		'Name the field the file goes into; most nodes call it data.',
		'Put Output File in Field',
	);
}

/** @returns the output item, with the input's fields and files under it where the user wants them */
export function outputItem(
	run: Run,
	json: IDataObject,
	includeInputFields: boolean,
	binary?: INodeExecutionData['binary'],
): INodeExecutionData {
	const input = includeInputFields ? run.context.getInputData()[run.itemIndex] : undefined;
	const files = { ...input?.binary, ...binary };
	return {
		json: { ...input?.json, ...json },
		...(Object.keys(files).length > 0 ? { binary: files } : {}),
		pairedItem: { item: run.itemIndex },
	};
}

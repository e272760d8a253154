import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import type { InputFile } from '../n8n/binary';
import type { Connection } from '../n8n/connect';

/** Systems that files are sent through. */
export type SendingResource = 'app' | 'robot' | 'customerService' | 'officialAccount';

export type Resource = SendingResource | 'smartBot';

/** One piece of work: an item, or one of its binary fields where an operation takes several. */
export interface Unit {
	itemIndex: number;
	/** File to read; '' for operations that read none. */
	field: InputFile;
	/** Whether the item has other files, too. */
	isOneOfSeveral: boolean;
	/** What was done for the item as a whole, whichever of its units did it: its text was sent, or may have been. */
	done: Set<'text' | 'maybeText'>;
	/**
	 * Waits until the units before this one of the same item have ended: files are uploaded side by side, but arrive in
	 * the order in which they were named.
	 *
	 * @throws WeComCanceledError when one of them has stopped the run
	 */
	turn(): Promise<void>;
}

/** What an operation works with. */
export interface Run extends Unit {
	context: IExecuteFunctions;
	connect(): Promise<Connection>;
	/** A remark for the output panel; the same remark shows once. */
	remark(message: string): void;
}

/** Work that mostly waits for WeCom: it goes on outside the limit of parallel items, so that many wait side by side. */
export interface Waiting {
	rest(): Promise<INodeExecutionData[]>;
}

/** One operation: what the panel shows and what it does. */
export interface Operation {
	description: INodeProperties[];
	/** Reads `binaryPropertyName` as a list and runs once for each field; a function decides for each item. */
	readsFiles?: boolean | ((run: Run) => boolean);
	/** One item after the other, because the order of what arrives matters. */
	sequential?: (resource: string) => boolean;
	/** What happens a second time where n8n runs all items again, as a sentence goes on. */
	repeats?: string;
	execute(run: Run): Promise<INodeExecutionData[] | Waiting>;
}

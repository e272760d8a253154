import type { Field, Fields, NodePanel, Panel, ResourcePanel } from './panel';

/** What a release changes about saved workflows; each entry is a sentence. */
export interface PanelChanges {
	/** What saved workflows would lose. */
	breaks: string[];
	/** What is new, which harms nobody. */
	additions: string[];
}

/**
 * Compares what saved workflows rely on with what the package offers now. A new field counts as an addition unless it
 * has to be filled in: n8n does not run a node of a saved workflow that leaves it empty.
 */
export function comparePanels(released: Panel, current: Panel): PanelChanges {
	const changes: PanelChanges = { breaks: [], additions: [] };
	const { breaks } = changes;

	compareKeys(released.nodes, current.nodes, changes, {
		place: 'Node',
		loss: 'saved workflows with it do not run any more',
		both: (type, before, now) => compareNodes(`Node ${type}`, before, now),
	});
	compareKeys(released.credentials, current.credentials, changes, {
		place: 'Credential type',
		loss: 'saved credentials of it, and the nodes that use them, do not work any more',
		both: (type, before, now) =>
			compareFields(`Credential ${type}`, before, now, 'saved credentials'),
	});
	return changes;

	function compareNodes(place: string, before: NodePanel, now: NodePanel): void {
		compareLists(before.typeVersions, now.typeVersions, changes, {
			place: `${place}, type version`,
			loss: 'saved workflows name it, and n8n cannot load their node any more',
		});
		compareLists(before.credentials, now.credentials, changes, {
			place: `${place}, credential`,
			loss: 'the node of a saved workflow cannot use the one that was chosen any more',
		});
		compareLists(before.webhooks, now.webhooks, changes, {
			place: `${place}, webhook`,
			loss: "its address is in WeCom's console, and WeCom cannot reach it any more",
		});
		if (before.usableAsTool && !now.usableAsTool) {
			breaks.push(
				`${place} cannot be a tool of AI agents any more: agents in saved workflows lose it.`,
			);
		}
		compareFields(place, before.fields, now.fields, 'saved workflows');
		compareKeys(before.resources, now.resources, changes, {
			place: `${place}, resource`,
			loss: 'saved workflows that use it have no operation any more',
			both: (resource, was, is) => compareResources(`${place}, ${resource}`, was, is),
		});
	}

	function compareResources(place: string, before: ResourcePanel, now: ResourcePanel): void {
		if (before.defaultOperation !== now.defaultOperation) {
			breaks.push(
				changedDefault(`${place}: the operation`, before.defaultOperation, now.defaultOperation),
			);
		}
		compareKeys(before.operations, now.operations, changes, {
			place: `${place}, operation`,
			loss: 'saved workflows that use it stop with an error',
			both: (operation, was, is) =>
				compareFields(`${place} → ${operation}`, was, is, 'saved workflows'),
		});
	}

	function compareFields(place: string, before: Fields, now: Fields, owners: string): void {
		const added = compareKeys(before, now, changes, {
			place: `${place}: field`,
			loss: `the value that ${owners} hold in it is ignored`,
			both: (name, was, is) => compareField(`${place}: field ${name}`, was, is, owners),
			harmless: (field) => !mustBeFilled(field),
		});
		for (const name of added.filter((key) => mustBeFilled(now[key]))) {
			breaks.push(
				`${place}: field ${name} is new and has to be filled in: ${owners} leave it empty and stop with an error.`,
			);
		}
	}

	function compareField(place: string, before: Field, now: Field, owners: string): void {
		if (before.type !== now.type) {
			breaks.push(
				`${place} was of type ${before.type} and is of type ${now.type}: the value that ${owners} hold does not fit any more.`,
			);
		}
		if (JSON.stringify(before.default) !== JSON.stringify(now.default)) {
			breaks.push(changedDefault(place, before.default, now.default));
		}
		if (!before.required && mustBeFilled(now)) {
			breaks.push(`${place} has to be filled in now: ${owners} may have left it empty.`);
		}
		compareLists(before.options ?? [], now.options ?? [], changes, {
			place: `${place}, value`,
			loss: `${owners} that chose it hold a value nobody understands`,
		});
	}
}

interface Meaning<T> {
	/** In front of the name. */
	place: string;
	/** What it means that a name is gone. */
	loss: string;
	/** Looks at what both have. */
	both?: (name: string, before: T, now: T) => void;
	/** Whether something new is an addition; it is, unless said otherwise. */
	harmless?: (added: T) => boolean;
}

/** Notes what is gone and what is new. @returns the new names */
function compareKeys<T>(
	before: Record<string, T>,
	now: Record<string, T>,
	{ breaks, additions }: PanelChanges,
	{ place, loss, both, harmless = () => true }: Meaning<T>,
): string[] {
	for (const [name, was] of Object.entries(before)) {
		if (name in now) both?.(name, was, now[name]);
		else breaks.push(`${place} ${name} is gone: ${loss}.`);
	}
	const added = Object.keys(now).filter((name) => !(name in before));
	for (const name of added) if (harmless(now[name])) additions.push(`${place} ${name} is new.`);
	return added;
}

function compareLists(
	before: unknown[],
	now: unknown[],
	changes: PanelChanges,
	meaning: Meaning<unknown>,
): void {
	const keyed = (values: unknown[]) =>
		Object.fromEntries(values.map((value) => [String(value), value]));
	compareKeys(keyed(before), keyed(now), changes, meaning);
}

function changedDefault(place: string, before: unknown, now: unknown): string {
	return `${place} had the default ${JSON.stringify(before)} and has ${JSON.stringify(now)}: n8n does not save defaults, so whoever left it alone would get the new one.`;
}

function mustBeFilled({ required, default: value }: Field): boolean {
	return required === true && value === '';
}

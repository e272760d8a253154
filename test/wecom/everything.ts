/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { inspect } from 'node:util';

/**
 * Every text that can be read out of a value, however deep: own properties and symbols, enumerable or not, getters of
 * its classes, entries of maps and sets, byte buffers as text, and what JSON.stringify and util.inspect make of it.
 */
export function everythingIn(value: unknown): string {
	const texts: string[] = [];
	const seen = new Set<unknown>();
	const visit = (current: unknown): void => {
		if (typeof current !== 'object' && typeof current !== 'function') {
			texts.push(String(current));
			return;
		}
		if (current === null || seen.has(current)) return;
		seen.add(current);
		if (current instanceof Uint8Array) {
			texts.push(Buffer.from(current).toString('latin1'));
			return;
		}
		if (current instanceof Map || current instanceof Set) visit([...current]);
		if (typeof current === 'object') texts.push(asJson(current), inspect(current, INSPECT));
		for (let owner: unknown = current; isOpen(owner); owner = Object.getPrototypeOf(owner)) {
			for (const name of Reflect.ownKeys(owner)) {
				texts.push(String(name));
				visit(read(current, name));
			}
		}
	};
	visit(value);
	return texts.join('\n');
}

const INSPECT = { depth: 10, showHidden: true, maxStringLength: null, maxArrayLength: null };

/** Classes of ours are looked into, JavaScript's own are not. */
function isOpen(owner: unknown): owner is object {
	return owner !== null && owner !== undefined && !BUILT_IN.has(owner);
}

const BUILT_IN = new Set<unknown>([
	Object.prototype,
	Array.prototype,
	Function.prototype,
	Error.prototype,
	Map.prototype,
	Set.prototype,
]);

function read(source: object, name: string | symbol): unknown {
	try {
		return (source as Record<string | symbol, unknown>)[name];
	} catch {
		return undefined;
	}
}

function asJson(value: object): string {
	try {
		return JSON.stringify(value) ?? '';
	} catch {
		return '';
	}
}

// jest loads every package anew for every test file, and n8n-core alone is 1,700 files. Here Node itself loads
// packages, once for all test files of a worker; our own files stay fresh in each.
const { default: Runtime } = require('jest-runtime');
const { AsyncLocalStorage } = require('node:async_hooks');
const { createRequire, isBuiltin } = require('node:module');
const { types } = require('node:util');

/** jest's own, of which each test file has one. */
const OF_JEST = /^(@jest\/|jest-|expect$)/;

const isPackage = (name) => /^[@a-z]/i.test(name) && !isBuiltin(name) && !OF_JEST.test(name);

/**
 * A test file has globals of its own, packages have Node's: an error or promise made on one side has to count as one
 * on the other side.
 */
function acceptForeign({ Error, Promise }) {
	accept(Error, types.isNativeError);
	accept(Promise, types.isPromise);
}

function accept(type, isOne) {
	const inherited = Function.prototype[Symbol.hasInstance];
	Object.defineProperty(type, Symbol.hasInstance, {
		configurable: true,
		value(value) {
			return inherited.call(this, value) || (this === type && isOne(value));
		},
	});
}

acceptForeign(globalThis);

// jest begins a storage in each test file and never ends it; Node then goes through all of them at every promise.
const storages = new Set();
const { run } = AsyncLocalStorage.prototype;
AsyncLocalStorage.prototype.run = function (...args) {
	storages.add(this);
	return run.apply(this, args);
};

/** n8n-core's manager of SSH connections hears of the end of the process; each test file with an engine makes one. */
function forgetEngines() {
	const ofManager = (listener) => String(listener).includes('this.onShutdown()');
	for (const listener of process.listeners('exit').filter(ofManager)) process.off('exit', listener);
}

/** The same exports; a test file may put others in their place for itself, for example n8n's sleep. */
function replaceable(exported) {
	return Object.create(exported, Object.getOwnPropertyDescriptors({ ...exported }));
}

module.exports = class extends Runtime {
	constructor(config, environment, ...rest) {
		super(config, environment, ...rest);
		this.sandbox = environment.global;
		acceptForeign(this.sandbox);
		// jest hands out a copy, and n8n-core would not see the settings that a test file makes.
		this.sandbox.process.env = process.env;
	}

	requireModuleOrMock(from, name) {
		if (!isPackage(name)) return super.requireModuleOrMock(from, name);
		const exported = createRequire(from)(name);
		return name === 'n8n-workflow' ? (this.workflow ??= replaceable(exported)) : exported;
	}

	teardown() {
		// jest empties what hangs on the sandbox.
		this.sandbox.process.env = {};
		for (const storage of storages) storage.disable();
		storages.clear();
		forgetEngines();
		super.teardown();
	}
};

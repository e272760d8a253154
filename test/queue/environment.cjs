const { TestEnvironment } = require('jest-environment-node');

/** Lets the test files see the cluster that they share; one process runs them all (maxWorkers: 1). */
module.exports = class extends TestEnvironment {
	constructor(...args) {
		super(...args);
		this.global.sharedCluster = globalThis.sharedCluster;
	}

	async teardown() {
		// jest empties what hangs on the sandbox.
		delete this.global.sharedCluster;
		await super.teardown();
	}
};

const e2e = require('../e2e/jest.config.js');

/** @type {import('jest').Config} */
module.exports = {
	...e2e,
	testMatch: ['<rootDir>/test/browser/**/*.test.ts'],
	// Each file has an n8n of its own.
	globalSetup: undefined,
	globalTeardown: undefined,
};

module.exports = {
	...require('../e2e/jest.config.js'),
	testMatch: ['<rootDir>/test/queue/**/*.test.ts'],
	globalSetup: undefined,
	globalTeardown: undefined,
	// Shots at several processes, with restarts between them.
	testTimeout: 600_000,
};

module.exports = {
	...require('../e2e/jest.config.js'),
	testMatch: ['<rootDir>/test/queue/**/*.test.ts'],
	testEnvironment: '<rootDir>/test/queue/environment.cjs',
	globalSetup: '<rootDir>/test/queue/begin.ts',
	globalTeardown: '<rootDir>/test/queue/end.ts',
	// Shots at several processes, with restarts between them.
	testTimeout: 600_000,
};

const { transform } = require('../../jest.config.js');

/** @type {import('jest').Config} */
module.exports = {
	rootDir: '../..',
	testEnvironment: 'node',
	runtime: '<rootDir>/test/setup/runtime.cjs',
	globalSetup: '<rootDir>/test/e2e/begin.ts',
	globalTeardown: '<rootDir>/test/e2e/end.ts',
	testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
	modulePathIgnorePatterns: ['<rootDir>/dist'],
	transform,
	// They use one n8n, and are alone with it.
	maxWorkers: 1,
	testTimeout: 180_000,
};

const { transform } = require('../../jest.config.js');

/** @type {import('jest').Config} */
module.exports = {
	rootDir: '../..',
	testEnvironment: 'node',
	testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
	modulePathIgnorePatterns: ['<rootDir>/dist'],
	transform,
	// Each test file starts an n8n of its own; two at a time is what the smallest machine carries.
	maxWorkers: 1,
	testTimeout: 180_000,
};

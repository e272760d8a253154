const { availableParallelism } = require('node:os');
const { join } = require('node:path');

/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	runtime: '<rootDir>/test/setup/runtime.cjs',
	testMatch: ['<rootDir>/test/**/*.test.ts'],
	// Those that need a whole n8n, and a browser: scripts/e2e.ts runs them.
	testPathIgnorePatterns: [
		'<rootDir>/node_modules/',
		'<rootDir>/test/e2e/',
		'<rootDir>/test/browser/',
		'<rootDir>/test/queue/',
	],
	globalSetup: '<rootDir>/test/setup/begin.ts',
	globalTeardown: '<rootDir>/test/setup/end.ts',
	modulePathIgnorePatterns: ['<rootDir>/dist'],
	transform: {
		'^.+\\.ts$': [
			'@swc/jest',
			{
				jsc: {
					parser: { syntax: 'typescript', decorators: true },
					transform: { legacyDecorator: true, decoratorMetadata: true },
					target: 'es2022',
				},
				module: { type: 'commonjs' },
			},
		],
	},
	// By default it lies in the temporary folder.
	cacheDirectory: join(__dirname, 'node_modules', '.cache', 'jest'),
	// Many tests wait for a connection: one more than there are cores keeps two busy.
	maxWorkers: availableParallelism() + 1,
	testTimeout: 30_000,
};

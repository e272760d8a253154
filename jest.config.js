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
	testTimeout: 30_000,
};

const { dest, src } = require('gulp');

/** Icons and codex files; everything else in dist is written by the compiler. */
const assets = ['nodes/**/*.{svg,png}', 'nodes/**/*.node.json', 'credentials/**/*.{svg,png}'];

function buildAssets() {
	// Without `encoding: false` gulp 5 reads images as UTF-8 and breaks them.
	return src(assets, { base: '.', encoding: false }).pipe(dest('dist'));
}

exports['build:assets'] = buildAssets;

// n8n's own verification scan of folders, without what needs the network (provenance, download).
// usage: node scan.mjs <leg>:<folder> …; prints a list of { passed, message, details } as JSON.
import {
	analyzePackage,
	SOURCE_FILE_PATTERNS,
} from '@n8n/scan-community-package/scanner/scanner.mjs';

// What the scanner's analyzePackageByName lints of the source commit and of the published tarball.
const patterns = { source: SOURCE_FILE_PATTERNS, tarball: ['**/*.js', 'package.json'] };

const results = [];
for (const argument of process.argv.slice(2)) {
	const [leg, ...folder] = argument.split(':');
	const { passed, message, details } = await analyzePackage(folder.join(':'), patterns[leg]);
	results.push({ passed, message, details });
}
console.log(JSON.stringify(results));

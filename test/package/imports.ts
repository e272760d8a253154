import ts from 'typescript';

export interface Import {
	/** As written; `computed` where the argument is not a literal. */
	specifier: string;
	line: number;
}

/**
 * Everything a TypeScript or JavaScript file imports: import and export declarations (types too),
 * `import x = require()`, `import()` as call and as type, `require()` and `require.resolve()`.
 */
export function importsOf(fileName: string, text: string): Import[] {
	const source = ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, true);
	const found: Import[] = [];
	const add = (node: ts.Node, argument: ts.Node | undefined) => {
		const specifier = argument && ts.isStringLiteralLike(argument) ? argument.text : 'computed';
		const { line } = source.getLineAndCharacterOfPosition(node.getStart());
		found.push({ specifier, line: line + 1 });
	};
	const visit = (node: ts.Node): void => {
		if (ts.isImportDeclaration(node)) add(node, node.moduleSpecifier);
		else if (ts.isExportDeclaration(node) && node.moduleSpecifier) add(node, node.moduleSpecifier);
		else if (ts.isExternalModuleReference(node)) add(node, node.expression);
		else if (ts.isImportTypeNode(node)) {
			add(node, ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined);
		} else if (ts.isCallExpression(node) && isImportCall(node.expression)) {
			add(node, node.arguments[0]);
		}
		ts.forEachChild(node, visit);
	};
	visit(source);
	return found;
}

function isImportCall(callee: ts.Expression): boolean {
	if (callee.kind === ts.SyntaxKind.ImportKeyword) return true;
	const target = ts.isPropertyAccessExpression(callee) ? callee.expression : callee;
	return ts.isIdentifier(target) && target.text === 'require';
}

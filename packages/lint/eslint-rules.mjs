// The rules no package offers: what a part must be given instead of taking it from the process, and
// what must not travel to a browser.
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import ts from 'typescript';

const TIME_GLOBALS = new Set(['setTimeout', 'setInterval', 'performance']);
const TIME_MODULES = new Set(['node:timers', 'node:timers/promises', 'timers', 'timers/promises']);
const CHANCE_NAMES = new Set(['randomUUID', 'randomUUIDv7']);

/** True for a name that no file declares: the process gives it to everybody. */
function isGlobal(context, node) {
  const { references } = context.sourceCode.getScope(node);
  const reference = references.find((known) => known.identifier === node);
  return reference !== undefined && (reference.resolved?.defs.length ?? 0) === 0;
}

/** `object.property` of a global object, with `globalThis.` before it or without. */
function globalMember(context, node) {
  if (node.computed || node.property.type !== 'Identifier') return '';
  const object = node.object;
  if (object.type === 'Identifier' && isGlobal(context, object)) {
    return `${object.name}.${node.property.name}`;
  }
  if (object.type !== 'MemberExpression') return '';
  const outer = globalMember(context, object);
  return outer.startsWith('globalThis.') ? `${outer.slice(11)}.${node.property.name}` : '';
}

function rule(message, listeners) {
  const create = (context) => listeners(context, (node) => context.report({ node, message }));
  return { meta: { type: 'problem', schema: [] }, create };
}

const noAmbientEnv = rule(
  'The environment is read once, in config/load.ts; take what you need as a parameter.',
  (context, report) => ({
    MemberExpression(node) {
      if (globalMember(context, node) === 'process.env') report(node);
    },
    ImportDeclaration(node) {
      if (!['node:process', 'process'].includes(node.source.value)) return;
      for (const part of node.specifiers) {
        if (part.type !== 'ImportSpecifier' || part.imported.name === 'env') report(part);
      }
    },
  }),
);

const noAmbientTime = rule('Time comes from the Clock you are given.', (context, report) => ({
  MemberExpression(node) {
    const name = globalMember(context, node);
    if (name === 'Date.now' || name === 'process.hrtime' || name === 'Temporal.Now') report(node);
    if (name.startsWith('globalThis.') && TIME_GLOBALS.has(name.slice(11))) report(node);
  },
  NewExpression(node) {
    const isDate = node.callee.name === 'Date' && isGlobal(context, node.callee);
    if (isDate && node.arguments.length === 0) report(node);
  },
  Identifier(node) {
    if (TIME_GLOBALS.has(node.name) && isGlobal(context, node)) report(node);
  },
  ImportDeclaration(node) {
    if (node.importKind !== 'type' && TIME_MODULES.has(node.source.value)) report(node);
  },
}));

const noAmbientChance = rule(
  'Ids and chance come from the Ids you are given.',
  (context, report) => ({
    MemberExpression(node) {
      if (globalMember(context, node) === 'Math.random') report(node);
      if (!node.computed && CHANCE_NAMES.has(node.property.name)) report(node);
    },
    ImportSpecifier(node) {
      if (CHANCE_NAMES.has(node.imported.name)) report(node);
    },
  }),
);

const reasonedAssertion = rule(
  'Say on this line why the type is known here (`as X` silences the compiler).',
  (context, report) => {
    const reasoned = new Set();
    for (const comment of context.sourceCode.getAllComments()) {
      for (let line = comment.loc.start.line; line <= comment.loc.end.line; line += 1) {
        reasoned.add(line);
      }
    }
    const look = (node) => {
      const type = node.typeAnnotation;
      if (type.type === 'TSTypeReference' && type.typeName.name === 'const') return;
      for (let line = node.loc.start.line; line <= node.loc.end.line; line += 1) {
        if (reasoned.has(line)) return;
      }
      report(node);
    };
    return { TSAsExpression: look, TSTypeAssertion: look };
  },
);

/** Its schemas bring zod, ten times the weight of a page. */
const HEAVY = '@opora/contracts';

/** What a file imports besides types, as the bundler follows it. */
function valueImports(path) {
  const { statements } = ts.createSourceFile(path, readFileSync(path, 'utf8'), 99);
  return statements.flatMap((part) => {
    const { moduleSpecifier, importClause, isTypeOnly } = part;
    const isType = isTypeOnly === true || importClause?.isTypeOnly === true;
    return moduleSpecifier === undefined || isType ? [] : [moduleSpecifier.text];
  });
}

/** True when `source`, imported by the file `from`, brings the contracts along. */
function bringsContracts(source, from, seen = new Set()) {
  if (source === HEAVY) return true;
  if (!/^\.\.?\/.*\.tsx?$/.test(source)) return false;
  const path = resolve(dirname(from), source);
  if (seen.has(path)) return false;
  seen.add(path);
  return valueImports(path).some((next) => bringsContracts(next, path, seen));
}

const noContractsInBrowser = rule(
  'This brings @opora/contracts, and with it zod, to the browser: import types of it, take values as props.',
  (context, report) => {
    const { body } = context.sourceCode.ast;
    if (!body.some(({ directive }) => directive === 'use client')) return {};
    const look = (node) => {
      if (node.source == null || node.importKind === 'type' || node.exportKind === 'type') return;
      if (bringsContracts(node.source.value, context.filename)) report(node);
    };
    return { ImportDeclaration: look, ExportNamedDeclaration: look, ExportAllDeclaration: look };
  },
);

export const house = {
  rules: {
    'no-ambient-env': noAmbientEnv,
    'no-ambient-time': noAmbientTime,
    'no-ambient-chance': noAmbientChance,
    'reasoned-assertion': reasonedAssertion,
    'no-contracts-in-browser': noContractsInBrowser,
  },
};

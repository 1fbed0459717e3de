#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { isRightNode, runUnderNode24 } from './node-24.mjs';

// `npx chronaxie` works after `npm ci` alone: it finds its Node, builds itself, and runs the command line.
if (isRightNode) {
  const { buildIfNeeded } = await import('./build-if-needed.mjs');
  buildIfNeeded();
  await import('../out/main/cli.js');
} else {
  runUnderNode24(fileURLToPath(import.meta.url), process.argv.slice(2));
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readWindowState, writeWindowState } from '../../../main/shell/window-state.ts';

const screen = { x: 0, y: 0, width: 1920, height: 1080 };
const state = { x: 100, y: 50, width: 1400, height: 900, maximised: false };
let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chronaxie-window-'));
  file = join(folder, 'deeper', 'window.json');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

it('comes back to where it was', () => {
  writeWindowState(file, state);
  expect(readWindowState(file, [screen])).toEqual(state);
});

it('forgets a place on a screen that is no longer there', () => {
  writeWindowState(file, { ...state, x: 2500 });
  expect(readWindowState(file, [screen])).toBeNull();
  expect(readWindowState(file, [screen, { ...screen, x: 1920 }])).not.toBeNull();
});

it('forgets a place whose title bar cannot be caught', () => {
  writeWindowState(file, { ...state, y: -400 });
  expect(readWindowState(file, [screen])).toBeNull();
});

it('starts anew from an absent or damaged file', () => {
  expect(readWindowState(file, [screen])).toBeNull();
  writeWindowState(file, state);
  writeFileSync(file, '{"x": 1');
  expect(readWindowState(file, [screen])).toBeNull();
});

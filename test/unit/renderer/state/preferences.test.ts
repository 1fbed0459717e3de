import { describe, expect, it } from 'vitest';
import { Preferences } from '../../../../renderer/state/preferences.svelte.ts';

describe('what a person has set', () => {
  it('keeps widths and theme across a restart, within bounds, and survives a damaged store', () => {
    const values = new Map<string, string>();
    const store = {
      getItem: (key: string) => values.get(key) ?? null,
      setItem: (key: string, value: string) => void values.set(key, value),
    };
    const before = new Preferences(store);
    before.setTheme('dark');
    before.setHistoryWidth(10_000);
    const after = new Preferences(store);
    expect([after.theme, after.resolved, after.historyWidth]).toEqual(['dark', 'dark', 420]);
    values.set('chronaxie.preferences', '{"theme":7,"historyWidth":"wide"');
    expect(new Preferences(store).theme).toBe('system');
  });
  it('follows the system’s theme only where it is asked to', () => {
    const preferences = new Preferences({ getItem: () => null, setItem: () => undefined });
    preferences.setSystemDark(true);
    expect(preferences.resolved).toBe('dark');
    preferences.setTheme('light');
    expect(preferences.resolved).toBe('light');
  });
});

import type { Colours } from '../../main/figures/colours.ts';
import type { Theme } from '../state/preferences.svelte.ts';

const known = new Map<Theme, Colours>();

/**
 * The colours of a theme. They are read once: asking the browser for a style makes it lay out what was just put into the page, in
 * the middle of its being built.
 */
export function themeColours(theme: Theme): Colours {
  const colours = known.get(theme) ?? read(theme);
  known.set(theme, colours);
  return colours;
}

function read(theme: Theme): Colours {
  const page = document.documentElement;
  page.dataset.theme = theme; // as it will be: followTheme may not have had its turn yet
  const style = getComputedStyle(page);
  const value = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    ground: value('ground'),
    ink: value('ink'),
    secondary: value('ink-2'),
    line: value('line-strong'),
    grid: value('grid'),
    data: value('data'),
    model: value('model'),
    prior: value('prior'),
    truth: value('truth'),
    other: value('other'),
    accent: value('accent'),
    fault: value('fault'),
  };
}

import { themeColours } from '../plots/theme-colours.ts';
import type { Preferences } from './preferences.svelte.ts';

/** Keeps the page's theme as chosen, and as the system's where the system is followed. Called by a root component. */
export function followTheme(preferences: () => Preferences): void {
  $effect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const listen = () => preferences().setSystemDark(query.matches);
    listen();
    query.addEventListener('change', listen);
    return () => query.removeEventListener('change', listen);
  });
  $effect.pre(() => {
    const theme = preferences().resolved;
    document.documentElement.dataset.theme = theme;
    themeColours(theme); // while the page is small
  });
}

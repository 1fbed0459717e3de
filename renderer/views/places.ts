import type { Component } from 'svelte';
import type { Place, Workspace } from '../state/workspace.svelte.ts';

/** What stands at a place of the open document; `obstacle`: why nothing can be run just now, empty when it can. */
type PlaceView = Component<{ workspace: Workspace; obstacle: string }>;

/** The views that the first sight of a window does not need: each comes with its own file. */
export const laterPlaces: Record<Exclude<Place, 'recording'>, () => Promise<{ default: PlaceView }>> = {
  features: () => import('./FeaturesView.svelte'),
  model: () => import('./ModelView.svelte'),
  run: () => import('./RunView.svelte'),
  posterior: () => import('./PosteriorPlace.svelte'),
  export: () => import('./ExportView.svelte'),
};

export const comparison = () => import('./CompareView.svelte');

/** Fetches them one after the other while nothing else is to be done, so that no place is waited for. */
export async function fetchPlaces(): Promise<void> {
  for (const fetch of [...Object.values(laterPlaces), comparison]) {
    await idle();
    await fetch().catch(() => undefined); // asked for again, and told, when it is gone to
  }
}

/** Safari has no idle callbacks. */
function idle(): Promise<void> {
  return new Promise((resolve) => {
    if ('requestIdleCallback' in globalThis) requestIdleCallback(() => resolve());
    else setTimeout(resolve, 200);
  });
}

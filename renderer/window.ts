import { mount } from 'svelte';
import type { Transport } from '../main/contract/api.ts';
import type { AppError } from '../main/contract/errors.ts';
import App from './App.svelte';
import { Preferences } from './state/preferences.svelte.ts';
import type { SessionStore } from './state/session.ts';
import { Workspace } from './state/workspace.svelte.ts';
import Unreachable from './views/Unreachable.svelte';

/** Shows the window; what it returns is told when the connection is lost. */
export function openWindow(
  target: Element,
  transport: Transport,
  session: SessionStore,
): (error: AppError) => void {
  const workspace = new Workspace(transport, new Preferences(session), session);
  mount(App, { target, props: { workspace } });
  return (error) => workspace.notices.fail(error);
}

/** In the place of the window where there is nothing to connect to. */
export function sayUnreachable(target: Element, error: AppError): void {
  const preferences = new Preferences({ getItem: () => null, setItem: () => undefined });
  mount(Unreachable, { target, props: { error, preferences } });
}

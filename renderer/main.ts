import { mount } from 'svelte';
import * as z from 'zod';
import { AppError } from '../main/contract/errors.ts';
import App from './App.svelte';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/tables.css';
import { Preferences } from './state/preferences.svelte.ts';
import { SessionStore } from './state/session.ts';
import { Workspace } from './state/workspace.svelte.ts';
import { connect } from './transport.ts';
import Unreachable from './views/Unreachable.svelte';

// Zod would otherwise probe whether it may compile code, which the content security policy rightly reports as a breach.
z.config({ jitless: true });

const target = document.querySelector('#app')!;
let preferences = new Preferences({ getItem: () => null, setItem: () => undefined });
let workspace: Workspace | null = null;

try {
  const transport = await connect((error) => workspace?.notices.fail(error));
  const session = await SessionStore.open(transport);
  preferences = new Preferences(session);
  workspace = new Workspace(transport, preferences, session);
  addEventListener('pagehide', () => session.flush());
  mount(App, { target, props: { workspace } });
} catch (thrown) {
  mount(Unreachable, { target, props: { error: AppError.from(thrown), preferences } });
}

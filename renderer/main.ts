import { AppError } from '../main/contract/errors.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/tables.css';
import { SessionStore } from './state/session.ts';
import { connect } from './transport.ts';

/**
 * The window in pieces, so that none holds it up: this file connects while the schemas and the views load, and the browser
 * evaluates each in a task of its own.
 */
const schemas = import('./schemas.ts');
const loading = schemas.then(() => import('./window.ts'));

const target = document.querySelector('#app')!;
let fail: (error: AppError) => void = () => undefined;

try {
  const transport = await connect((error) => fail(error));
  const session = await SessionStore.open(transport);
  addEventListener('pagehide', () => session.flush());
  const { openWindow } = await loading;
  await new Promise((evaluated) => setTimeout(evaluated));
  fail = openWindow(target, transport, session);
} catch (thrown) {
  const { sayUnreachable } = await loading;
  sayUnreachable(target, AppError.from(thrown));
}

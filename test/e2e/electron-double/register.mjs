import { registerHooks } from 'node:module';

// node --import …/register.mjs out/main/desktop.js runs the real compiled main process on the double.
registerHooks({
  resolve(specifier, context, next) {
    if (specifier !== 'electron') return next(specifier, context);
    return { url: new URL('./electron.mjs', import.meta.url).href, shortCircuit: true };
  },
});

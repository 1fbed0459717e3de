/* global preloadSource, __ipcInvoke */
// Runs before every page of the double: Electron's half of the preload script, then the real compiled preload itself.
// Typed arrays cross as base64, because the driver's bridge carries JSON.
(() => {
  const views = { Float32Array, Float64Array, Uint8Array };
  const pack = (value) => {
    if (ArrayBuffer.isView(value)) {
      const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
      let text = '';
      for (const byte of bytes) text += String.fromCharCode(byte);
      return { $view: value.constructor.name, base64: btoa(text) };
    }
    if (Array.isArray(value)) return value.map(pack);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, pack(inner)]));
  };
  const unpack = (value) => {
    if (Array.isArray(value)) return value.map(unpack);
    if (value === null || typeof value !== 'object') return value;
    if (value.$view) {
      const bytes = Uint8Array.from(atob(value.base64), (c) => c.charCodeAt(0));
      return new views[value.$view](bytes.buffer);
    }
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unpack(inner)]));
  };
  const listeners = new Map();
  const of = (channel) => listeners.get(channel) ?? listeners.set(channel, new Set()).get(channel);
  globalThis.__ipcEmit = (channel, message) => {
    for (const listener of of(channel)) listener({}, unpack(message));
  };
  const electron = {
    contextBridge: {
      exposeInMainWorld: (key, api) =>
        Object.defineProperty(globalThis, key, { value: Object.freeze(api), writable: false }),
    },
    ipcRenderer: {
      invoke: async (channel, input) => unpack(await __ipcInvoke(channel, pack(input))),
      on: (channel, listener) => of(channel).add(listener),
      off: (channel, listener) => of(channel).delete(listener),
    },
    webUtils: { getPathForFile: (file) => `/chosen/${file.name}` },
  };
  const require = (name) => {
    if (name === 'electron') return electron;
    throw new Error(`a sandboxed preload script cannot require ${name}`);
  };
  new Function('require', 'module', 'exports', preloadSource)(require, { exports: {} }, {});
})();

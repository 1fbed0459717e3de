import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { DesktopBridge } from '../contract/desktop-bridge.ts';
import { callChannel, callNames, eventChannel, eventNames } from '../contract/names.ts';

/**
 * All that the page can reach of the desktop: the contract's calls by name, its events by name, and where a dropped file
 * lies. The lists are closed here as well as in main, so that no other channel can be named from the page.
 */
const bridge: DesktopBridge = {
  call: (name, input) => {
    if (!callNames.includes(name)) return Promise.reject(new Error(`There is no call ${name}.`));
    return ipcRenderer.invoke(callChannel(name), input);
  },
  on: (name, listener) => {
    if (!eventNames.includes(name)) throw new Error(`There is no event ${name}.`);
    const receive = (_: unknown, message: { event: string; payload: unknown }) => {
      if (message.event === name) listener(message.payload);
    };
    ipcRenderer.on(eventChannel, receive);
    return () => {
      ipcRenderer.off(eventChannel, receive);
    };
  },
  pathOf: (file) => webUtils.getPathForFile(file),
};

contextBridge.exposeInMainWorld('chronaxie', bridge);

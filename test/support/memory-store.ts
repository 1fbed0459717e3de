export { MemoryStore } from '../../main/inference/memory-store.ts';

import * as z from 'zod';

// Zod would otherwise probe whether it may compile code, which the content security policy rightly reports as a breach.
z.config({ jitless: true });

export { fitConfigSchema } from '../main/contract/config.ts';
export { priorSchema } from '../main/contract/prior.ts';

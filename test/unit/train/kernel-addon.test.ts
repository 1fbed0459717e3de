import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arch, platform } from 'node:process';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRandom } from '../../../main/numeric/random.ts';
import { initialParameters } from '../../../main/train/initialise.ts';
import { loadAddon } from '../../../main/train/kernel-addon.ts';
import { createBuild, createKernels, kernelBuild, kernelBuilds } from '../../../main/train/kernels.ts';
import { densityNetwork } from '../../../main/train/network.ts';
import { TrainingPlan } from '../../../main/train/plan.ts';
import type { KernelBuild } from '../../../native/kernels.ts';
import { Bench, normals, worst } from './kernel-harness.ts';

const file = `kernels-${platform}-${arch}.node`;
const built = new URL('../../../native/build/', import.meta.url);
const native = kernelBuilds().filter((build) => !build.startsWith('wasm'));

describe('the search for the native kernels', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'chronaxie-addon-test-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const load = () => loadAddon(pathToFileURL(`${folder}/`));

  it('finds none where none was built, and says how to build them', () => {
    expect(load()).toEqual({
      addon: null,
      built: false,
      reason: 'The native kernels are not built (npm run build:native-addon).',
    });
  });

  it('leaves alone a file that does not load, and says why', () => {
    writeFileSync(join(folder, file), 'not a library');
    const found = load();
    expect(found).toMatchObject({ addon: null, built: true });
    expect('reason' in found && found.reason).toMatch(/^The native kernels are not used: .+\.$/);
  });

  it.skipIf(!existsSync(new URL(file, built)))(
    'leaves alone those that were built from other sources than the WebAssembly kernels (skipped where they are not built)',
    () => {
      copyFileSync(new URL(file, built), join(folder, file));
      writeFileSync(join(folder, 'sources.sha256'), 'of other sources');
      expect(load()).toMatchObject({
        addon: null,
        reason:
          'The native kernels are not used: they were built from other sources. Run “npm run build:native-addon” again.',
      });
      writeFileSync(join(folder, 'sources.sha256'), readFileSync(new URL('sources.sha256', built)));
      expect(load()).toMatchObject({ addon: { sources: expect.stringMatching(/^[0-9a-f]{64}$/) as string } });
    },
  );

  it('never gives them where every processor must find the same numbers', () => {
    expect(createKernels(true).build).toBe('wasm-strict');
    expect(kernelBuild(true)).toBe('wasm-strict');
    expect(createKernels(false).build).toBe(kernelBuilds()[0]);
  });

  it('says that a build is not here', () => {
    expect(() => createBuild('none' as KernelBuild)).toThrow('The none kernels are not here.');
  });
});

describe.skipIf(native.length === 0)(
  `native kernels (skipped where they are not built: npm run build:native-addon)`,
  () => {
    const [features, outputs, batchSize, rows] = [6, 3, 37, 200];

    /** 60 steps, and the loss of each. */
    function train(build: KernelBuild, variational: boolean) {
      const random = createRandom(41);
      const network = densityNetwork({
        inputs: features,
        outputs,
        hidden: [17, 9],
        components: 2,
        variational,
      });
      const plan = new TrainingPlan(createBuild(build), network, {
        batchSize,
        rows,
        learnsImputation: false,
      });
      plan.x.set(normals(random, plan.x.length));
      plan.target.set(normals(random, plan.target.length));
      plan.setParameters(initialParameters(network, random));
      const constant = plan.setWeightPrior(new Float32Array(plan.parameters().length));
      plan.seedNoise(createRandom(42));
      const losses: number[] = [];
      for (let step = 1; step <= 60; step++) {
        losses.push(plan.differentiate(((step - 1) % 5) * batchSize, batchSize, 1 / rows, constant));
        plan.adam(step, 1e-3, Math.min(1, 5 / Math.sqrt(plan.gradientNorm2())), 0.01);
        plan.average(1 / step);
      }
      return { losses, parameters: plan.parameters(), average: plan.parameters(plan.averaged) };
    }

    it.each(native.flatMap((build) => [false, true].map((variational) => ({ build, variational }))))(
      '$build: sixty steps of training differ from WebAssembly’s by rounding alone, variational: $variational',
      ({ build, variational }) => {
        const [own, wasm] = [train(build, variational), train('wasm-relaxed', variational)];
        // Both round sums of some 100 terms differently, 1e-6 of a loss; Adam may turn a gradient near 0 into another step.
        expect(own.losses.length).toBe(60);
        expect(worst(own.losses, wasm.losses)).toBeLessThan(1e-4);
        expect(worst(own.parameters, wasm.parameters)).toBeLessThan(1e-3);
        expect(worst(own.average, wasm.average)).toBeLessThan(1e-3);
      },
    );

    it.each(native)(
      '%s: the noise is the same, whatever its length, and goes on from the same state',
      (build) => {
        for (const n of [4, 8, 12, 20, 100, 1004]) {
          const [own, wasm] = [build, 'wasm-relaxed' as const].map((of) => {
            const bench = new Bench(of);
            const [state, at] = [bench.empty(16), bench.empty(n + 16)];
            const random = createRandom(43, n);
            const words = new Uint32Array(bench.kernels.memory.buffer, state, 16);
            for (let i = 0; i < 16; i++) words[i] = random.uint32();
            bench.kernels.fillNormal(n, state, at);
            return { noise: bench.read(at, n), words: [...words] };
          }) as [{ noise: Float32Array; words: number[] }, { noise: Float32Array; words: number[] }];
          expect(worst(own.noise, wasm.noise)).toBeLessThan(1e-6);
          expect(own.words).toEqual(wasm.words);
        }
      },
    );

    it.each(native)('%s: has the functions of the WebAssembly build', (build) => {
      const names = (of: KernelBuild) =>
        Object.entries(createBuild(of)).flatMap(([name, value]) =>
          typeof value === 'function' ? [name] : [],
        );
      expect(names(build).sort()).toEqual(names('wasm-relaxed').sort());
    });
  },
);

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Summary } from '../../main/contract/run.ts';
import type { Parity } from '../unit/train/tensor-parity.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'chronaxie-interop-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function node(args: string[], env: Record<string, string>) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    env: { ...process.env, CHRONAXIE_HISTORY: join(folder, 'history.sqlite'), ...env },
    encoding: 'utf8',
    timeout: 280_000,
  });
  return { status, stdout, stderr };
}

/** Gradients and five steps of every network; required is 1e-4, float32 gives 1e-5. */
function expectParity(device: string, env: Record<string, string>): string {
  const { stdout, stderr } = node(['test/interop/device-parity.ts', device], env);
  expect(stdout, stderr).not.toBe('');
  const found = JSON.parse(stdout) as { backend: string; parities: Record<string, Parity>; error?: object };
  expect(found.error).toBeUndefined();
  expect(Object.keys(found.parities)).toHaveLength(11);
  for (const [name, parity] of Object.entries(found.parities))
    for (const [what, value] of Object.entries(parity))
      expect(value, `${what} of ${name}`).toBeLessThan(1e-4);
  return found.backend;
}

/** A fit of a hundred simulations in two rounds. */
function fit(device: string, env: Record<string, string>) {
  const config = join(folder, 'config.json');
  const training = { maxEpochs: 3 };
  writeFileSync(config, JSON.stringify({ network: { family: 'mixture', hidden: [8] }, training }));
  const out = mkdtempSync(join(folder, device));
  const result = node(
    [
      'main/shell/cli.ts',
      'fit',
      'resources/examples/18711001-steps.nwb',
      ...['--sweep', '4', '--config', config, '--rounds', '2', '--simulations', '100', '--samples', '500'],
      ...['--device', device, '--out', out, '--json'],
    ],
    env,
  );
  const file = join(out, 'summary.json');
  return {
    ...result,
    summary: existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Summary) : null,
  };
}

describe('training on a real TensorFlow', () => {
  const place = process.env['CHRONAXIE_TEST_TENSORFLOW'] ?? join(root, 'test/artefacts/tensorflow');
  const own = { CHRONAXIE_TENSORFLOW: join(place, 'node_modules/@tensorflow/tfjs-node') };
  let made = false;
  beforeAll(() => {
    const { status, stderr } = spawnSync(join(root, 'test/interop/tensorflow.sh'), [place], {
      encoding: 'utf8',
    });
    made = status === 0;
    if (!made) console.warn(`Not tested on TensorFlow: it could not be fetched or built.\n${stderr}`);
  });

  it('takes the same steps as the kernels', ({ skip }) => {
    if (!made) skip('no TensorFlow');
    expect(expectParity('cuda', own)).toBe('tensorflow');
  });

  it('makes a whole run, whose estimate is that of the processor', ({ skip }) => {
    if (!made) skip('no TensorFlow');
    const onTensorFlow = fit('cuda', own);
    expect(onTensorFlow.status, onTensorFlow.stderr).toBe(0);
    const { device, rounds, parameters } = onTensorFlow.summary!;
    expect(device).toBe('cuda');
    expect(rounds.map(({ trainedOn }) => trainedOn)).toEqual([
      { device: 'cuda', times: [], lost: null },
      { device: 'cuda', times: [], lost: null },
    ]);
    const onProcessor = fit('cpu', own).summary!;
    // The first round is some steps of float32 apart; the second one draws its simulations from it, others in part.
    expect(rounds[0]!.validationLoss).toBeCloseTo(onProcessor.rounds[0]!.validationLoss, 3);
    parameters.forEach(({ median, q05, q95 }, i) =>
      expect(Math.abs(median - onProcessor.parameters[i]!.median)).toBeLessThan(0.5 * (q95 - q05)),
    );
  });
});

describe('TensorFlow that does not load', () => {
  const broken = { CHRONAXIE_TENSORFLOW: join(folder, 'nowhere') };

  it('is refused with a remedy where it was asked for', () => {
    const { status, stdout, summary } = fit('cuda', broken);
    expect(status).toBe(2);
    expect(stdout).toContain('device-unavailable');
    expect(stdout).toContain('CUDA 11.2');
    expect(summary).toBeNull();
  });

  it('leaves an automatic run to the processor', () => {
    const { status, summary } = fit('auto', { ...broken, LD_LIBRARY_PATH: '' });
    expect(status).toBe(0);
    expect(summary!.rounds[0]!.trainedOn!.lost).toBeNull();
  });
});

describe('training through WebGPU', () => {
  /** Chromium's own Vulkan driver, which needs no card. */
  const chromium = '/usr/lib/chromium';
  const software = join(chromium, 'vk_swiftshader_icd.json');
  const env = {
    CHRONAXIE_SOFTWARE_GPU: '1',
    ...(existsSync(software) ? { VK_DRIVER_FILES: software, LD_LIBRARY_PATH: chromium } : {}),
  };

  it('takes the same steps as the kernels', ({ skip }) => {
    const { stdout } = node(['main/shell/cli.ts', 'devices', '--json'], env);
    const { devices } = JSON.parse(stdout) as { devices: { available: boolean; reason: string | null }[] };
    const webgpu = devices[2]!;
    if (!webgpu.available) console.warn(`Not tested on WebGPU: ${webgpu.reason}`);
    if (!webgpu.available) skip('no WebGPU');
    expect(expectParity('webgpu', env)).toBe('webgpu');
  });
});

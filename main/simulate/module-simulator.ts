import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { AppError } from '../contract/errors.ts';
import { jointPriorSchema, parameterSchema, type ParameterSpec } from '../contract/prior.ts';
import { normalPrior } from '../model/prior.ts';
import { createRandom } from '../numeric/random.ts';
import { thrownReason } from './bad-reasons.ts';
import type { ModuleInfo } from './simulation-messages.ts';

type Simulate = (theta: Float64Array, random: () => number) => unknown;

export interface ModuleSimulator {
  info: ModuleInfo;
  /**
   * One call of the user's function with its own random stream.
   * @returns null, or why the simulation is bad
   * @throws AppError simulator-invalid where the answer breaks the contract
   */
  simulate(
    theta: Float64Array,
    name: { seed: number; stream: number; index: number },
    out: Float64Array,
    offset: number,
  ): Promise<string | null>;
}

const contractHint =
  'A simulator module exports parameters ({name, prior}), features (names) and simulate(theta, random), as docs/simulator-modules.md describes.';

function invalid(path: string, what: string, cause?: unknown): AppError {
  return new AppError('simulator-invalid', `The simulator module «${path}» ${what}.`, {
    remedy: contractHint,
    cause,
    details: { file: path },
  });
}

/** With a joint prior the parameters need none of their own. */
const freeParameterSchema = parameterSchema.extend({ prior: parameterSchema.shape.prior.optional() });

const moduleSchema = z.object({
  parameters: z.array(freeParameterSchema).min(1),
  prior: jointPriorSchema.optional(),
  features: z.array(z.string().min(1)).min(1),
  simulate: z.custom<Simulate>((v) => typeof v === 'function', 'simulate must be a function'),
});

/** Loads a user's module and checks what it exports. Runs in a worker thread: the module is foreign code. */
export async function loadModuleSimulator(path: string): Promise<ModuleSimulator> {
  if (!existsSync(path)) {
    throw new AppError('file-not-found', `There is no simulator module ${path}.`, {
      remedy: 'Check the path.',
      details: { file: path },
    });
  }
  let exported: unknown;
  try {
    exported = { ...((await import(/* @vite-ignore */ pathToFileURL(path).href)) as object) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw invalid(path, `cannot be loaded: ${reason}`, cause);
  }
  const parsed = moduleSchema.safeParse(exported);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw invalid(
      path,
      `is not one: ${issue.path.join('.') || 'its exports'}: ${issue.message}`,
      parsed.error,
    );
  }
  const { simulate, features, ...declared } = parsed.data;
  for (const names of [declared.parameters.map((p) => p.name), features]) {
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) throw invalid(path, `names «${twice}» twice`);
  }
  const jointPrior = declared.prior ?? null;
  const parameters = declared.parameters.map((p, i) => withPrior(path, p, i, jointPrior));
  if (jointPrior) {
    try {
      normalPrior(
        parameters.map((p) => p.name),
        jointPrior.normal.mean,
        jointPrior.normal.covariance,
      );
    } catch (cause) {
      throw invalid(path, `has a wrong prior: ${AppError.from(cause).message.replace(/\.$/, '')}`, cause);
    }
  }
  return {
    info: { parameters, jointPrior, features },
    async simulate(theta, { seed, stream, index }, out, offset) {
      const random = createRandom(seed, stream, index);
      let answer: unknown;
      try {
        answer = await simulate(theta, () => random.uniform());
      } catch (thrown) {
        return thrownReason(thrown);
      }
      if (answer === null) return 'the simulator returned null';
      return readFeatures(path, answer, features, out, offset);
    },
  };
}

function withPrior(
  path: string,
  { prior, ...parameter }: z.infer<typeof freeParameterSchema>,
  i: number,
  joint: ModuleInfo['jointPrior'],
): ParameterSpec {
  if (joint && prior) throw invalid(path, `gives «${parameter.name}» a prior besides the joint one`);
  if (prior) return { ...parameter, prior };
  if (!joint) throw invalid(path, `gives «${parameter.name}» no prior`);
  const variance = joint.normal.covariance[i]?.[i] ?? NaN;
  return { ...parameter, prior: { normal: [joint.normal.mean[i] ?? NaN, Math.sqrt(variance)] } };
}

function readFeatures(
  path: string,
  answer: unknown,
  features: readonly string[],
  out: Float64Array,
  offset: number,
): string | null {
  const isList = typeof answer === 'object' && answer !== null && 'length' in answer;
  if (!isList) throw invalid(path, `returned ${typeof answer} instead of a list of numbers`);
  const values = answer as ArrayLike<unknown>;
  if (values.length !== features.length)
    throw invalid(path, `returned ${values.length} values for its ${features.length} features`);
  let infinite: string | null = null;
  for (let i = 0; i < features.length; i++) {
    const value = values[i];
    if (typeof value !== 'number')
      throw invalid(
        path,
        `returned «${String(value)}» for the feature «${features[i]!}», which is not a number`,
      );
    if (value === Infinity || value === -Infinity) infinite ??= features[i]!;
    out[offset + i] = value;
  }
  if (infinite === null) return null;
  out.fill(NaN, offset, offset + features.length);
  return `the feature «${infinite}» was infinite`;
}

import { describe, expect, it } from 'vitest';
import { closureOf } from '../../../main/model/expression-closure.ts';
import { parseExpression } from '../../../main/model/expression.ts';
import { withoutSingularities } from '../../../main/model/linoid.ts';
import { createRandom } from '../../../main/numeric/random.ts';
import { DagEmitter } from '../../../main/simulate/dag-emitter.ts';
import { ExpressionDag, inOrder, type DagNode } from '../../../main/simulate/expression-dag.ts';
import { nodesOf } from '../../../main/simulate/expression-nodes.ts';
import { shareExponentials } from '../../../main/simulate/shared-exponentials.ts';
import { v128 } from '../../../main/simulate/simd-opcodes.ts';
import { VectorCode } from '../../../main/simulate/vector-code.ts';
import { encodeModule, FunctionCode } from '../../../main/simulate/wasm-encoder.ts';
import { randomExpression, type RandomExpression } from './random-expressions.ts';

const together = 40;
/** b is a constant of the code, a a parameter, V changes from step to step. */
const b = 0.7;

/** f(values): the expressions at one a and two V, as the model compiler would compute them: one graph, shared exponentials. */
function compiled(expressions: readonly RandomExpression[]): FunctionCode {
  const dag = new ExpressionDag();
  const names: Record<string, DagNode> = {
    a: dag.leaf('parameter', 0),
    b: dag.constant(b),
    V: dag.leaf('state', 0),
  };
  const roots = shareExponentials(
    dag,
    expressions.map(({ text }) =>
      nodesOf(
        dag,
        withoutSingularities(parseExpression(text, 'a test'), () => undefined),
        (name) => names[name]!,
      ),
    ),
  );
  const code = new FunctionCode(1);
  const vector = new VectorCode(code, 'f64', true);
  const emitter = new DagEmitter(vector, 1);
  const load = (offset: number) =>
    vector.keep(() => {
      code.get(0);
      code.vectorMemory(v128.load, 4, offset);
    });
  for (const node of inOrder(roots)) {
    if (node.kind === 'parameter') emitter.define(node, 0, load(0));
    if (node.kind === 'state') emitter.define(node, 0, load(16));
  }
  emitter.emit(roots);
  roots.forEach((root, i) => {
    code.get(0);
    emitter.value(root, 0)();
    code.vectorMemory(v128.store, 4, 32 + 16 * i);
  });
  return code;
}

function evaluateTogether(
  expressions: readonly RandomExpression[],
  a: number,
  V: readonly [number, number],
): Float64Array {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const values = new Float64Array(memory.buffer);
  const { exports } = new WebAssembly.Instance(
    new WebAssembly.Module(encodeModule({ f: compiled(expressions) })),
    { host: { memory } },
  );
  values.set([a, a, ...V]);
  (exports['f'] as (at: number) => void)(0);
  return values.slice(4, 4 + 2 * expressions.length);
}

describe('the parser, the compiler and the plain closures', () => {
  it('give 100,000 random expressions the value of an independent evaluator', { timeout: 120_000 }, () => {
    const random = createRandom(20_261_123);
    let decided = 0;
    for (let done = 0; done < 100_000; done += together) {
      const expressions = Array.from({ length: together }, () => randomExpression(random, 4));
      const a = 0.1 + 3 * random.uniform();
      const V = [20 * random.uniform() - 5, Math.floor(80 * random.uniform()) / 4] as const;
      const got = evaluateTogether(expressions, a, V);
      expressions.forEach(({ text, evaluate }, i) => {
        const parsed = withoutSingularities(parseExpression(text, 'a test'), () => undefined);
        const plain = closureOf(parsed, (name) => ['a', 'b', 'V'].indexOf(name));
        V.forEach((v, lane) => {
          const [expected, bound] = evaluate({ a, b, V: v });
          if (!(bound < Math.abs(expected) * 1e-3 + 1e-6) || !(Math.abs(expected) < 1e250)) return;
          decided++;
          const compiledError = Math.abs(got[2 * i + lane]! - expected);
          // exprelr of the plain closures leaves out z²/12 below |z| = 1e-4; everything else is within the bound.
          const plainError = Math.abs(plain(Float64Array.of(a, b, v)) - expected);
          const what = `${text} at a = ${a}, V = ${v}`;
          if (!(compiledError <= bound))
            expect.fail(`compiled: ${compiledError} > ${bound} of ${expected} for ${what}`);
          if (!(plainError <= bound + 1e-8 * (1 + Math.abs(expected))))
            expect.fail(`plain: ${plainError} > ${bound} of ${expected} for ${what}`);
        });
      });
    }
    // The others are out of range, or hang on the order of two equal numbers.
    expect(decided).toBeGreaterThan(120_000);
  });
});

import type { ModelFile } from '../contract/model.ts';
import { modelEquations } from '../model/equations.ts';
import { listModels, loadModel } from '../model/neuron-model.ts';
import { command, commandGroup, jsonOption, type CommonOptions } from './cli-command.ts';
import { say, sayJson } from './cli-output.ts';
import { figure, plainTable, priorText } from './cli-tables.ts';

export const modelsCommand = () => {
  const list = command('list', 'the built-in models')
    .addOption(jsonOption())
    .action(async (options: CommonOptions) => {
      const models = await listModels();
      if (options.json) {
        sayJson(models);
        return;
      }
      const table = plainTable(['model', 'parameters', 'title'], ['left', 'right', 'left']);
      for (const model of models) table.push([model.name, model.parameters.length, model.title]);
      say(table.toString());
    });
  const show = command('show', "a model's equations, their source, and its default priors")
    .argument('<name>', 'a built-in model or a model file')
    .addOption(jsonOption())
    .action(async (name: string, options: CommonOptions) => {
      const { file } = await loadModel(name);
      if (options.json) sayJson(file);
      else print(file);
    });
  return commandGroup('models', 'the neuron models', [list, show]);
};

function print(model: ModelFile): void {
  say(`${model.name}: ${model.title}\n${model.description}`);
  for (const { title, lines } of modelEquations(model)) {
    say(`\n${title}`);
    for (const { text } of lines) say(`  ${text}`);
  }
  const table = plainTable(
    ['parameter', 'unit', 'default prior', 'reference'],
    ['left', 'left', 'left', 'right'],
  );
  for (const p of model.parameters) {
    table.push([p.name, p.unit, priorText(p.prior), p.reference === undefined ? '' : figure(p.reference)]);
  }
  say(`\n${table.toString()}\n\nSources:`);
  for (const citation of model.citations) say(`  ${citation}`);
}

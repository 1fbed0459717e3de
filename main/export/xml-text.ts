/** XML, an element a line, indented by two spaces; text elements keep theirs. */
export function indentedXml(text: string): string {
  let depth = 0;
  const lines = text
    .split(/(?<=>)\s*(?=<)/)
    .map((line) => line.trim())
    .map((line) => {
      const closes = line.startsWith('</');
      if (closes) depth--;
      const shown = `${'  '.repeat(depth)}${line}`;
      if (/^<\w/.test(line) && !line.endsWith('/>') && !line.includes('</')) depth++;
      return shown;
    });
  return `${lines.join('\n')}\n`;
}

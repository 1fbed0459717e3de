/** The report's own style: read on a screen, printed on A4 and Letter, which the printer's settings choose. */
export const reportStyle = `
@page { margin: 16mm 18mm 18mm; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 32px 24px 64px; max-width: 880px; color: #111111; background: #ffffff;
  font: 13px/20px Helvetica, Arial, "Liberation Sans", sans-serif; }
h1 { margin: 0 0 4px; font-size: 20px; line-height: 28px; }
h2 { margin: 32px 0 8px; padding-top: 8px; border-top: 1px solid #d4d4d4; font-size: 15px; line-height: 24px; break-after: avoid; }
p { margin: 0 0 8px; max-width: 720px; }
.quiet { color: #565656; }
.verdict { margin: 16px 0; padding: 8px 16px; border-left: 4px solid #0072b2; break-inside: avoid; }
.verdict.look-closer { border-color: #e69f00; }
.verdict.do-not-trust { border-color: #b33c00; }
.verdict strong { font-size: 15px; }
ul, ol { margin: 4px 0 8px; padding-left: 20px; }
dl { display: grid; grid-template-columns: 176px minmax(0, 1fr); gap: 0 16px; margin: 0 0 8px; }
dt { color: #565656; }
dd { margin: 0; overflow-wrap: anywhere; }
table { width: 100%; margin: 8px 0 16px; border-collapse: collapse; font-size: 12px; line-height: 18px; }
caption { padding: 4px 0; text-align: left; color: #565656; break-after: avoid; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th { font-weight: 600; text-align: left; vertical-align: bottom; border-bottom: 1px solid #8c8c8c; }
td { vertical-align: top; border-bottom: 1px solid #ebebeb; }
th, td { padding: 2px 12px 2px 0; }
th:last-child, td:last-child { padding-right: 0; }
sub { font-size: 0.75em; line-height: 0; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
figure { margin: 8px 0 16px; break-inside: avoid; }
figure svg { display: block; max-width: 100%; max-height: 230mm; height: auto; }
figcaption { padding-top: 4px; color: #565656; max-width: 720px; }
pre { margin: 8px 0; font: 11px/15px "DejaVu Sans Mono", "Liberation Mono", Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
@media print { figure svg { max-height: 150mm; width: auto; } body { max-width: none; padding: 0; font-size: 9.5pt; line-height: 13.5pt; } p, figcaption { max-width: none; } table { font-size: 8.5pt; line-height: 12pt; } pre { font-size: 7pt; line-height: 9pt; } }
`;

/** The look of the report page. */

/** CSS. */
export const reportStyle = `
:root { color-scheme: light; --line: #e2e8f0; --quiet: #64748b; }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.5 system-ui, "Segoe UI", Helvetica, Arial, sans-serif; color: #0f172a; background: #fff; }
header { padding: 28px 32px 20px; background: #0f172a; color: #f8fafc; }
header h1 { margin: 0 0 6px; font-size: 26px; }
header p { margin: 2px 0; color: #cbd5e1; }
main { max-width: 1180px; margin: 0 auto; padding: 8px 32px 64px; }
section { margin-top: 36px; }
h2 { font-size: 19px; margin: 0 0 10px; padding-bottom: 6px; border-bottom: 2px solid var(--line); }
h3 { font-size: 15px; margin: 18px 0 6px; }
.note { color: var(--quiet); margin: 6px 0 12px; max-width: 860px; }
table { border-collapse: collapse; }
th { text-align: left; font-weight: 500; }
td, th { padding: 5px 18px 5px 0; border-bottom: 1px solid var(--line); }
thead th { color: var(--quiet); font-size: 13px; }
td.number { font-variant-numeric: tabular-nums; }
td.good { color: #15803d; font-weight: 600; }
td.bad { color: #b45309; font-weight: 600; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(440px, 1fr)); gap: 22px; }
figure { margin: 0; }
.charts figcaption, .graph figcaption { font-weight: 600; margin-bottom: 4px; }
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(190px, 1fr)); gap: 14px; }
.pictures figure { border: 1px solid var(--line); border-left: 4px solid #16a34a; border-radius: 6px; padding: 10px; }
.pictures figure.wrong { border-left-color: #d97706; }
.pictures img { display: block; image-rendering: pixelated; border-radius: 4px; }
.pictures figcaption { margin-top: 8px; font-size: 13.5px; line-height: 1.35; }
.truth { display: block; margin-top: 4px; color: var(--quiet); }
.graph { overflow-x: auto; border: 1px solid var(--line); border-radius: 6px; padding: 12px; margin: 12px 0; }
.graph svg { max-width: 100%; height: auto; }
.legend span { display: inline-block; padding: 2px 10px; border-radius: 10px; margin-right: 6px; font-size: 13px; }
.legend .frozen { background: #dbeafe; } .legend .trainable { background: #fed7aa; }
.legend .objective { background: #dcfce7; } .legend .stage { background: #ede9fe; }
pre { overflow-x: auto; background: #f8fafc; border: 1px solid var(--line); border-radius: 6px; padding: 14px; font: 12.5px/1.45 ui-monospace, Menlo, Consolas, monospace; }
table.facts th { color: var(--quiet); }
`;

/** What every page of a grade looks like: light, dark and on paper. Status is told by words and signs, never by colour alone. */
export const style = `
:root {
  --paper: #fff; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --shade: #f6f8fa;
  --good: #116329; --bad: #b3202a; --held: #7a4d00; --link: #0550ae; --bar: #0550ae;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14181d; --ink: #e6e9ed; --soft: #a3adb8; --line: #3a434d; --shade: #1d232a;
    --good: #6bd585; --bad: #ff8b85; --held: #f0bb5b; --link: #82b8ff; --bar: #6aa5f5;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.25rem 0 .75rem; }
h3 { font-size: 1rem; margin: 0; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
p, li, dd, td, h1, h3 { overflow-wrap: anywhere; }
code, pre { font: .875rem/1.5 ui-monospace, monospace; }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; background: var(--shade); padding: .5rem .75rem; border-radius: .25rem; }
.soft { color: var(--soft); }
.score { font-size: 1.25rem; margin: 1rem 0 0; padding: .75rem 1rem; border: 1px solid var(--line); border-left: .4rem solid var(--soft); border-radius: .25rem; }
.score strong { font-size: 1.6rem; }
.score.good { border-left-color: var(--good); } .score.bad { border-left-color: var(--bad); } .score.held { border-left-color: var(--held); }
.good .sign { color: var(--good); } .bad .sign { color: var(--bad); } .held .sign { color: var(--held); }
.sign { font-weight: 700; white-space: nowrap; }
.check { border: 1px solid var(--line); border-radius: .25rem; padding: .75rem 1rem; margin: .75rem 0; break-inside: avoid; }
.check p, .check ul { margin: .25rem 0 0; }
.check header { display: flex; gap: .25rem 1rem; flex-wrap: wrap; align-items: baseline; }
.check header h3 { flex: 1 1 18rem; }
dl { margin: .5rem 0 0; display: grid; grid-template-columns: 7.5rem minmax(0, 1fr); gap: .25rem 1rem; }
dt { color: var(--soft); } dd { margin: 0; }
details { margin-top: .5rem; } summary { cursor: pointer; color: var(--soft); }
details pre { margin-top: .5rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: var(--soft); padding-bottom: .5rem; }
th, td { text-align: left; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; } .number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td.sign, td.fixed { white-space: nowrap; }
svg { width: 100%; height: auto; max-width: 44rem; display: block; }
svg .bar { fill: var(--bar); } svg .axis { stroke: var(--line); } svg .mark { stroke: var(--bad); stroke-dasharray: 4 3; }
svg text { fill: var(--ink); font: 13px system-ui, sans-serif; } svg text.soft { fill: var(--soft); }
.figures { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: 1rem 0 0; padding: 0; list-style: none; }
.figures strong { display: block; font-size: 1.5rem; line-height: 1.2; }
@media (max-width: 34rem) { dl { grid-template-columns: minmax(0, 1fr); } dd { margin-bottom: .25rem; } }
@media print {
  :root { --paper: #fff; --ink: #000; --soft: #444; --line: #999; --shade: #fff; --good: #000; --bad: #000; --held: #000; --link: #000; --bar: #555; }
  main { max-width: none; padding: 0; } body { font-size: 11pt; } pre { border: 1px solid var(--line); }
  tr { break-inside: avoid; } h2 { break-after: avoid; }
}
`;

/* html_style.c - how a page looks: light and dark, on a phone, on paper. Colours mean what they mean in the timeline, and each has a
 * pattern, too, for eyes and printers that see no colours. */
#include "report/html.h"

static const char SCREEN[] =
    ":root{--ground:#fff;--ink:#1b1f24;--faint:#57606a;--line:#d0d7de;--panel:#f6f8fa;--run:#1f6feb;--io:#d9a400;"
    "--lock:#cf222e;--ready:#bf5a00;--barrier:#8250df;--idle:#afb8c1;--good:#1a7f37}\n"
    "@media(prefers-color-scheme:dark){:root{--ground:#0d1117;--ink:#e6edf3;--faint:#9aa4ae;--line:#30363d;--panel:#161b22;"
    "--run:#58a6ff;--io:#e3b341;--lock:#ff7b72;--ready:#f0883e;--barrier:#bc8cff;--idle:#6e7681;--good:#56d364}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0 auto;max-width:66rem;padding:1rem;background:var(--ground);color:var(--ink);"
    "font:16px/1.45 system-ui,sans-serif;overflow-wrap:break-word}\n"
    "h1{font-size:1.6rem;line-height:1.2;margin:.2em 0}h2{font-size:1.15rem;margin:1.4em 0 .4em}p{margin:.4em 0}\n"
    ".lead{font-size:1.15rem}.faint,footer{color:var(--faint);font-size:.9rem}.problem{color:var(--lock);font-weight:600}\n"
    ".patterns{position:absolute;width:0;height:0}\n"
    "svg{display:block;width:100%;height:auto}svg text{fill:var(--ink);font:11px system-ui,sans-serif}\n"
    "svg .axis{stroke:var(--line);stroke-width:1}svg "
    ".letter{font-size:10px;font-weight:700;stroke:var(--ground);stroke-width:3;paint-order:stroke;"
    "text-anchor:middle}svg .number{text-anchor:end}svg .middle{text-anchor:middle}svg "
    "text.faint{fill:var(--faint);font-size:11px}\n"
    ".fit{fill:none;stroke:var(--run);stroke-width:2;stroke-dasharray:5 3}.spread{stroke:var(--ink);stroke-width:1.5}"
    ".point{fill:var(--run);stroke:var(--ground);stroke-width:1}.mark{fill:var(--ink)}\n"
    ".run{fill:var(--run)}.recv{fill:var(--io)}.start{fill:var(--run);fill-opacity:.45}.io{fill:url(#p-io)}.lock{fill:url(#"
    "p-lock)}.ready{fill:url(#p-ready)}"
    ".barrier{fill:url(#p-barrier)}.idle{fill:url(#p-idle)}.death{fill:var(--lock)}\n"
    ".c-io{stroke:var(--io);fill:var(--io)}.c-lock{stroke:var(--lock);fill:var(--lock)}.c-ready{stroke:var(--ready);"
    "fill:var(--ready)}.c-barrier{stroke:var(--barrier);fill:var(--barrier)}.c-idle{stroke:var(--idle);fill:var(--idle)}"
    ".c-run{stroke:var(--run);fill:var(--run)}.soft{fill-opacity:.35;stroke:none}\n"
    ".legend{display:flex;flex-wrap:wrap;gap:.2rem 1rem;list-style:none;margin:.5em 0;padding:0;font-size:.9rem}"
    ".swatch{display:inline-block;width:1.6em;height:.9em;vertical-align:-.1em;margin-right:.35em}"
    ".legend svg{display:inline-block;width:1.6em;height:.9em;vertical-align:-.1em;margin-right:.35em}\n"
    ".facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.5rem;margin:.5em 0}"
    ".facts div{background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:.4rem .6rem}"
    ".facts dt{color:var(--faint);font-size:.85rem}.facts dd{margin:0;font-weight:600}\n"
    "table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:.92rem}"
    "caption{text-align:left;color:var(--faint);font-size:.9rem;padding-bottom:.3em}"
    "th,td{padding:.3rem .5rem;border-bottom:1px solid var(--line);text-align:right;vertical-align:middle}"
    "th:first-child,td:first-child,.text{text-align:left}th,td{white-space:nowrap}td.text{white-space:normal;overflow-wrap:"
    "anywhere}td.bar{width:22%;min-width:7rem}td.bar svg{height:1.1em}"
    ".won{color:var(--good);font-weight:700}tbody th{font-weight:600}\n";

/* A phone has no room for a table: a row becomes a card, and each cell says what it is. */
static const char PHONE[] =
    "@media screen and (max-width:44rem){body{padding:.7rem;font-size:15px}svg text,svg text.faint{font-size:17px}svg "
    ".letter{display:none}"
    "thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}"
    "table,tbody,caption{display:block}tr{display:block;border:1px solid var(--line);border-radius:6px;margin:.5rem 0;"
    "padding:.3rem .5rem;background:var(--panel)}tbody th,td{display:flex;justify-content:space-between;gap:1rem;border:0;"
    "padding:.1rem 0;text-align:right}td::before{content:attr(data-label);color:var(--faint);text-align:left;flex:none}"
    "td:empty,td.bar::before{display:none}td.bar{width:100%}td.text{white-space:normal}tbody th{font-size:1.05rem}}\n";

/* A comparison fits one sheet. */
static const char PAPER[] =
    "@page{size:A4;margin:11mm}\n"
    "@media print{:root{--ground:#fff;--ink:#000;--faint:#444;--line:#bbb;--panel:#fff;--run:#1f6feb;--io:#b58900;"
    "--lock:#cf222e;--ready:#bf5a00;--barrier:#8250df;--idle:#999;--good:#1a7f37}"
    "body{max-width:none;padding:0;font-size:8.5pt;line-height:1.3;print-color-adjust:exact;"
    "-webkit-print-color-adjust:exact}h1{font-size:14pt;margin:0}h2{font-size:10pt;margin:.6em 0 .2em}.lead{font-size:10pt}"
    "p{margin:.2em 0}th,td{padding:.12rem .3rem}.facts{grid-template-columns:repeat(4,1fr);gap:.2rem}"
    ".facts div{padding:.1rem .3rem}.curve{width:60%}section,tr,svg{break-inside:avoid}.long{break-inside:auto}}\n";

void html_style(FILE *out)
{
    fputs(SCREEN, out);
    fputs(PHONE, out);
    fputs(PAPER, out);
}

void html_patterns(FILE *out)
{
    fputs("<svg class=\"patterns\" aria-hidden=\"true\" focusable=\"false\"><defs>"
          "<pattern id=\"p-io\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
          "<rect width=\"6\" height=\"6\" class=\"c-io soft\"/><rect width=\"3\" height=\"6\" class=\"c-io\" "
          "stroke-width=\"0\"/></pattern>"
          "<pattern id=\"p-lock\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
          "<rect width=\"6\" height=\"6\" class=\"c-lock soft\"/><path d=\"M0 0L6 6M6 0L0 6\" class=\"c-lock\" "
          "stroke-width=\"1.4\"/></pattern>"
          "<pattern id=\"p-ready\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
          "<rect width=\"6\" height=\"6\" class=\"c-ready soft\"/><path d=\"M0 1.5H6M0 4.5H6\" class=\"c-ready\" "
          "stroke-width=\"1.4\"/></pattern>"
          "<pattern id=\"p-barrier\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
          "<rect width=\"6\" height=\"6\" class=\"c-barrier soft\"/><circle cx=\"3\" cy=\"3\" r=\"1.6\" class=\"c-barrier\" "
          "stroke-width=\"0\"/></pattern>"
          "<pattern id=\"p-idle\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
          "<rect width=\"6\" height=\"6\" class=\"c-idle soft\"/></pattern>"
          "<pattern id=\"p-spread\" width=\"4\" height=\"4\" patternUnits=\"userSpaceOnUse\">"
          "<rect width=\"4\" height=\"4\" class=\"c-run soft\"/><rect width=\"2\" height=\"4\" class=\"c-run\" "
          "stroke-width=\"0\"/></pattern>"
          "</defs></svg>\n",
          out);
}

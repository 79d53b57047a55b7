// What Markdown and MDX make of text of strangers, read by micromark with GFM and MDX.
//
//     node tests/injection/markdown.mjs FOLDER    the pages that `run.py --markdown FOLDER` kept
//
// Of a page only what iamsure generated is looked at: the rest is its author's. In that no expression, element, link,
// image or import begins, in a page no list or heading either, and every row has as many cells as its heading. Exit code 1
// if one does.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, postprocess, preprocess } from "micromark";
import { gfm } from "micromark-extension-gfm";
import { mdxjs } from "micromark-extension-mdxjs";

// What runs, loads, leads elsewhere or is drawn: of texts of strangers nothing may be.
const LIVE = new Set([
  "mdxFlowExpression", "mdxTextExpression", "mdxjsEsm", "mdxJsxFlowTag", "mdxJsxTextTag", "htmlFlow", "htmlText",
  "link", "image", "autolink", "definition", "footnoteCall", "gfmFootnoteCall",
]);
// What a generated table and the words around it have none of: where one begins, a text of strangers began it.
const STRUCTURE = new Set([
  "setextHeading", "atxHeading", "thematicBreak", "blockQuote", "codeFenced", "codeIndented", "listOrdered", "listUnordered",
]);
// Elements that iamsure writes.
const OURS = /^(<\/?code>|<\/?(details|summary)>|<details><summary>[A-Za-z ]+<\/summary>|<br\/>|<\/?(table|caption|thead|tbody|tr|th|td)( scope="(row|col)")?>|<!-- iamsure:[^<>]*-->|\{\/\* iamsure:[^{}]*\*\/\})$/;

/** What is live or out of its cell. */
function faults(text, isMdx, isGenerated) {
  const extensions = isMdx ? [gfm(), mdxjs()] : [gfm()];
  const events = postprocess(parse({ extensions }).document().write(preprocess()(text, "utf8", true)));
  const found = [];
  let heading = 0;
  let cells = 0;
  let isHeading = false;
  for (const [kind, token] of events) {
    const written = text.slice(token.start.offset, token.end.offset);
    if (kind === "enter") {
      if (LIVE.has(token.type) && !OURS.test(written.trim())) found.push(`${token.type}: ${written}`);
      if (isGenerated && STRUCTURE.has(token.type)) found.push(`${token.type}: ${written}`);
      if (token.type === "tableHead") isHeading = true;
      if (token.type === "tableRow") cells = 0;
      if (token.type === "tableData" || token.type === "tableHeader") cells += 1;
    } else if (token.type === "tableRow") {
      if (isHeading) [heading, isHeading] = [cells, false];
      else if (cells !== heading) found.push(`a row of ${cells} cells, and the heading has ${heading}: ${written}`);
    }
  }
  return found;
}

/** The stretches of a page that iamsure wrote. */
function generated(text) {
  const begin = /(?:<!--|\{\/\*) iamsure:begin[\s\S]*?(?:-->|\*\/\})\n/g;
  const parts = [];
  for (const match of text.matchAll(begin)) {
    const from = match.index + match[0].length;
    const to = text.slice(from).search(/(?:<!--|\{\/\*) iamsure:end/);
    if (to > 0) parts.push(text.slice(from, from + to));
  }
  return parts;
}

const folder = process.argv[2];
let wrong = 0;
let read = 0;
for (const name of readdirSync(folder).sort()) {
  const text = readFileSync(join(folder, name), "utf8");
  const isPage = name.includes(".page.");
  const parts = isPage ? generated(text) : [text];
  for (const part of parts) {
    // What is inert as MDX must be as Markdown too, and may be pasted into either.
    for (const isMdx of [false, true]) {
      read += 1;
      let found;
      try {
        found = faults(part, isMdx, isPage);
      } catch (error) {
        found = [`not ${isMdx ? "MDX" : "Markdown"}: ${error.message}`];
      }
      wrong += found.length;
      for (const fault of found.slice(0, 2)) console.log(`${name} as ${isMdx ? "MDX" : "Markdown"}: ${fault}`);
    }
  }
}
console.log(`${read} texts read, ${wrong} live`);
process.exit(wrong > 0 || read === 0 ? 1 : 0);

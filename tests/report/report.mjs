// What pages of `iamsure report` are in a browser: see run.py, which says which pages.
//
// Writes what the script on each page says of every combination of classes. Exit code 1 if a page runs what it must not,
// asks the network for something, breaks a rule of axe-core, or is slow.

import { readFileSync, writeFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const task = JSON.parse(readFileSync(process.argv[2], "utf8"));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SLOW = 100;
let faults = 0;

const fault = (text) => {
  faults += 1;
  console.log(`FAULT ${text}`);
};

const browser = await chromium.launch({
  executablePath: task.chromium,
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

/** A page that is open, and everything that it did which it must not. */
const open = async (path, options = {}) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.on("request", (request) => {
    if (request.url() !== pathToFileURL(path).href) fault(`${path} asks for ${request.url()}`);
  });
  page.on("pageerror", (error) => fault(`${path}: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") fault(`${path}: ${message.text()}`);
  });
  page.on("dialog", (dialog) => {
    fault(`${path} opens a dialog`);
    dialog.dismiss();
  });
  await page.goto(pathToFileURL(path).href);
  return page;
};

/** What the script says of every combination of classes of every cell. */
const walk = (page) => page.evaluate(() => {
  const { data, read, command } = globalThis.iamsure;
  const readings = [];
  let combinations = 0;
  for (const cell of data.cells) {
    const arities = data.models[cell.model].subjects.map((subject) => subject.classes.length);
    const classes = arities.map(() => 0);
    for (;;) {
      combinations += 1;
      const found = read(cell, classes);
      if (found) {
        readings.push({
          caller: cell.caller, actions: cell.actions, classes: [...classes], command: command(cell, classes), ...found,
        });
      }
      let at = arities.length - 1;
      while (at >= 0 && classes[at] + 1 === arities[at]) classes[at--] = 0;
      if (at < 0) break;
      classes[at] += 1;
    }
  }
  return { combinations, readings };
});

/** Rules of accessibility that a page breaks. */
const check = async (page, name) => {
  // The page runs no script but its own: axe is run from outside.
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  for (const violation of found.violations) {
    fault(`axe ${name}: ${violation.id}: ${violation.help}: ${violation.nodes.slice(0, 2).map((node) => node.html).join(" ")}`);
  }
};

/** How long it takes until what was chosen is on the screen, in milliseconds. */
const turned = (page) => page.evaluate(async () => {
  const selects = [...document.querySelectorAll("#choices select")];
  const select = selects.find((one) => one.options.length > 1);
  if (!select) return 0;
  const times = [];
  for (let turn = 0; turn < 5; turn += 1) {
    const own = document.getElementById(select.id);
    own.selectedIndex = (own.selectedIndex + 1) % own.options.length;
    const start = performance.now();
    own.dispatchEvent(new Event("change"));
    document.body.getBoundingClientRect();
    times.push(performance.now() - start);
  }
  return times.sort((one, other) => one - other)[2];
});

// Each page of the corpus: what its script says, and in both schemes whether everybody can use it.
const readings = {};
for (const { page: path, name } of task.pages) {
  const page = await open(path);
  readings[name] = await walk(page);
  // What is on the screen is what the script says: after each choice of an action.
  const seen = await page.evaluate(() => {
    const { data, read } = globalThis.iamsure;
    const wrong = [];
    const WORDS = { "explicitly denied": "DENY", "implicitly denied": "deny", "allowed": "allow", "exempt": "exempt" };
    for (let actions = 0; actions < data.actions.length; actions += 1) {
      const select = document.getElementById("turn-action");
      select.value = String(actions);
      select.dispatchEvent(new Event("change"));
      const caller = Number(document.getElementById("turn-caller")?.value ?? 0);
      const cell = data.cells.find((one) => one.caller === caller && one.actions === actions);
      const classes = data.models[cell.model].subjects.map((_, number) => Number(document.getElementById(`turn-${number}`).value));
      const found = read(cell, classes);
      const wanted = !found ? "none" : found.outcomes.length === 1 ? WORDS[found.outcomes[0]] : "depends";
      if (document.getElementById("decision").textContent !== wanted) wrong.push([actions, wanted]);
      const marked = [...document.querySelectorAll(".statement.decides")].map((one) => one.id).sort();
      const own = (found ? found.statements : []).filter((number) => number > 0).map((number) => `s${number}`).sort();
      if (JSON.stringify(marked) !== JSON.stringify(own)) wrong.push([actions, marked, own]);
    }
    return wrong;
  });
  if (seen.length > 0) fault(`${name}: the screen says something else than the script: ${JSON.stringify(seen)}`);
  await check(page, name);
  await page.context().close();
}
for (const colorScheme of ["light", "dark"]) {
  for (const width of [1280, 390]) {
    const page = await open(task.pages[0].page, { colorScheme, viewport: { width, height: 900 } });
    await check(page, `${colorScheme} ${width}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) fault(`${width} pixels wide: the page can be scrolled sideways by ${wide}`);
    await page.context().close();
  }
}

// By keyboard alone: every choice can be reached, and turned.
{
  const page = await open(task.pages[0].page);
  const before = await page.textContent("#command");
  let reached = false;
  for (let press = 0; press < 40 && !reached; press += 1) {
    await page.keyboard.press("Tab");
    reached = await page.evaluate(() => document.activeElement?.id === "turn-action");
  }
  await page.keyboard.press("ArrowDown");
  const after = await page.textContent("#command");
  if (!reached || before === after) fault("the action cannot be chosen by keyboard");
  await page.context().close();
}

// Without scripts everything but the choosing is there.
{
  const page = await open(task.pages[0].page, { javaScriptEnabled: false });
  const text = await page.locator("body").innerText();
  for (const word of ["Truth table", "Every request", "SHA-256", "Choosing needs a script"]) {
    if (!text.includes(word)) fault(`without scripts "${word}" is missing`);
  }
  await page.context().close();
}

// Pages of accounts, plans and suites: everybody can use them, and no script is on them.
for (const { page: path, name } of task.others) {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [1280, 390]) {
      const page = await open(path, { colorScheme, viewport: { width, height: 900 } });
      await check(page, `${name} ${colorScheme} ${width}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (wide > 0) fault(`${name}, ${width} pixels wide: the page can be scrolled sideways by ${wide}`);
      await page.context().close();
    }
  }
}

/** Nothing of hostile texts is markup on an open page that has so many scripts. */
const isInert = async (page, name, scripts) => {
  await page.waitForTimeout(300);
  const found = await page.evaluate(() => ({
    ran: "PWNED" in globalThis,
    scripts: document.querySelectorAll("script").length,
    images: document.querySelectorAll("img, svg:not(.graph), iframe, object").length,
    handlers: [...document.querySelectorAll("*")].filter((one) => [...one.attributes].some((own) => own.name.startsWith("on"))).length,
    links: [...document.querySelectorAll("a")].filter((one) => !one.getAttribute("href").startsWith("#")).length,
    hidden: /[\u202a-\u202e\u2066-\u2069\u2028\u0000]/.test(document.documentElement.textContent),
  }));
  if (found.ran) fault(`${name}: a hostile text ran`);
  if (found.scripts !== scripts || found.images + found.handlers + found.links > 0) fault(`${name}: hostile texts are markup: ${JSON.stringify(found)}`);
  if (found.hidden) fault(`${name}: a hostile text is on the page unseen`);
};

for (const path of task.hostiles) {
  const page = await open(path);
  await isInert(page, path, 0);
  if (!(await page.locator("body").innerText()).includes("PWNED")) fault(`${path}: the hostile texts are not on it`);
  await check(page, path);
  await page.context().close();
}

// Hostile texts: nothing of them runs, and nothing else can.
{
  const page = await open(task.hostile);
  await isInert(page, "hostile", 2);
  // Each choice puts its words on the screen: they are no markup there either.
  const walked = await page.evaluate(() => {
    // Another action brings other fields.
    const ids = () => [...document.querySelectorAll("#choices select")].map((select) => select.id);
    for (const id of ids()) {
      for (let number = 0; number < document.getElementById(id)?.options.length; number += 1) {
        const own = document.getElementById(id);
        own.selectedIndex = number;
        own.dispatchEvent(new Event("change"));
      }
    }
    return { ran: "PWNED" in globalThis, images: document.querySelectorAll("img, svg").length };
  });
  if (walked.ran || walked.images > 0) fault("a hostile text ran when it was chosen");
  await check(page, "hostile");
  await page.context().close();
  // The policy of the page itself: what somebody added to it does not run.
  const text = readFileSync(task.hostile, "utf8");
  const broken = join(task.hostile, "..", "added.html");
  writeFileSync(broken, text.replace("</body>", "<script>window.PWNED=1</script><img src=x onerror=window.PWNED=1></body>"));
  const context = await browser.newContext();
  const added = await context.newPage();
  await added.goto(pathToFileURL(broken).href);
  await added.waitForTimeout(300);
  if (await added.evaluate(() => "PWNED" in globalThis)) fault("the page's own policy let a strange script run");
  await context.close();
}

// A large page stays usable.
{
  const start = performance.now();
  const page = await open(task.large);
  const opened = performance.now() - start;
  const rows = await page.evaluate(() => document.querySelectorAll("#table tbody tr").length);
  const turn = await turned(page);
  const size = readFileSync(task.large).length;
  console.log(`${rows} rows: ${size} bytes, open in ${opened.toFixed(0)} ms, a key turned in ${turn.toFixed(1)} ms`);
  if (rows < task.rows) fault(`the large table has ${rows} rows only`);
  if (turn > SLOW) fault(`a key is turned in ${turn} ms`);
  await page.context().close();
}

// A small one opens at once.
{
  const page = await open(task.pages[0].page);
  const timing = await page.evaluate(() => performance.getEntriesByType("navigation")[0].loadEventStart);
  const turn = await turned(page);
  console.log(`${task.pages[0].name}: open in ${timing.toFixed(0)} ms, a key turned in ${turn.toFixed(1)} ms`);
  if (turn > SLOW) fault(`a key is turned in ${turn} ms`);
  await page.context().close();
}

if (task.pictures) {
  mkdirSync(task.pictures, { recursive: true });
  const others = task.others.map(({ page }, number) => [`other-${number}`, page]);
  for (const [name, path] of [["small", task.pages[0].page], ["many", task.pages[16].page], ["hostile", task.hostile], ...others]) {
    for (const colorScheme of ["light", "dark"]) {
      for (const width of [1280, 390]) {
        const page = await open(path, { colorScheme, viewport: { width, height: 900 } });
        await page.screenshot({ path: join(task.pictures, `${name}-${colorScheme}-${width}.png`), fullPage: true });
        await page.context().close();
      }
    }
    const page = await open(path);
    await page.pdf({ path: join(task.pictures, `${name}.pdf`), format: "A4" });
    await page.emulateMedia({ media: "print" });
    await page.setViewportSize({ width: 720, height: 1000 });
    await page.screenshot({ path: join(task.pictures, `${name}-print.png`), fullPage: true });
    await page.context().close();
  }
}

writeFileSync(task.out, JSON.stringify(readings));
await browser.close();
console.log(faults === 0 ? "no faults in the browser" : `${faults} faults in the browser`);
process.exit(faults === 0 ? 0 : 1);

"use strict";
// Walks the decision diagram that is in this page. It loads nothing and sends nothing.
//
// A model is a list of nodes. A number below 64 is a leaf; any other is the node with the number minus 64. A node is
// [subject, where its classes lead, { class: where this class leads instead }]. `possible` leads to 1 where there are such requests,
// `decisions` lead to a set of outcomes, one bit for each of `outcomes`.
(() => {
  const data = JSON.parse(document.getElementById("chart").textContent);
  const LEAVES = 64;

  const child = ([, most, others], own) => others[own] ?? most;

  const value = (model, root, classes) => {
    let at = root;
    while (at >= LEAVES) {
      const node = model.nodes[at - LEAVES];
      at = child(node, classes[node[0]]);
    }
    return at;
  };

  const outcomesOf = (bits) => data.outcomes.filter((_, place) => bits & (1 << place));

  // Which statements make a decision: of the layer that answers, or of both accounts where none does alone.
  const deciding = (model, cell, outcome, classes) => {
    if (outcome !== "allowed" && outcome !== "explicitly denied") return [];
    const applies = 1 << data.outcomes.indexOf("applies");
    const by = model.layers.find(([, root]) => value(model, root, classes) === applies);
    const counts = (layer) => {
      if (by) return layer === by[0];
      if (model.layers.length === 0) return true;
      return !data.callers[cell.caller].root && ["identity", "resource", "trust"].includes(layer);
    };
    return model.statements
      .filter(([, allows, layer, root]) =>
        allows === (outcome === "allowed") && counts(layer) && value(model, root, classes) === 1)
      .map(([number]) => number);
  };

  // What is decided for a class of each subject; null if there are no such requests.
  const read = (cell, classes) => {
    const model = data.models[cell.model];
    if (value(model, model.possible, classes) !== 1) return null;
    const ways = model.decisions.map((root) => outcomesOf(value(model, root, classes)));
    const all = [...new Set(ways.flat())];
    const layer = model.layers.find(([, root]) =>
      value(model, root, classes) === 1 << data.outcomes.indexOf("applies"));
    return {
      outcomes: all,
      layer: layer ? layer[0] : null,
      statements: all.length === 1 ? deciding(model, cell, all[0], classes) : [],
    };
  };

  // A command that decides a request of these classes again; null if no request is known.
  const command = (cell, classes) => {
    const model = data.models[cell.model];
    const place = model.tied.reduce(
      (before, subject) => before * model.subjects[subject].classes.length + classes[subject], 0);
    const request = cell.requests[place];
    if (!request) return null;
    let text = data.command + request.map((number) => data.texts[number]).join("");
    for (const [number, subject] of model.subjects.entries()) {
      if (!subject.options) continue;
      const option = subject.options[classes[number]];
      if (option === null) return null;
      text += data.texts[option];
    }
    return text + data.switches.join("");
  };

  const byId = (id) => document.getElementById(id);
  const cellOf = (caller, actions) =>
    data.cells.find((cell) => cell.caller === caller && cell.actions === actions);

  // Not everybody can make every call: where the two that are chosen do not go together, the other follows.
  const settle = (isChosen) => {
    const cell = cellOf(chosen.caller, chosen.actions) ?? data.cells.find(isChosen);
    if (cell) [chosen.caller, chosen.actions] = [cell.caller, cell.actions];
  };

  // Classes to begin with: the first combination that requests have.
  const start = (model, keep) => {
    const classes = model.subjects.map((subject) => {
      const kept = subject.classes.indexOf(keep.get(subject.name));
      if (kept >= 0) return kept;
      const known = subject.options ? subject.options.findIndex((option) => option !== null) : 0;
      return Math.max(known, 0);
    });
    if (value(model, model.possible, classes) === 1) return classes;
    // Walk the diagram of what is possible. All that is not the leaf "no" leads to "yes".
    let at = model.possible;
    while (at >= LEAVES) {
      const node = model.nodes[at - LEAVES];
      const [subject] = node;
      if (child(node, classes[subject]) === 0) {
        classes[subject] = model.subjects[subject].classes.findIndex((_, own) => child(node, own) !== 0);
      }
      at = child(node, classes[subject]);
    }
    return classes;
  };

  // To begin with: actions that some Allow is about.
  const first = data.cells.find((cell) => data.models[cell.model].statements.some(([, allows]) => allows)) ?? data.cells[0];
  const chosen = { caller: first?.caller ?? 0, actions: first?.actions ?? 0, classes: [] };
  const kept = new Map();

  const field = (id, name, options, selected, change) => {
    const label = document.createElement("label");
    const select = document.createElement("select");
    label.textContent = name;
    label.htmlFor = select.id = id;
    options.forEach((words, number) => {
      const option = document.createElement("option");
      option.value = String(number);
      option.textContent = words;
      option.selected = number === selected;
      select.append(option);
    });
    select.addEventListener("change", () => change(Number(select.value)));
    const box = document.createElement("div");
    box.append(label, select);
    return box;
  };

  const drawChoices = () => {
    const cell = cellOf(chosen.caller, chosen.actions);
    const model = data.models[cell.model];
    chosen.classes = start(model, kept);
    const fields = [];
    if (data.callers.length > 1) {
      const names = data.callers.map((caller) => caller.words);
      fields.push(field("turn-caller", "Principal", names, chosen.caller, (number) => {
        chosen.caller = number;
        settle((cell) => cell.caller === number);
        draw("turn-caller");
      }));
    }
    fields.push(field("turn-action", "Action", data.actions, chosen.actions, (number) => {
      chosen.actions = number;
      settle((cell) => cell.actions === number);
      draw("turn-action");
    }));
    model.subjects.forEach((subject, number) => {
      fields.push(field(`turn-${number}`, subject.name, subject.classes, chosen.classes[number], (own) => {
        chosen.classes[number] = own;
        kept.set(subject.name, subject.classes[own]);
        drawAnswer();
      }));
    });
    byId("choices").replaceChildren(...fields);
  };

  const TONES = { "allowed": "is-allowed", "exempt": "is-allowed", "explicitly denied": "is-denied" };
  const WORDS = { "explicitly denied": "DENY", "implicitly denied": "deny", "allowed": "allow" };

  const drawAnswer = () => {
    const cell = cellOf(chosen.caller, chosen.actions);
    const found = read(cell, chosen.classes);
    const decision = byId("decision");
    const only = found && found.outcomes.length === 1 ? found.outcomes[0] : null;
    decision.className = `badge ${only ? TONES[only] || "is-silent" : "is-open"}`;
    decision.textContent = !found ? "none" : only ? WORDS[only] || only : "depends";
    byId("why").textContent = !found ? "There is no such request: these choices exclude each other."
      : !only ? `${found.outcomes.join(" or ")}. ${data.missing.join(" ")}`
      : only === "implicitly denied" ? `implicitly denied: ${found.layer ? `no ${found.layer} policy allows it` : "nothing allows it"}`
      : only;
    for (const marked of document.querySelectorAll(".statement.decides")) marked.classList.remove("decides");
    const items = (found ? found.statements : []).map((number) => {
      const item = document.createElement("li");
      const statement = data.statements.find((known) => known.number === number);
      if (!statement) {
        item.textContent = "a policy that was not given";
        return item;
      }
      byId(`s${number}`)?.classList.add("decides");
      const link = document.createElement("a");
      link.href = `#s${number}`;
      link.textContent = `[${number}] ${statement.words}`;
      item.append(link);
      return item;
    });
    byId("deciding").replaceChildren(...items);
    const text = found ? command(cell, chosen.classes) : null;
    byId("command-box").hidden = text === null;
    byId("no-command").hidden = text !== null || !found;
    byId("command").textContent = text || "";
    byId("copied").textContent = "";
  };

  const draw = (focus) => {
    drawChoices();
    drawAnswer();
    if (focus) byId(focus)?.focus();
  };

  byId("copy").addEventListener("click", async () => {
    const command = byId("command");
    try {
      await navigator.clipboard.writeText(command.textContent);
      byId("copied").textContent = " copied";
    } catch {
      getSelection().selectAllChildren(command);
      byId("copied").textContent = " selected: copy it with your keyboard";
    }
  });
  byId("choices").addEventListener("submit", (event) => event.preventDefault());

  globalThis.iamsure = { data, read, command };
  if (data.cells.length > 0) {
    byId("turn").hidden = false;
    draw();
  }
})();

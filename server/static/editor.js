// Makes an editor of the plain field for a query: YASQE, the editor of YASGUI, with what it asks of other hosts taken
// out. It completes from this release's own classes, properties and prefixes (/terms.json), keeps nothing in the
// browser, and sends the form as it is sent without it, so that the answer is this site's own page.
const form = document.getElementById("query-form");
const field = document.getElementById("query");
const label = form.querySelector("label[for=query]");
const words = form.dataset;
const MOST = 100; // completions shown at once
const { Yasqe } = window;

let vocabulary = { prefixes: {}, classes: [], properties: [] };
let wanted = false; // the reader asked for completions with the keys, so that they come before a letter is typed

// ------------------------------------------------------------------ completing

const nameOf = (term) => term.name ?? `<${term.iri}>`;
const labelOf = (term) => term.label[document.documentElement.lang] ?? term.label.en ?? "";

/** Return whether a term is what was typed: the beginning of its name or IRI, or a part of its local name or labels. */
function fits(term, typed, namespaces) {
  const text = typed.toLowerCase();
  if (nameOf(term).toLowerCase().startsWith(text) || term.iri.toLowerCase().startsWith(text.replace(/^<|>$/g, ""))) return true;
  const [, prefix, local] = typed.match(/^([\w-]*):(.*)$/s) ?? [];
  if (prefix !== undefined) return prefix in namespaces && term.iri.startsWith(namespaces[prefix] + local);
  const own = nameOf(term).split(":").at(-1);
  return [own, ...Object.values(term.label)].some((name) => name.toLowerCase().includes(text));
}

/** Return what of `terms` fits the token at the cursor, the most used first; nothing where it is written out already. */
function completions(editor, terms, token) {
  const typed = token.string.trim();
  const declared = editor.getPrefixesFromQuery();
  const found = terms.filter((term) => fits(term, typed, { ...vocabulary.prefixes, ...declared }));
  const whole = found.length === 1 && (nameOf(found[0]) === typed || `<${found[0].iri}>` === typed);
  return whole ? [] : found.slice(0, MOST).map((term) => term.iri);
}

/** Return a completer of the terms that `list` gives, where `valid` holds at the cursor. */
function completer(name, list, valid) {
  const term = (iri) => list().find((one) => one.iri === iri);
  return {
    name,
    bulk: false,
    autoShow: true,
    isValidCompletionPosition(editor) {
      const token = editor.getCompleteToken();
      return (wanted || token.string.trim() !== "") && !/^[?$"'#]/.test(token.string) && valid(editor, token);
    },
    get: (editor, token) => completions(editor, list(), token),
    preProcessToken(editor, token) {
      const { ch } = editor.getDoc().getCursor();
      return token.string.trim() === "" ? { ...token, from: { ch }, to: { ch } } : token;
    },
    postProcessSuggestion: (editor, token, iri) => nameOf(term(iri)),
    postprocessHints: (editor, hints) => hints.map((hint) => ({ ...hint, render: (element) => render(element, hint.text, list()) })),
  };
}

function render(element, text, terms) {
  const term = terms.find((one) => nameOf(one) === text);
  const about = document.createElement("span");
  about.textContent = [labelOf(term), `${term.count} ×`].filter(Boolean).join(" · ");
  element.append(text, about);
  element.title = term.definition[document.documentElement.lang] ?? term.definition.en ?? term.iri;
}

const before = (editor, token) => editor.getPreviousNonWsToken(editor.getDoc().getCursor().line, token);
const CLASSED = ["a", "rdf:type", "rdfs:subClassOf"]; // what a class follows

function isClass(editor, token) {
  const { state, string } = before(editor, token);
  return CLASSED.includes(state.lastProperty) && !/^[.;{}]$/.test(string);
}

/** Return whether a property may stand at the cursor; a word alone, part of a label, leaves the editor's own test at a loss. */
const isProperty = (editor, token) => !isClass(editor, token) && before(editor, token).state.possibleNext.includes("a");

Yasqe.Autocompleters = { variables: Yasqe.Autocompleters.variables }; // the others ask outside hosts, or name their vocabularies
Yasqe.registerAutocompleter(completer("classes", () => vocabulary.classes, isClass));
Yasqe.registerAutocompleter(completer("properties", () => vocabulary.properties, isProperty));
Yasqe.registerAutocompleter({
  name: "prefixes",
  bulk: false,
  autoShow: true,
  isValidCompletionPosition(editor) {
    const { line, ch } = editor.getDoc().getCursor();
    return /^\s*PREFIX\s+[\w-]*$/i.test(editor.getDoc().getLine(line).slice(0, ch));
  },
  get(editor, token) {
    const typed = token.string.trim();
    const found = Object.entries(vocabulary.prefixes).filter(([prefix]) => prefix.startsWith(typed));
    return found.map(([prefix, namespace]) => `${prefix}: <${namespace}>`);
  },
  preProcessToken: (editor, token) => (token.string.trim() === "" ? { ...token, from: { ch: token.end }, to: { ch: token.end } } : token),
});

/** Declare the prefixes that a changed line uses, where they are this site's and the query does not declare them. */
function declare(editor, change) {
  if (change.origin === undefined || /^(undo|redo|setValue)$/.test(change.origin)) return;
  const used = editor.getLineTokens(change.from.line).filter((token) => token.type === "string-2");
  if (/^\s*PREFIX\b/i.test(editor.getDoc().getLine(change.from.line))) return;
  const declared = editor.getPrefixesFromQuery();
  for (const token of used) {
    const prefix = token.string.split(":")[0];
    if (prefix in vocabulary.prefixes && !(prefix in declared)) editor.addPrefixes({ [prefix]: vocabulary.prefixes[prefix] });
  }
}

// ------------------------------------------------------------------ the editor

// Names of the grammar that the editor has, as what one writes there.
const SIGNS = { VAR1: "?name", VAR2: "?name", IRI_REF: "<…>", PNAME_LN: "prefix:name", PNAME_NS: "prefix:name" };

/** Say in words where the query can not be read. The editor's own message brings inline styles, and only to a mouse. */
const check = Yasqe.prototype.checkSyntax;
Yasqe.prototype.checkSyntax = function () {
  check.call(this);
  let said = "";
  this.getDoc().eachLine((line) => {
    const mark = line.gutterMarkers?.gutterErrorBar;
    if (!mark) return;
    const number = this.getDoc().getLineNumber(line);
    const { possibleCurrent: expected = [] } = this.getTokenAt({ line: number, ch: line.text.length }).state;
    mark.onmouseover = mark.onmouseout = null;
    const shown = [...new Set(expected.filter(Boolean).map((sign) => SIGNS[sign] ?? sign))];
    said = `${words.unread} ${number + 1}. ${shown.length ? `${words.expected} ${shown.slice(0, 12).join(" ")}` : ""}`;
    mark.title = said;
  });
  clearTimeout(this.saying);
  this.saying = setTimeout(() => (status.textContent = said), 800); // not at every letter: screen readers speak it
};

const place = document.createElement("div");
const note = Object.assign(document.createElement("p"), { className: "note", id: "about-query", textContent: words.keys });
const status = Object.assign(document.createElement("p"), { className: "note unread", role: "status" });
field.after(place, note, status);

const send = () => form.requestSubmit();
const editor = new Yasqe(place, {
  value: field.value,
  autocompleters: ["variables", "prefixes", "classes", "properties"],
  persistenceId: null,
  consumeShareLink: null,
  createShareableLink: null,
  showQueryButton: false,
  resizeable: false,
  editorHeight: "auto",
  viewportMargin: Infinity,
  screenReaderLabel: label.textContent,
  extraKeys: {
    "Ctrl-Enter": send,
    "Cmd-Enter": send,
    "Ctrl-S": false,
    Tab: false, // the key leaves the field, as it leaves every other
    "Shift-Tab": false,
    Esc: false,
    "Ctrl-Space": () => {
      wanted = true;
      editor.autocomplete();
      wanted = false;
    },
  },
});
editor.on("change", (_, change) => declare(editor, change));
editor.on("autocompletionShown", (_, { hints }) => {
  hints.setAttribute("aria-label", words.completions);
  hints.removeAttribute("aria-expanded"); // not an attribute of a list
});
const input = editor.getInputField();
input.id = "query-editor";
input.setAttribute("aria-describedby", note.id);
label.htmlFor = input.id;
field.hidden = true;
field.required = false; // a field that is not shown can not be pointed at; an empty query is refused with words
form.addEventListener("submit", () => (field.value = editor.getValue()));

vocabulary = await (await fetch(words.terms)).json();
form.dataset.ready = "yes";

// The question before an act. https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object

import { h, show } from "./dom.js";
import { textNodes } from "./mrkdwn.js";

const dialog = document.getElementById("confirm");
const question = document.getElementById("question");

/** Whether the person says yes. Escape is no. */
export function ask(confirm) {
  const yes = h("button", { type: "button", class: `button ${confirm.style ?? "primary"}` },
    confirm.confirm ? textNodes(confirm.confirm) : "Confirm");
  const no = h("button", { type: "button", class: "button" }, confirm.deny ? textNodes(confirm.deny) : "Cancel");
  question.replaceChildren();
  show(question,
    h("h2", { id: "confirm-title" }, textNodes(confirm.title)),
    h("p", { class: "text" }, textNodes(confirm.text)),
    h("div", { class: "foot" }, no, yes));
  return new Promise((resolve) => {
    dialog.returnValue = "";
    yes.addEventListener("click", () => dialog.close("yes"));
    no.addEventListener("click", () => dialog.close("no"));
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    dialog.showModal();
    yes.focus();
  });
}

/** Ask first where the element has a question. */
export async function agreed(node) {
  const confirm = node.closest("[data-action]")?.dataset.confirm;
  return confirm ? ask(JSON.parse(confirm)) : true;
}

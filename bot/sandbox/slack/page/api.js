// The way to the simulated Slack. Every answer is JSON; a refusal becomes an Error with its sentence.

async function answer(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error ?? `The simulated Slack answered ${response.status}.`);
  return body;
}

async function send(address, request) {
  let response;
  try {
    response = await fetch(address, request);
  } catch {
    throw new Error("The simulated Slack does not answer. Is the demo still running?");
  }
  return answer(response);
}

const of = (person, what) => `/client/people/${encodeURIComponent(person)}/${what}`;

/** What does not change while somebody looks. */
export const team = () => send("/client/team");

/** Everything a person sees; of messages, those of one channel. */
export function screen(person, channel) {
  const query = channel ? `?${new URLSearchParams({ channel })}` : "";
  return send(of(person, `screen${query}`));
}

/** One act of a person, by ids. */
export function act(person, verb, given) {
  return send(of(person, verb), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(given),
    keepalive: true,
  });
}

/** Bytes of a file, with the rest in the query: `share` in a channel, `attach` to a field. */
export function give(person, verb, given, file) {
  const query = new URLSearchParams({ ...given, name: file.name });
  return send(of(person, `${verb}?${query}`), { method: "POST", body: file });
}

/** Where a shared file can be had. */
export const fileAddress = (person, file) => of(person, `files/${encodeURIComponent(file)}`);

/** A sample file, as if it had been chosen from a disk. */
export async function sample(name) {
  const response = await fetch(`/client/samples/${encodeURIComponent(name)}`);
  if (!response.ok) throw new Error(`The sample ${name} is not there.`);
  return new File([await response.blob()], name);
}

/** Calls `changed` whenever something in the workspace has; `lost` with whether the line is broken. */
export function listen(person, changed, lost) {
  const stream = new EventSource(of(person, "changes"));
  stream.onmessage = () => changed();
  stream.onopen = () => lost(false);
  stream.onerror = () => lost(true);
  return () => stream.close();
}

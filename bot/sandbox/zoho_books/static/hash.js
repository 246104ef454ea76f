// Zoho Books addresses a record as /app/60001#/bills/460000000026051: on to that record's own page.
const followHash = () => {
  const found = location.hash.match(/^#\/([\w-]+)(?:\/([\w-]+))?/);
  const at = location.pathname.match(/^\/app\/[^/]+/);
  if (found && at) location.replace([at[0], found[1], found[2]].filter(Boolean).join("/"));
};
followHash();
addEventListener("hashchange", followHash);

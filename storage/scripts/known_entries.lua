-- KEYS: lists. ARGV: beginning of the lists' keys, kind, then ids. Gives the current entries of these ids.
local generation = redis.call('HGET', KEYS[1], 'g:' .. ARGV[2])
if not generation or #ARGV < 3 then return {} end
local found = {}
for at = 3, #ARGV do
  local entry = redis.call('HGET', ARGV[1] .. generation .. ':' .. ARGV[2] .. ':entries', ARGV[at])
  if entry then found[#found + 1] = entry end
end
return found
